/// One step of a database's history.
package struct Migration: Sendable {
    /// A number that says its place and a word that says what it brings, such as `0003-summaries`; recorded in the database.
    package let name: String
    /// Its statements. They never change once a version with them was given to anybody.
    package let sql: String

    package init(_ name: String, _ sql: String) {
        self.name = name
        self.sql = sql
    }
}

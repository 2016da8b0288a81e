/// A table in memory or in a file that a query reads, row after row.
package protocol QueriedTable: AnyObject {
    /// Names and declared types (`INTEGER`, `REAL`, `TEXT`), in order.
    var columns: [QueriedColumn] { get }
    /// About how many rows there are.
    var estimatedRowCount: Int { get }
    /// How many different values a column has about, where its rows can be found by value; nil where they cannot.
    func distinctCount(_ column: Int) -> Int?
    /// A new way through the rows.
    func cursor() -> any QueriedCursor
}

/// A column of a queried table.
package struct QueriedColumn: Hashable, Sendable {
    package var name: String
    package var type: String

    package init(name: String, type: String) { (self.name, self.type) = (name, type) }

    /// Names none of which comes twice, whatever the case of its letters: to SQL `A` and `a` are one.
    package static func unique(_ names: [String]) -> [String] {
        var taken: Set<String> = []
        return names.map { name in
            var unique = name, number = 2
            while !taken.insert(unique.lowercased()).inserted {
                unique = "\(name)_\(number)"
                number += 1
            }
            return unique
        }
    }
}

/// A way through a table's rows.
package protocol QueriedCursor: AnyObject {
    /// Goes to the first row, of those where a column has a value when one is given. It may give others too.
    func start(_ wanted: (column: Int, value: DatabaseField)?) throws(StoreError)
    /// Goes to the next row.
    func advance() throws(StoreError)
    var isAtEnd: Bool { get }
    /// The number of the row it stands on, from 0.
    var row: Int { get }
    /// A value of the row it stands on.
    func field(_ column: Int) -> DatabaseField
}

/// Why a query cannot be answered, and where in it.
package struct QueryFault: Error, Hashable {
    package var message: String
    /// Characters before the place at fault; nil where it has none.
    package var place: Int?
    /// Whether nobody wanted to know any more.
    package var isCancelled = false

    package init(_ message: String, at place: Int? = nil) { (self.message, self.place) = (message, place) }
}

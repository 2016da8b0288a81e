/// How a target goes over the parts of something: over the rows of a file in their order, or over the values of a column.
public struct TargetCourse: Sendable, Hashable {
    /// What the parts are of, such as `rows of churn.csv, in their order`.
    public var title: String
    /// A name for each part; empty where a part is so many rows of a file.
    public var parts: [String]
    /// Rows in each part.
    public var counts: [Int]
    /// The target's classes, or what is said of a number.
    public var names: [String]
    /// For each name a value a part: the share of rows of the class, from 0 to 1, or the mean; NaN where the part has no row.
    public var values: [[Double]]

    public init(title: String, parts: [String], counts: [Int], names: [String], values: [[Double]]) {
        self.title = title
        self.parts = parts
        self.counts = counts
        self.names = names
        self.values = values
    }
}

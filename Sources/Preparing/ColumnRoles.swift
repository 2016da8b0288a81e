import Tables

/// What some columns are beside features: steps leave them as they are in the file.
public struct ColumnRoles: Sendable, Hashable {
    /// The column that is predicted; nil = none is.
    public var target: String?
    /// Whether it is taken for classes.
    public var asClasses: Bool
    /// Columns that weigh, group or order the rows.
    public var others: Set<String>
    /// What rows are drawn by.
    public var seed: UInt64

    public init(target: String? = nil, asClasses: Bool = false, others: Set<String> = [], seed: UInt64 = 0) {
        (self.target, self.asClasses, self.others, self.seed) = (target, asClasses, others, seed)
    }

    func holds(_ name: String) -> Bool { name == target || others.contains(name) }

    /// What a column is, in words.
    func words(_ name: String) -> String { name == target ? "the target" : "what rows are weighed, grouped or ordered by" }
}

import Numerics

extension TargetEncoding {
    /// What a regressor's encoded targets are less than the column's numbers: add it to predictions; 0 for classes.
    public var origin: Double {
        if case .numeric(_, let origin?) = self { origin } else { 0 }
    }

    /// Whether what cannot be otherwise is so.
    public var isSound: Bool { origin.isFinite }

    /// The same encoding with the origin that some rows ask for: their median, where single precision would round off too much of
    /// how far apart they lie.
    public func learningOrigin(_ table: Table, rows: [Int]) throws(TableError) -> TargetEncoding {
        guard case .numeric(let name, _) = self, let numbers = try table.column(matching: name).numbers else { return self }
        let present = rows.compactMap { numbers[$0].isFinite ? numbers[$0] : nil }
        guard NumberUnit.losesDigits(present) else { return self }
        return .numeric(column: name, origin: Statistics.median(present))
    }

    /// Whether two encodings ask for the same of the same column; origins follow from the rows that a model was trained on.
    public func predictsSame(as other: TargetEncoding) -> Bool {
        column == other.column && classes == other.classes
    }
}

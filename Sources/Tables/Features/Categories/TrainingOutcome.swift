/// What is known of training rows beside their columns, for encodings that learn from it.
public struct TrainingOutcome: Sendable, Hashable {
    /// The target's column.
    public var name: String
    /// Names of a classifier's classes; nil for a regressor.
    public var classes: [String]?
    /// The target of each training row, as `TargetEncoding.encode` gives it, and what each row counts; nil = all the same.
    public var targets: [Float], weights: [Float]?
    /// Decides which training rows learn from which.
    public var seed: UInt64

    /// - Shape: targets and weights [training rows].
    public init(name: String, classes: [String]?, targets: [Float], weights: [Float]? = nil, seed: UInt64) {
        precondition(weights.map { $0.count == targets.count } ?? true, "weights for other than \(targets.count) rows")
        self.name = name
        self.classes = classes
        self.targets = targets
        self.weights = weights
        self.seed = seed
    }

    func weight(_ position: Int) -> Double { weights.map { Double($0[position]) } ?? 1 }

    /// The part that a training row falls into, by its place among them.
    func fold(ofRow row: Int, of count: Int) -> Int {
        var mixed = (seed ^ UInt64(row) &* 0x9e37_79b9_7f4a_7c15) &+ 0xd1b5_4a32_d192_ed03
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ (mixed >> 31)) % UInt64(count))
    }

    /// A number that the target gives each training row.
    struct TargetColumn {
        let label: String
        /// The number of the row at a position.
        let value: (Int) -> Double
    }

    /// The target itself for a regressor, whether it is the second of two classes, or whether it is each of the most frequent ones.
    func columns(limit: Int) -> [TargetColumn] {
        let targets = targets
        guard let classes else { return [TargetColumn(label: "mean of \(name)") { Double(targets[$0]) }] }
        var counts = [Int](repeating: 0, count: classes.count)
        for target in targets {
            if let index = Int(exactly: target), counts.indices.contains(index) { counts[index] += 1 }
        }
        let most =
            classes.count == 2
            ? [1] : Array(classes.indices.sorted { (counts[$0], $1) > (counts[$1], $0) }.prefix(limit)).sorted()
        return most.map { index in
            let own = Float(index)
            return TargetColumn(label: "share of \(classes[index])") { targets[$0] == own ? 1 : 0 }
        }
    }
}

/// What is known of one column's values, whoever measured it.
public struct FeatureStatistics: Sendable, Hashable {
    public var name: String
    public var type: InferredType
    /// Rows with a value, and rows without one; values that are none of the type are among the latter.
    public var present: Int, missing: Int
    /// Values that are none of the type.
    public var misfits: Int
    /// One of them.
    public var misfit: String?
    /// Of `integral` and `fractional` columns.
    public var numbers: NumberStatistics?
    /// Of `string` columns.
    public var texts: TextStatistics?

    public init(name: String, type: InferredType, present: Int, missing: Int, misfits: Int = 0, misfit: String? = nil) {
        (self.name, self.type, self.present, self.missing) = (name, type, present, missing)
        (self.misfits, self.misfit) = (misfits, misfit)
    }

    public var rowCount: Int { present + missing }
    /// The share of rows that have something, be it of the type or not; 1 without rows.
    public var completeness: Double { rowCount == 0 ? 1 : Double(present + misfits) / Double(rowCount) }
    /// The share of values that are of the type; 1 without values.
    public var typeMatch: Double { present + misfits == 0 ? 1 : Double(present) / Double(present + misfits) }
}

/// Figures of numbers.
public struct NumberStatistics: Sendable, Hashable {
    public var mean: Double, sum: Double
    /// Of a population (divisor n), as Deequ has it.
    public var deviation: Double
    public var minimum: Double, maximum: Double
    public var buckets: [Bucket]
    public var sketch: QuantileSketch

    /// Values from a bound on; the upper bound belongs to the last bucket alone.
    public struct Bucket: Sendable, Hashable {
        public var lower: Double, upper: Double
        public var count: Int
    }
}

/// Texts by how often they are there.
public struct TextStatistics: Sendable, Hashable {
    /// Most frequent first, of equally frequent ones by their texts; at most `mostKept`.
    public var counts: [ValueCount]
    /// All distinct texts, those beyond `counts` too, and rows with these.
    public var distinct: Int, others: Int
    /// Texts that are there once.
    public var singletons: Int

    public struct ValueCount: Sendable, Hashable {
        public var value: String
        public var count: Int
    }

    /// Beyond these, texts are counted together.
    public static let mostKept = 1000

    /// - Parameter counts: rows by text, in any order; each with at least one row.
    public init(_ counts: [String: Int]) {
        let sorted = counts.map { ValueCount(value: $0.key, count: $0.value) }.sorted {
            $0.count == $1.count ? $0.value < $1.value : $0.count > $1.count
        }
        // Where texts are so many, those that are there once are names of their rows, and another file has others.
        self.counts = sorted.count > Self.mostKept ? sorted.prefix(Self.mostKept).filter { $0.count > 1 } : sorted
        distinct = sorted.count
        others = sorted.dropFirst(self.counts.count).reduce(0) { $0 + $1.count }
        singletons = sorted.count { $0.count == 1 }
    }

    /// What another tool counted.
    public init(counts: [ValueCount], distinct: Int, others: Int) {
        (self.counts, self.distinct, self.others) = (counts, distinct, others)
        singletons = counts.count { $0.count == 1 } + max(0, distinct - counts.count)
    }

    /// Two columns' texts with the same ones counted together: what one side tells nothing of by itself is among the others on both.
    static func alike(_ first: TextStatistics, _ second: TextStatistics) -> (TextStatistics, TextStatistics) {
        (first.folded(by: second), second.folded(by: first))
    }

    private func folded(by other: TextStatistics) -> TextStatistics {
        guard other.others > 0 else { return self }
        let known = Set(other.counts.map(\.value)), kept = counts.filter { known.contains($0.value) }
        let moved = counts.reduce(0) { $0 + $1.count } - kept.reduce(0) { $0 + $1.count }
        var folded = TextStatistics(counts: kept, distinct: distinct, others: others + moved)
        folded.singletons = singletons
        return folded
    }
}

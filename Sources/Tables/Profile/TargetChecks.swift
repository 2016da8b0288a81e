import CheckedNumbers
import Numerics

/// What may be wrong between a table and the column to predict.
struct TargetChecks {
    private let target: Column
    private let isClassifier: Bool
    private let labels: Labels

    init(_ summaries: [ColumnSummary], target: Column) {
        self.target = target
        let distinct = summaries.first { $0.name == target.name }?.distinct ?? 0
        isClassifier = TargetEncoding.readsAsClasses(target, distinct: distinct)
        labels = isClassifier ? Labels(target) : Labels(Column(name: "", kind: .numeric, storage: .numbers([])))
    }

    func warnings() -> [TableWarning] {
        [order(), imbalance()].compactMap { $0 }
    }

    /// How strongly neighbouring rows share the target: a standard score above 4 is no accident.
    ///
    /// - Source: for classes, agreements of neighbours against their expectation under a random order (join counts); for
    ///   numbers, the autocorrelation of lag 1 times √n.
    private func order() -> TableWarning? {
        if isClassifier {
            let z = NeighbourAgreement.classScore(labels.present, classCount: labels.count)
            guard z > 4 else { return nil }
            return TableWarning(
                .orderedByTarget, column: target.name,
                "the rows are ordered by \(target.name) (z = \(Int(roundedDownWithin: z)) > 4): shuffle, or a model sees one class at a time"
            )
        }
        let present = (target.numbers ?? []).filter(\.isFinite)
        let z = NeighbourAgreement.numberScore(present)
        guard z > 4 else { return nil }
        return TableWarning(
            .orderedByTarget, column: target.name,
            "neighbouring rows have similar \(target.name) (z = \(Int(roundedDownWithin: z)) > 4): shuffle; if the rows are a time series, validate on the last ones (--validation-order file)"
        )
    }

    private func imbalance() -> TableWarning? {
        guard isClassifier else { return nil }
        var counts = [Int](repeating: 0, count: labels.count)
        for label in labels.present { counts[Int(label)] += 1 }
        counts = counts.filter { $0 > 0 }
        guard counts.count >= 2, let most = counts.max(), let least = counts.min(), most >= least * 10 else { return nil }
        return TableWarning(
            .imbalance, column: target.name,
            "the classes of \(target.name) are uneven: \(most) rows in the largest, \(least) in the smallest; watch f1, not accuracy"
        )
    }
}

/// Whether neighbours are alike more often than a random order would make them.
public enum NeighbourAgreement {
    /// Standard score of the number of neighbours with equal labels; 0 with fewer than three rows or one class.
    ///
    /// - Source: agreements ~ p = Σ n_k (n_k - 1) / (n (n - 1)); z = (agreements - (n-1) p) / √((n-1) p (1-p)).
    public static func classScore(_ labels: [Int32], classCount: Int) -> Double {
        let count = Double(labels.count)
        guard count >= 3 else { return 0 }
        var sizes = [Double](repeating: 0, count: classCount)
        for label in labels { sizes[Int(label)] += 1 }
        let probability = sizes.reduce(0) { $0 + $1 * ($1 - 1) } / (count * (count - 1))
        let spread = ((count - 1) * probability * (1 - probability)).squareRoot()
        guard spread > 0 else { return 0 }
        let agreements = zip(labels, labels.dropFirst()).reduce(0.0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
        return (agreements - (count - 1) * probability) / spread
    }

    /// Autocorrelation of lag 1 times √n; 0 with fewer than three rows or equal values.
    public static func numberScore(_ values: [Double]) -> Double {
        guard values.count >= 3 else { return 0 }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        guard squares > 0 else { return 0 }
        let products = zip(values, values.dropFirst()).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
        return products / squares * Double(values.count).squareRoot()
    }
}

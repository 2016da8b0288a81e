import CheckedNumbers

/// How often each class was taken for each, and what follows from it.
public struct ConfusionMatrix: Sendable, Hashable, Codable {
    /// How classes' values become one.
    public enum Average: Sendable, Hashable {
        /// Each class that occurs or was predicted counts the same.
        case macro
        /// Each class counts as often as it occurs.
        case weighted
    }

    /// Classes.
    public let classCount: Int
    /// Total weight of rows by expected class, then by predicted class. - Shape: [classCount, classCount].
    public private(set) var counts: [Double]

    /// Counts rows.
    ///
    /// - Shape: expected [n] of class indices, predicted [n], weights [n].
    public init(expected: [Float], predicted: [Int], classCount: Int, weights: [Float]? = nil) {
        precondition(expected.count == predicted.count, "\(expected.count) targets, \(predicted.count) predictions")
        self.classCount = classCount
        counts = [Double](repeating: 0, count: classCount * classCount)
        for row in expected.indices {
            counts[Int(nearestWithin: expected[row]) * classCount + predicted[row]] += WeightedRows.weight(row, weights)
        }
    }

    /// Takes in the counts of other rows of the same classes.
    public mutating func add(_ other: ConfusionMatrix) {
        precondition(other.classCount == classCount, "\(other.classCount) classes beside \(classCount)")
        for index in counts.indices { counts[index] += other.counts[index] }
    }

    /// Weight of the rows of a class, by what they are and by what they were taken for.
    private func occurred(_ index: Int) -> Double { (0..<classCount).reduce(0) { $0 + counts[index * classCount + $1] } }
    private func chosen(_ index: Int) -> Double { (0..<classCount).reduce(0) { $0 + counts[$1 * classCount + index] } }
    private func hits(_ index: Int) -> Double { counts[index * classCount + index] }
    private var total: Double { counts.reduce(0, +) }

    /// Share of rows that are right: also the micro average of precision, recall and F1.
    public var accuracy: Double { (0..<classCount).reduce(0) { $0 + hits($1) } / total }

    /// Of the rows taken for each class, the share that is of it; 0 when none was.
    public var precisions: [Double] { (0..<classCount).map { WeightedRows.share(hits($0), chosen($0)) } }

    /// Of the rows of each class, the share that was found; 0 when there is none.
    public var recalls: [Double] { (0..<classCount).map { WeightedRows.share(hits($0), occurred($0)) } }

    /// F-beta of each class; 0 when undefined.
    public func fScores(beta: Double) -> [Double] {
        let square = beta * beta
        return (0..<classCount).map { WeightedRows.share((1 + square) * hits($0), square * occurred($0) + chosen($0)) }
    }

    /// One value from one for each class.
    public func mean(_ values: [Double], _ average: Average) -> Double {
        switch average {
        case .macro:
            let used = (0..<classCount).filter { occurred($0) + chosen($0) > 0 }
            return used.isEmpty ? .nan : used.reduce(0) { $0 + values[$1] } / Double(used.count)
        case .weighted: return (0..<classCount).reduce(0) { $0 + occurred($1) * values[$1] } / total
        }
    }

    /// Mean recall of the classes that occur.
    public var balancedAccuracy: Double {
        let used = (0..<classCount).filter { occurred($0) > 0 }, recalls = recalls
        return used.isEmpty ? .nan : used.reduce(0) { $0 + recalls[$1] } / Double(used.count)
    }

    /// Matthews' correlation coefficient; 0 when one class takes all.
    ///
    /// - Source: Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient" (2004).
    public var matthewsCorrelation: Double {
        let all = total, right = (0..<classCount).reduce(0) { $0 + hits($1) }
        var products = 0.0, chosenSquares = 0.0, occurredSquares = 0.0
        for index in 0..<classCount {
            products += chosen(index) * occurred(index)
            chosenSquares += chosen(index) * chosen(index)
            occurredSquares += occurred(index) * occurred(index)
        }
        let spread = ((all * all - chosenSquares) * (all * all - occurredSquares)).squareRoot()
        return WeightedRows.share(right * all - products, spread)
    }
}

import Glibc
import Numerics

/// Categories as what their rows' targets are on average, drawn towards the average of all, and as how many rows they have.
///
/// A training row's own target must not stand in its features, or a learner would read it there: `outOfFold` gives training rows the
/// mean over other rows. Other rows get the mean over all training rows; values that training did not have the average of all.
///
/// - Source: Micci-Barreca, "A preprocessing scheme for high-cardinality categorical attributes" (2001), with the m-estimate
///   (Σ y + m ȳ) / (n + m), as scikit-learn's `TargetEncoder(smooth=m)`. m is the variance within categories over that between them,
///   the best for normal ones (empirical Bayes), by the moments of a one-way analysis of variance.
package struct CategoryMeans: Sendable, Hashable, Codable {
    package let slots: CategorySlots
    /// What the means are of, such as `mean of price` or `share of yes`.
    package let labels: [String]
    /// - Shape: [slots.count, labels.count].
    package let means: [Float]
    /// Training rows of each place.
    package let counts: [Int]
    /// Rows that the average of all counts for, for each label.
    package let smoothing: [Double]

    /// m where no category has two rows that could tell, and its bounds.
    private static let usualSmoothing = 10.0, smoothingRange = 0.1...1000.0
    /// Classes whose shares are told apart: those with the most rows.
    package static let classLimit = 10
    /// Parts of the training rows, each of which gets its means from the others.
    package static let foldCount = 5

    var width: Int { labels.count + 1 }

    func featureNames(_ column: String) -> [String] { (labels + ["log count"]).map { "\(column) (\($0))" } }

    /// Learns the means on training rows.
    ///
    /// - Parameters:
    ///   - smoothing: rows that the average of all counts for; nil = as many as suit the data.
    ///   - classLimit: classes whose shares are told apart.
    package init(
        _ column: Column, _ slots: CategorySlots, rows: [Int], _ outcome: TrainingOutcome, smoothing given: Double? = nil,
        classLimit: Int = Self.classLimit
    ) {
        let slot = slots.ofRow(column), targets = outcome.columns(limit: classLimit)
        var sums = Sums(slots.count, targets.count), counts = [Int](repeating: 0, count: slots.count)
        for (position, row) in rows.enumerated() {
            sums.add(slot(row), targets, position, weight: outcome.weight(position))
            counts[slot(row)] += 1
        }
        self.slots = slots
        labels = targets.map(\.label)
        self.counts = counts
        let smoothing = targets.indices.map { given ?? sums.smoothing($0, rowCount: rows.count) }
        self.smoothing = smoothing
        means = (0..<slots.count).flatMap { slot in
            targets.indices.map { Float(sums.mean(slot, $0, smoothing: smoothing[$0])) }
        }
    }

    /// Writes the features of some rows. Position p begins at `p * stride + offset` of `target`.
    func write(
        _ column: Column, rows: [Int]?, positions: Range<Int>, into target: UnsafeMutableBufferPointer<Float>, offset: Int,
        stride: Int
    ) {
        let slot = slots.ofRow(column), logCounts = counts.map { Float(log1p(Double($0))) }
        for position in positions {
            let place = slot(rows?[position] ?? position), start = position * stride + offset
            for index in labels.indices { target[start + index] = means[place * labels.count + index] }
            target[start + labels.count] = logCounts[place]
        }
    }

    /// The means of all rows of a column.
    ///
    /// - Shape: [column.rowCount, labels.count].
    package func values(_ column: Column) -> [Float] {
        let slot = slots.ofRow(column), width = labels.count
        var values: [Float] = []
        values.reserveCapacity(column.rowCount * width)
        for row in 0..<column.rowCount {
            let start = slot(row) * width
            for index in start..<start + width { values.append(means[index]) }
        }
        return values
    }

    /// The means for training rows, each over the rows of the other folds.
    ///
    /// - Shape: [rows.count, labels.count].
    package func outOfFold(_ column: Column, rows: [Int], _ outcome: TrainingOutcome) -> [Float] {
        let slot = slots.ofRow(column), targets = outcome.columns(limit: labels.count)
        precondition(targets.count == labels.count, "\(targets.count) targets for \(labels.count) means")
        var all = Sums(slots.count, targets.count)
        var folds = [Sums](repeating: all, count: Self.foldCount)
        let fold = Self.places(rows).map { outcome.fold(ofRow: $0, of: Self.foldCount) }
        for (position, row) in rows.enumerated() {
            all.add(slot(row), targets, position, weight: outcome.weight(position))
            folds[fold[position]].add(slot(row), targets, position, weight: outcome.weight(position))
        }
        return rows.indices.flatMap { position in
            let place = slot(rows[position])
            return targets.indices.map { Float(all.mean(place, $0, without: folds[fold[position]], smoothing: smoothing[$0])) }
        }
    }

    /// The places of training rows among them, so that rows of weight 0 are as if they were not there. A row that is drawn several times
    /// has one: in other folds its copies would tell it its own target.
    private static func places(_ rows: [Int]) -> [Int] {
        if zip(rows, rows.dropFirst()).allSatisfy({ $0 < $1 }) { return Array(rows.indices) }
        var places: [Int: Int] = [:]
        return rows.map { row in
            let place = places[row] ?? places.count
            places[row] = place
            return place
        }
    }

    /// Summed weights and targets, by place and in all.
    private struct Sums {
        private var weights: [Double], targets: [Double]
        private var allWeights = 0.0, allTargets: [Double], squares: [Double]

        init(_ slotCount: Int, _ targetCount: Int) {
            weights = [Double](repeating: 0, count: slotCount)
            targets = [Double](repeating: 0, count: slotCount * targetCount)
            allTargets = [Double](repeating: 0, count: targetCount)
            squares = allTargets
        }

        mutating func add(_ slot: Int, _ columns: [TrainingOutcome.TargetColumn], _ position: Int, weight: Double) {
            weights[slot] += weight
            allWeights += weight
            for (index, column) in columns.enumerated() {
                let value = column.value(position)
                targets[slot * columns.count + index] += weight * value
                allTargets[index] += weight * value
                squares[index] += weight * value * value
            }
        }

        /// The mean of a place, drawn towards the average.
        func mean(_ slot: Int, _ index: Int, without part: Sums? = nil, smoothing: Double) -> Double {
            let place = slot * allTargets.count + index
            let left = allWeights - (part?.allWeights ?? 0)
            // All rows in one fold: there is nothing else to go by.
            let average = left > 0 ? (allTargets[index] - (part?.allTargets[index] ?? 0)) / left : 0
            let count = weights[slot] - (part?.weights[slot] ?? 0), sum = targets[place] - (part?.targets[place] ?? 0)
            return (sum + smoothing * average) / (count + smoothing)
        }

        /// The variance within places over that between them.
        func smoothing(_ index: Int, rowCount: Int) -> Double {
            let sums = weights.indices.map { targets[$0 * allTargets.count + index] }
            guard let variances = GroupVariances(weights: weights, sums: sums, squares: squares[index], rowCount: rowCount) else {
                return usualSmoothing
            }
            return variances.smoothing(in: smoothingRange) / variances.unit
        }
    }

    /// What cannot be true of means that were learned; nil = all can.
    package var fault: String? {
        if let fault = slots.fault { return fault }
        guard !labels.isEmpty, labels.count <= TargetEncoding.classLimit, counts.count == slots.count,
            means.count == slots.count * labels.count, smoothing.count == labels.count
        else {
            return "has \(means.count) means and \(counts.count) counts for \(slots.count) categories"
        }
        return means.allSatisfy(\.isFinite) && smoothing.allSatisfy { $0.isFinite && $0 >= 0 } && counts.allSatisfy { $0 >= 0 }
            ? nil : "has means or counts that are no numbers"
    }
}

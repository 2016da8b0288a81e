import CheckedNumbers
import Events
import Learners

extension ModelInsights {
    /// Points that a curve or a scatter plot has at most.
    private static let pointLimit = 200, scatterLimit = 400
    private static let hardestCount = 10, calibrationBins = 10, residualBins = 24

    /// What predictions of rows that a model did not learn from say about it.
    ///
    /// - Parameters:
    ///   - classes: their names in order; empty for a regressor.
    ///   - model: its name.
    public init(_ held: HeldOutPredictions, task: LearningTask, classes: [String], target: String, model: String) {
        let measures = SelectionObjective.metrics(task).map { name -> Measure in
            let worth = held.worth(SelectionObjective(metric: name, task: task, classCount: classes.count))
            return Measure(name, worth.value, spread: worth.spread)
        }
        self.init(
            model: model, target: target, rowCount: held.rows.count, foldCount: Set(held.folds).count,
            measures: measures.filter(\.value.isFinite))
        self.classes = classes
        if classes.isEmpty { describeErrors(held) } else { describeClasses(held) }
    }

    // MARK: - Classes

    private mutating func describeClasses(_ held: HeldOutPredictions) {
        let count = classes.count, width = count > 2 ? count : 1
        let expected = held.expected.map { Int(nearestWithin: $0) }
        func probability(_ row: Int, _ index: Int) -> Double {
            if width > 1 { return held.predicted[row * width + index] }
            return index == 1 ? held.predicted[row] : 1 - held.predicted[row]
        }
        let taken = expected.indices.map { row -> Int in
            if width == 1 { return held.predicted[row] >= 0.5 ? 1 : 0 }
            var best = 0
            for index in 1..<count where probability(row, index) > probability(row, best) { best = index }
            return best
        }
        let matrix = ConfusionMatrix(expected: held.expected.map(Float.init), predicted: taken, classCount: count)
        if count <= ModelEvaluation.keptClassLimit {
            confusion = (0..<count).map { row in (0..<count).map { Int(nearestWithin: matrix.counts[row * count + $0]) } }
        }
        let precisions = matrix.precisions, recalls = matrix.recalls, f1 = matrix.fScores(beta: 1)
        var supports = [Int](repeating: 0, count: count)
        for index in expected { supports[index] += 1 }
        scores = classes.indices.map { place in
            .init(
                name: classes[place], precision: precisions[place], recall: recalls[place], f1: f1[place],
                support: Double(supports[place]))
        }
        let shown =
            width == 1
            ? [1] : supports.indices.sorted { (supports[$1], $0) < (supports[$0], $1) }.prefix(Self.curveLimit).sorted()
        curves = shown.compactMap { index in
            Self.curves(
                classes[index], expected.map { $0 == index ? 1 : 0 }, expected.indices.map { Float(probability($0, index)) })
        }
        let misses = expected.indices.map { 1 - probability($0, expected[$0]) }
        hardest = Self.hardest(misses).map { row in
            HardRow(
                record: held.rows[row], expected: classes[expected[row]], predicted: classes[taken[row]], miss: misses[row])
        }
    }

    /// nil where all rows are of the class, or none is.
    ///
    /// - Shape: expected [n] of 0 and 1, scores [n].
    private static func curves(_ name: String, _ expected: [Float], _ scores: [Float]) -> ClassCurves? {
        let ranked = RankedScores(expected: expected, scores: scores)
        guard ranked.positives > 0, ranked.negatives > 0 else { return nil }
        var curves = ClassCurves(name: name)
        curves.roc = thinned(ranked.rocCurve.map { Point($0.x, $0.y) })
        curves.precisionRecall = thinned(ranked.precisionRecallCurve.map { Point($0.x, $0.y) })
        let total = ranked.positives + ranked.negatives
        let gain = zip(ranked.truePositives, ranked.falsePositives).map { Point(($0 + $1) / total, $0 / ranked.positives) }
        curves.gain = thinned([Point(0, 0)] + gain)
        curves.lift = thinned(gain.map { Point($0.x, $0.y / $0.x) })
        curves.calibration = CalibrationBin.bins(expected: expected, probabilities: scores, count: calibrationBins).map {
            Point($0.meanProbability, $0.positiveShare)
        }
        curves.rocArea = ranked.rocAUC
        curves.averagePrecision = ranked.averagePrecision
        curves.brier =
            zip(expected, scores).reduce(0) { sum, row in
                let error = Double(row.1) - Double(row.0)
                return sum + error * error
            } / Double(expected.count)
        return curves
    }

    /// As many points as are seen, the ends among them.
    private static func thinned(_ points: [Point]) -> [Point] {
        guard points.count > pointLimit else { return points }
        return (0..<pointLimit).map { points[$0 * (points.count - 1) / (pointLimit - 1)] }
    }

    /// Rows with the largest misses, by their places; of equal ones the first.
    private static func hardest(_ misses: [Double]) -> [Int] {
        Array(misses.indices.sorted { (misses[$1], $0) < (misses[$0], $1) }.prefix(hardestCount))
    }

    // MARK: - Numbers

    private mutating func describeErrors(_ held: HeldOutPredictions) {
        let errors = zip(held.expected, held.predicted).map { $0 - $1 }, count = Double(max(1, errors.count))
        guard let least = errors.min(), let most = errors.max() else { return }
        var found = Residuals()
        (found.least, found.most) = (least, most)
        found.mean = errors.reduce(0, +) / count
        let squares = errors.reduce(0) { $0 + ($1 - found.mean) * ($1 - found.mean) }
        found.deviation = errors.count > 1 ? (squares / (count - 1)).squareRoot() : 0
        found.outliers = errors.count { abs($0 - found.mean) > 3 * found.deviation }
        found.counts = [Int](repeating: 0, count: Self.residualBins)
        for error in errors {
            let share = most > least ? (error - least) / (most - least) : 0
            found.counts[min(Self.residualBins - 1, Int(roundedDownWithin: share * Double(Self.residualBins)))] += 1
        }
        for row in stride(from: 0, to: errors.count, by: max(1, (errors.count + Self.scatterLimit - 1) / Self.scatterLimit)) {
            found.actual.append(Point(held.predicted[row], held.expected[row]))
            found.points.append(Point(held.predicted[row], errors[row]))
        }
        residuals = found
        let misses = errors.map(abs)
        hardest = Self.hardest(misses).map { row in
            HardRow(
                record: held.rows[row], expected: "\(Float(held.expected[row]))", predicted: "\(Float(held.predicted[row]))",
                miss: misses[row])
        }
    }
}

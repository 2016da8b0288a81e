import CheckedNumbers
import Events
import Glibc
import Learners
import Numerics
import Tables

/// Asks a trained XGBoost model for all that a report of it tells.
///
/// - Source: the sections of SageMaker Debugger's XGBoost report.
package enum TreeReporting {
    private static let hardestCount = 10, roundsShown = 12, labelBins = 10, mostClasses = 50

    /// - Throws: `badRequest` where the run is none of XGBoost's, or its rows cannot be had again; `badData`.
    package static func report(of candidate: HeldOutComparing.Candidate) throws(TrainingError) -> TreeReport {
        let judged = try HeldOutComparing.judged(candidate)
        guard let trees = judged.model.learned as? XGBoostModel else {
            throw TrainingError(
                .badRequest, "\(candidate.record.name) is a run of \(candidate.record.algorithm): the report is of XGBoost's",
                operation: "report")
        }
        do {
            let features = try judged.model.features(judged.table, rows: judged.rows)
            let outcome = try ModelOutcome(judged.model, features, judged.expected, judged.target)
            let losses = losses(outcome)
            var report = TreeReport(
                rowCount: judged.rows.count, roundCount: trees.roundCount, target: judged.target.column,
                losses: TreeReport.Distribution(losses))
            report.lossName = outcome.isClassifier ? "log loss" : "squared error"
            if outcome.isClassifier { describeClasses(outcome, judged, &report) } else { describeErrors(outcome, &report) }
            report.courses = try courses(trees, features, judged)
            report.importance = try importance(judged.model, trees)
            describeHardest(losses, outcome, judged, &report)
            return report
        } catch let error as TrainingError { throw error } catch {
            throw TrainingError(.badData, "\(error)", operation: "report")
        }
    }

    /// What each row adds to the loss.
    private static func losses(_ outcome: ModelOutcome) -> [Double] {
        guard outcome.isClassifier else {
            return outcome.expected.indices.map { row in
                let error = Double(outcome.values[row]) - Double(outcome.expected[row])
                return error * error
            }
        }
        return outcome.expected.indices.map { row in
            let expected = Int(nearestWithin: outcome.expected[row])
            // Where the objective gives no probabilities, a row is right or wrong.
            guard outcome.hasProbabilities else { return outcome.classes[row] == expected ? 0 : 1 }
            return -log(max(Double(Float.ulpOfOne), outcome.probability(row, of: expected)))
        }
    }

    private static func describeClasses(_ outcome: ModelOutcome, _ judged: HeldOutComparing.Judged, _ report: inout TreeReport) {
        let classes = judged.target.classes ?? [], count = classes.count
        let matrix = ConfusionMatrix(expected: outcome.expected, predicted: outcome.classes, classCount: count)
        report.classes = classes
        if count <= mostClasses {
            report.confusion = (0..<count).map { row in (0..<count).map { Int(nearestWithin: matrix.counts[row * count + $0]) } }
        }
        let precisions = matrix.precisions, recalls = matrix.recalls, f1 = matrix.fScores(beta: 1)
        report.scores = classes.enumerated().map { place, name in
            let support = matrix.counts[place * count..<(place + 1) * count].reduce(0, +)
            return .init(name: name, precision: precisions[place], recall: recalls[place], f1: f1[place], support: support)
        }
        let accuracy = matrix.accuracy
        report.averages = [.init(name: "micro", precision: accuracy, recall: accuracy, f1: accuracy)]
        for (name, average) in [("macro", ConfusionMatrix.Average.macro), ("weighted", .weighted)] {
            report.averages.append(
                .init(
                    name: name, precision: matrix.mean(precisions, average), recall: matrix.mean(recalls, average),
                    f1: matrix.mean(f1, average)))
        }
        guard outcome.width == 1 else { return }
        let ranked = RankedScores(expected: outcome.expected, scores: outcome.values)
        guard ranked.positives > 0, ranked.negatives > 0 else { return }
        report.area = ranked.rocAUC
        let points = zip(ranked.falsePositives, ranked.truePositives).map {
            TreeReport.Point(x: $0 / ranked.negatives, y: $1 / ranked.positives)
        }
        let step = max(1, points.count / 400)
        report.roc =
            [.init(x: 0, y: 0)] + stride(from: 0, to: points.count, by: step).map { points[$0] } + [.init(x: 1, y: 1)]
    }

    private static func describeErrors(_ outcome: ModelOutcome, _ report: inout TreeReport) {
        report.labels = TreeReport.Distribution(outcome.expected.map { Double($0) + outcome.origin })
        let residuals = outcome.expected.indices.map { Double(outcome.expected[$0]) - Double(outcome.values[$0]) }
        report.residuals = TreeReport.Distribution(residuals)
        let count = Double(max(1, residuals.count))
        report.residualMean = residuals.reduce(0, +) / count
        let squares = residuals.reduce(0) { $0 + ($1 - report.residualMean) * ($1 - report.residualMean) }
        report.residualDeviation = (squares / count).squareRoot()
    }

    /// What becomes of each class, or of each tenth of the target, over the rounds.
    private static func courses(
        _ trees: XGBoostModel, _ features: Matrix, _ judged: HeldOutComparing.Judged
    ) throws -> [TreeReport.Course] {
        let count = trees.roundCount
        let rounds = Array(Set((1...roundsShown).map { max(1, $0 * count / roundsShown) })).sorted()
        let groups = groups(judged)
        var courses = groups.map { TreeReport.Course(group: $0.group, points: []) }
        for round in rounds where round <= count {
            let scores = try trees.predictScores(features, rounds: round)
            let quality = quality(scores, trees, judged)
            for (place, group) in groups.enumerated() {
                let sum = group.rows.reduce(0.0) { $0 + quality[$1] }
                courses[place].points.append((round, sum / Double(group.rows.count)))
            }
        }
        return courses
    }

    /// Rows by class, or by tenths of the range of the target; of those that have any.
    private static func groups(_ judged: HeldOutComparing.Judged) -> [(group: TreeReport.Group, rows: [Int])] {
        let expected = judged.expected.map(Double.init)
        var groups: [(group: TreeReport.Group, rows: [Int])]
        let place: (Double) -> Int
        if let classes = judged.target.classes {
            groups = classes.map { (.name($0), []) }
            place = { Int(nearestWithin: $0) }
        } else {
            let low = expected.min() ?? 0, width = max((expected.max() ?? 0) - low, .leastNormalMagnitude)
            groups = (0..<labelBins).map { bin in
                let from = low + judged.target.origin + width * Double(bin) / Double(labelBins)
                let to = low + judged.target.origin + width * Double(bin + 1) / Double(labelBins)
                return (.range(from...max(from, to)), [])
            }
            place = { min(labelBins - 1, Int(roundedDownWithin: ($0 - low) / width * Double(labelBins))) }
        }
        for (row, value) in expected.enumerated() where groups.indices.contains(place(value)) {
            groups[place(value)].rows.append(row)
        }
        return groups.filter { !$0.rows.isEmpty }
    }

    /// Of each row whether it is right, or how far off the prediction is.
    private static func quality(_ scores: Matrix, _ trees: XGBoostModel, _ judged: HeldOutComparing.Judged) -> [Double] {
        let width = scores.columnCount, values = scores.elements
        let shift = (judged.model.target?.origin ?? 0) - judged.target.origin
        return judged.expected.indices.map { row in
            if trees.task == .regressor {
                return abs(Double(values[row]) + shift - Double(judged.expected[row]))
            }
            let expected = Int(nearestWithin: judged.expected[row])
            if width == 1 {
                let isYes =
                    trees.givesProbabilities
                    ? 1 / (1 + exp(-Double(values[row]))) >= Double(trees.threshold) : values[row] >= trees.threshold
                return isYes == (expected == 1) ? 1 : 0
            }
            let own = values[row * width..<(row + 1) * width]
            let best = own.indices.max { own[$0] < own[$1] }.map { $0 - own.startIndex }
            return best == expected ? 1 : 0
        }
    }

    private static func importance(_ model: Model, _ trees: XGBoostModel) throws -> [TreeReport.Importance] {
        let names = model.stepNames ?? model.pipeline.featureNames
        // A linear booster has coefficients only.
        let kinds: [XGBoostModel.Importance] = trees.document.contains("\"gblinear\"") ? [.weight] : [.gain, .weight, .cover]
        return try kinds.map { kind in
            let values = zip(names, try trees.importance(kind)).map { (name: $0, value: Double($1)) }.filter { $0.value != 0 }
            return TreeReport.Importance(kind: kind.rawValue, features: values.sorted { abs($0.value) > abs($1.value) })
        }
    }

    private static func describeHardest(
        _ losses: [Double], _ outcome: ModelOutcome, _ judged: HeldOutComparing.Judged, _ report: inout TreeReport
    ) {
        let order = losses.indices.sorted { losses[$0] > losses[$1] }
        let total = losses.reduce(0, +), tenth = order.prefix(max(1, order.count / 10))
        report.hardestShare = total > 0 ? tenth.reduce(0) { $0 + losses[$1] } / total : 0
        report.hardest = order.prefix(hardestCount).map { row in
            let expected = outcome.expected[row]
            guard outcome.isClassifier else {
                return .init(
                    record: judged.rows[row] + 1, expected: .number(Double(expected) + outcome.origin),
                    predicted: .number(Double(outcome.values[row]) + outcome.origin), loss: losses[row])
            }
            return .init(
                record: judged.rows[row] + 1, expected: .name(report.classes[Int(nearestWithin: expected)]),
                predicted: .name(report.classes[outcome.classes[row]]), loss: losses[row])
        }
    }
}

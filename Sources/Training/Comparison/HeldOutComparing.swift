import CheckedNumbers
import Events
import Glibc
import Learners
import Numerics
import Tables

/// Runs models on rows that none of them was trained on.
package enum HeldOutComparing {
    /// A run and where its model lies.
    package struct Candidate {
        var record: RunRecord
        var folder: String

        package init(record: RunRecord, folder: String) {
            self.record = record
            self.folder = folder
        }
    }

    private static let fewest = 20

    /// Predicts the held-out rows that the runs share, measures, and draws the rows again to see how sure that is. A run that
    /// cannot be asked is left out, with the reason.
    /// - Throws: `badRequest` and `badData` with why fewer than two runs can be compared row by row.
    package static func compare(_ candidates: [Candidate]) throws(TrainingError) -> HeldOutComparison {
        var shared = SharedRows()
        var asked: [(place: Int, model: Model)] = [], leftOut: [HeldOutComparison.LeftOut] = []
        let scripts = candidates.filter(\.record.request.isScript).map(\.record.name)
        for (place, candidate) in candidates.enumerated() {
            do throws(TrainingError) {
                if candidate.record.request.isScript { throw refusal(Self.reason(scripts)) }
                let model = try model(of: candidate)
                try shared.add(candidate.record, model)
                asked.append((place, model))
            } catch { leftOut.append(HeldOutComparison.LeftOut(place: place, reason: error.message)) }
        }
        guard asked.count > 1, let table = shared.table, let target = shared.target else {
            throw refusal(HeldOutComparison.LeftOut.reasons(leftOut).joined(separator: "; "))
        }
        let rows = shared.rows.sorted(), outcomes: [ModelOutcome]
        do {
            let expected = try target.encode(table, rows: rows)
            outcomes = try asked.map { try ModelOutcome($0.model, try $0.model.features(table, rows: rows), expected, target) }
        } catch { throw TrainingError(.badData, "\(error)", operation: "compare") }
        var result = HeldOutComparison(
            rowCount: rows.count, classes: target.classes ?? [], measures: RowResampling.measures(outcomes),
            places: asked.map(\.place), leftOut: leftOut)
        result.describe(outcomes)
        result.disagreements = RowDisagreement.strongest(outcomes, table, rows, target)
        return result
    }

    /// Compares models on rows that none of them learned from, as runs are compared on those that they held out.
    ///
    /// - Parameters:
    ///   - models: at least two; differences are to the first.
    ///   - table: the rows, with the target; each of them counts.
    /// - Throws: `badRequest` for models that predict different things, `badData` for rows that they cannot be asked about.
    package static func compare(_ models: [Model], on table: Table) throws(TrainingError) -> HeldOutComparison {
        precondition(models.count > 1, "\(models.count) models cannot be compared")
        guard let target = models[0].target, models.allSatisfy({ $0.target?.predictsSame(as: target) == true }) else {
            throw refusal("the models predict different things")
        }
        let rows = Array(0..<table.rowCount), outcomes: [ModelOutcome]
        do {
            let expected = try target.encode(table, rows: rows)
            outcomes = try models.map { try ModelOutcome($0, try $0.features(table, rows: rows), expected, target) }
        } catch { throw TrainingError(.badData, "\(error)", operation: "compare") }
        var result = HeldOutComparison(
            rowCount: rows.count, classes: target.classes ?? [], measures: RowResampling.measures(outcomes),
            places: Array(models.indices), leftOut: [])
        result.describe(outcomes)
        return result
    }

    /// Why runs of scripts cannot be asked, once for all of them.
    private static func reason(_ scripts: [String]) -> String {
        guard scripts.count > 1, let last = scripts.last else {
            return "\(scripts.first ?? "") is a script's run, whose model only the script can read"
        }
        let names = scripts.dropLast().joined(separator: ", ") + " and " + last
        return "\(names) are scripts' runs, whose models only the scripts can read"
    }

    /// A model with the rows that it was not trained on.
    package struct Judged {
        package var model: Model
        package var table: Table
        var target: TargetEncoding
        /// Places in the table, rising.
        package var rows: [Int]
        var expected: [Float]
    }

    /// The rows that one run held out, with its model.
    /// - Parameter countsAlike: whether each row counts once, also where the run weighs them.
    /// - Throws: `badRequest` and `badData` with why it cannot be asked.
    package static func judged(_ candidate: Candidate, countsAlike: Bool = false) throws(TrainingError) -> Judged {
        let model = try model(of: candidate)
        var shared = SharedRows()
        shared.countsAlike = countsAlike
        try shared.add(candidate.record, model)
        guard let table = shared.table, let target = shared.target else { throw refusal("the run has no rows to judge it by") }
        let rows = shared.rows.sorted()
        do {
            return Judged(
                model: model, table: table, target: target, rows: rows, expected: try target.encode(table, rows: rows))
        } catch { throw TrainingError(.badData, "\(error)", operation: "report") }
    }

    private static func model(of candidate: Candidate) throws(TrainingError) -> Model {
        guard let model = try Model.load(fromFolder: candidate.folder) else {
            throw refusal("\(candidate.record.name) has no model yet")
        }
        return model
    }

    fileprivate static func refusal(_ text: String) -> TrainingError {
        TrainingError(.badRequest, text, operation: "compare")
    }

    /// The rows that every run added so far held out.
    private struct SharedRows {
        /// Whether rows that a run weighs count once each all the same.
        var countsAlike = false
        private var first: RunRecord?
        private(set) var target: TargetEncoding?
        private(set) var table: Table?
        private(set) var rows: Set<Int> = []

        private static func read(_ record: RunRecord, _ model: Model, _ path: String) throws(TableError) -> Table {
            let options = try ReadOptions(record.request.reading)
            return try model.read(path, options: record.request.validationPath == nil ? options : options.forOtherFiles)
        }

        /// Whether two runs learned from the same data, whatever its files are called.
        private func isSame(_ record: RunRecord, _ other: RunRecord) -> Bool {
            if record.request.datasetPath == other.request.datasetPath { return true }
            return !record.dataFingerprint.isEmpty && record.dataFingerprint == other.dataFingerprint
                && record.request.validationPath == nil && other.request.validationPath == nil
        }

        /// Narrows the rows to those that one more run held out.
        /// - Throws: why it cannot be compared with those before it; nothing is changed then.
        mutating func add(_ record: RunRecord, _ model: Model) throws(TrainingError) {
            guard let own = model.target else { throw refusal("\(record.name): \(record.algorithm) predicts no column") }
            if !countsAlike, let weight = record.request.weight {
                throw refusal("\(record.name) weighs its rows by \(weight): rows that count alike cannot judge it")
            }
            if record.request.folds != nil {
                throw refusal(
                    "\(record.name) keeps a model of all its rows: compare what its folds measured, \(record.objective.metric)")
            }
            if record.streamingDecisions["streaming"] == "true" {
                throw refusal("\(record.name) reads its rows from the file as it goes: which it held out is not kept")
            }
            if let first {
                guard isSame(record, first) else {
                    throw refusal("\(first.name) and \(record.name) were trained on different files")
                }
                guard target?.predictsSame(as: own) == true else {
                    throw refusal("\(first.name) and \(record.name) predict different things")
                }
            }
            // A copy of the data elsewhere is the same data.
            let path =
                first.flatMap { isSame(record, $0) && record.request.validationPath == nil ? $0.request.datasetPath : nil }
                ?? record.request.validationPath ?? record.request.datasetPath
            if let table, table.path != path {
                throw refusal("\(record.name) was validated on another file than the runs before it")
            }
            let known: Table, heldOut: Set<Int>
            do throws(TableError) {
                known = if let table { table } else { try Self.read(record, model, path) }
                guard record.dataFingerprint.hasSuffix(known.fingerprint) else {
                    throw TableError(.columnUnusable, "\(path) is not what \(record.name) was trained on: the file changed")
                }
                heldOut = Set(try Preparation.heldOutRows(of: known, own, record.request))
            } catch { throw TrainingError(.badData, error.message, operation: "compare") }
            let common = first == nil ? heldOut : rows.intersection(heldOut)
            guard common.count >= fewest else {
                throw refusal(
                    first.map {
                        "only \(common.count) rows were held out from both \($0.name) and \(record.name): "
                            + "train them with the same seed"
                    } ?? "\(record.name) held out only \(common.count) rows: too few to judge by")
            }
            (table, rows, target) = (known, common, own)
            if first == nil { first = record }
        }
    }
}

/// What one model makes of the rows.
struct ModelOutcome {
    let expected: [Float]
    /// A regressor's predictions; a classifier's probabilities, row by row, or scores where it has none.
    let values: [Float]
    let width: Int
    /// Of each row; empty for regressors.
    let classes: [Int]
    let hasProbabilities: Bool
    /// What outcomes and a regressor's predictions are less by than in the target's own units.
    var origin = 0.0

    init(expected: [Float], values: [Float], width: Int, classes: [Int], hasProbabilities: Bool) {
        self.expected = expected
        self.values = values
        self.width = width
        self.classes = classes
        self.hasProbabilities = hasProbabilities
    }

    /// - Parameter target: how the outcomes are encoded; each model's own encoding may have another origin.
    init(_ whole: Model, _ features: Matrix, _ expected: [Float], _ target: TargetEncoding) throws(LearnerError) {
        let model = whole.learned
        self.expected = expected
        origin = target.origin
        width = model.scoreCount
        hasProbabilities = model.givesProbabilities
        let scores =
            hasProbabilities ? try model.predictProbabilities(features).elements : try model.predictScores(features).elements
        let shift = (whole.target?.origin ?? 0) - target.origin
        values = shift == 0 ? scores : scores.map { Float(Double($0) + shift) }
        classes = model.task == .regressor ? [] : try model.predictClasses(features)
    }

    var isClassifier: Bool { !classes.isEmpty }

    /// The probability of a class in a row.
    func probability(_ row: Int, of index: Int) -> Double {
        if width > 1 { return Double(values[row * width + index]) }
        return index == 1 ? Double(values[row]) : 1 - Double(values[row])
    }

    /// What each row adds to each measure.
    var rowMeasures: [(name: String, minimises: Bool, isRoot: Bool, values: [Double])] {
        guard isClassifier else {
            let errors = expected.indices.map { Double(values[$0]) - Double(expected[$0]) }
            return [("rmse", true, true, errors.map { $0 * $0 }), ("mae", true, false, errors.map(abs))]
        }
        let right = expected.indices.map { classes[$0] == Int(nearestWithin: expected[$0]) ? 1.0 : 0 }
        guard hasProbabilities else { return [("accuracy", false, false, right)] }
        // As scikit-learn's log_loss clips probabilities of single precision.
        let losses = expected.indices.map {
            -log(max(Double(Float.ulpOfOne), probability($0, of: Int(nearestWithin: expected[$0]))))
        }
        return [("log_loss", true, false, losses), ("accuracy", false, false, right)]
    }
}

/// Measures, and the differences between them when rows are drawn again.
enum RowResampling {
    private static let most = 1000

    /// - Source: Efron, "Bootstrap Methods" (1979), percentile interval; the same rows are drawn for every model, so that what
    ///   makes a row hard for all of them cancels. Seeded.
    static func measures(_ outcomes: [ModelOutcome]) -> [HeldOutComparison.Measure] {
        let all = outcomes.map(\.rowMeasures)
        // What every model has.
        return all[0].compactMap { measure in
            let own = all.compactMap { $0.first { $0.name == measure.name }?.values }
            guard own.count == outcomes.count else { return nil }
            func value(_ sum: Double) -> Double {
                let mean = sum / Double(measure.values.count)
                return measure.isRoot ? mean.squareRoot() : mean
            }
            return HeldOutComparison.Measure(
                name: measure.name, minimises: measure.minimises, values: own.map { value($0.reduce(0, +)) },
                intervals: intervals(own, value))
        }
    }

    private static func intervals(_ values: [[Double]], _ value: (Double) -> Double) -> [ClosedRange<Double>?] {
        let count = values[0].count
        var random = RandomSource(seed: 1)
        var differences = [[Double]](repeating: [], count: values.count)
        for _ in 0..<max(200, min(most, 20_000_000 / count)) {
            var sums = [Double](repeating: 0, count: values.count)
            for _ in 0..<count {
                let row = random.integer(below: count)
                for run in values.indices { sums[run] += values[run][row] }
            }
            for run in values.indices { differences[run].append(value(sums[run]) - value(sums[0])) }
        }
        return differences.enumerated().map { index, own in
            guard index > 0 else { return nil }
            let sorted = own.sorted(), cut = sorted.count * 25 / 1000
            return sorted[cut].isFinite ? sorted[cut]...sorted[sorted.count - 1 - cut] : nil
        }
    }
}

extension HeldOutComparison {
    /// Confusion matrices and curves.
    fileprivate mutating func describe(_ outcomes: [ModelOutcome]) {
        for outcome in outcomes {
            guard outcome.isClassifier else {
                let step = max(1, outcome.expected.count / 400)
                residuals.append(
                    stride(from: 0, to: outcome.expected.count, by: step).map { row in
                        Point(
                            Double(outcome.values[row]) + outcome.origin,
                            Double(outcome.expected[row]) - Double(outcome.values[row]))
                    })
                continue
            }
            let matrix = ConfusionMatrix(expected: outcome.expected, predicted: outcome.classes, classCount: classes.count)
            confusions.append(matrix.counts.map { Int(nearestWithin: $0) })
            guard outcome.width == 1 else { continue }
            let ranked = RankedScores(expected: outcome.expected, scores: outcome.values)
            guard ranked.positives > 0, ranked.negatives > 0 else { continue }
            let step = max(1, ranked.scores.count / 400)
            let places = Array(stride(from: 0, to: ranked.scores.count, by: step)) + [ranked.scores.count - 1]
            roc.append(
                [Point(0, 0)]
                    + places.map {
                        Point(ranked.falsePositives[$0] / ranked.negatives, ranked.truePositives[$0] / ranked.positives)
                    })
            precisionRecall.append(
                places.map { place in
                    let hits = ranked.truePositives[place]
                    return Point(hits / ranked.positives, hits / (hits + ranked.falsePositives[place]))
                })
            if outcome.hasProbabilities { calibration.append(Self.calibration(outcome)) }
        }
    }

    private static func calibration(_ outcome: ModelOutcome) -> [Point] {
        var counts = [Double](repeating: 0, count: 10), sums = counts, positives = counts
        for (row, value) in outcome.values.enumerated() where !value.isNaN {
            let tenth = min(9, max(0, Int(roundedDownWithin: value * 10)))
            counts[tenth] += 1
            sums[tenth] += Double(value)
            positives[tenth] += Double(outcome.expected[row])
        }
        return (0..<10).filter { counts[$0] > 0 }.map { Point(sums[$0] / counts[$0], positives[$0] / counts[$0]) }
    }
}

/// The rows that models see most differently.
enum RowDisagreement {
    static func strongest(
        _ outcomes: [ModelOutcome], _ table: Table, _ rows: [Int], _ target: TargetEncoding, most: Int = 12
    ) -> [HeldOutComparison.Disagreement] {
        func distance(_ row: Int) -> Double {
            let classCount = target.classes?.count ?? 0
            if outcomes[0].isClassifier, outcomes.allSatisfy(\.hasProbabilities) {
                return (0..<classCount).map { index in spread(outcomes.map { $0.probability(row, of: index) }) }.max() ?? 0
            }
            if outcomes[0].isClassifier { return Set(outcomes.map { $0.classes[row] }).count > 1 ? 1 : 0 }
            return spread(outcomes.map { Double($0.values[row]) })
        }
        let order = rows.indices.map { ($0, distance($0)) }.filter { $0.1 > 0 }
            .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
        return order.prefix(most).map { place, _ in
            let row = rows[place]
            let values = table.columns.filter { $0.name != target.column }
            return HeldOutComparison.Disagreement(
                record: row + 1, expected: table.columns.first { $0.name == target.column }?.text(at: row) ?? "",
                predicted: outcomes.map { text($0, place, target) },
                values: values.prefix(24).map { RunComparison.Row($0.name, [$0.text(at: row)]) })
        }
    }

    private static func spread(_ values: [Double]) -> Double { (values.max() ?? 0) - (values.min() ?? 0) }

    private static func text(_ outcome: ModelOutcome, _ row: Int, _ target: TargetEncoding) -> String {
        guard outcome.isClassifier, let classes = target.classes else {
            return outcome.origin == 0 ? "\(outcome.values[row])" : "\(Double(outcome.values[row]) + outcome.origin)"
        }
        let index = outcome.classes[row]
        guard outcome.hasProbabilities else { return classes[index] }
        return "\(classes[index]) \(Int(nearestWithin: outcome.probability(row, of: index) * 100)) %"
    }
}

import Events
import Fairness
import Inference
import JSON
import Monitoring
import Tables

extension MonitorExecutor {
    static let facetSetting = "facet", positiveSetting = "positive"

    /// Whether groups are treated as they were.
    func bias(_ execution: MonitorExecution, _ monitor: MonitorRecord, _ folder: String) throws -> Outcome {
        guard case .endpoint(let endpoint) = monitor.source, let path = monitor.groundTruth else {
            throw CommandError.failed("\(monitor.name) has no endpoint, or no --ground-truth: delete it and create it again")
        }
        var outcome = Outcome()
        let bounds = try Self.analysis(monitor.baseline, BiasBounds.init), model = try self.model(monitor)
        let truth = try GroundTruth(path: path)
        note(truth.faults, &outcome.notes)
        var rows = RequestTable(model), labels: [String?] = [], predicted: [String?] = []
        let faults = try captures(endpoint).requests(
            from: execution.from, until: execution.until, variant: monitor.settings["variant"]
        ) { request in
            guard let output = request.output, let known = truth.labels[request.key] ?? truth.labels[request.eventID] else {
                return
            }
            let answers = try Self.answers(output, model), before = rows.rowCount
            do throws(InvocationError) {
                try rows.add(InvocationRequest(body: request.input.bytes, contentType: request.input.type))
            } catch { throw MonitoringError(.badData, error.description) }
            for place in 0..<(rows.rowCount - before) {
                labels.append(known.indices.contains(place) ? known[place] : nil)
                predicted.append(answers.indices.contains(place) ? answers[place].label : nil)
            }
        }
        note(faults, &outcome.notes)
        outcome.rowCount = labels.count { $0 != nil }
        guard outcome.rowCount > 0 else {
            outcome.notes.append("no request of this time has a label in \(path)")
            try MonitorFiles.write([], nil, to: folder)
            return outcome
        }
        let table = try rows.table(), target = model.target ?? ""
        let labelled = Table(
            columns: table.columns + [Column(target, texts: labels), Column(Self.predictedName, texts: predicted)])
        let report = try BiasStudy(monitor, label: target).report(on: labelled)
        outcome.notes += report.notes
        for facet in report.facets {
            for (metric, value) in facet.metrics.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                guard let number = value.number else { continue }
                outcome.drift["\(metric.rawValue) \(facet.facet.name)=\(facet.facet.value)"] = number
                if let violation = bounds.violation(metric, number, facet.intervals[metric], facet.facet) {
                    outcome.violations.append(violation)
                }
            }
        }
        try MonitorFiles.write(outcome.violations, nil, to: folder)
        try PrivateFile.write(
            report.clarifyJSON(label: target, positive: monitor.settings[Self.positiveSetting] ?? ""),
            to: folder + "/" + Self.analysisName)
        return outcome
    }

    private static let predictedName = "predicted label"
}

extension Column {
    /// A column of texts; nil and empty ones are missing.
    init(_ name: String, texts: [String?]) {
        var places: [String: Int32] = [:], dictionary: [String] = []
        let codes = texts.map { text -> Int32 in
            guard let text, !text.isEmpty else { return -1 }
            if let place = places[text] { return place }
            places[text] = Int32(dictionary.count)
            dictionary.append(text)
            return Int32(dictionary.count - 1)
        }
        self.init(name: name, kind: .categorical, storage: .codes(codes, dictionary: dictionary))
    }
}

extension BiasStudy {
    /// What a monitor's settings ask for.
    ///
    /// - Parameter label: the column of labels.
    init(_ monitor: MonitorRecord, label: String, predicted: Bool = true) throws {
        let positive = monitor.settings[MonitorExecutor.positiveSetting] ?? ""
        self.init(
            label: label, positive: RowTest(column: label, condition: .words(positive.split(separator: ",").map(String.init))),
            facets: [try RowTest(monitor.settings[MonitorExecutor.facetSetting] ?? "")])
        metrics.removeAll { $0 == .FT || $0 == .CDDL || $0 == .CDDPL }
        if predicted { predictedLabel = "predicted label" }
    }
}

/// How biased a model was: as far from even as that it may be.
struct BiasBounds {
    /// By metric and facet.
    private var values: [String: Double] = [:]

    /// Reads Clarify's `analysis.json`.
    init(_ json: JSONValue) throws(FairnessError) {
        for section in ["pre_training_bias_metrics", "post_training_bias_metrics"] {
            for facet in json[section]?["facets"]?.members ?? [] {
                for entry in facet.value.array ?? [] {
                    let value = entry["value_or_threshold"]?.string ?? ""
                    for metric in entry["metrics"]?.array ?? [] {
                        guard let name = metric["name"]?.string, let number = metric["value"]?.double else { continue }
                        values[Self.key(name, facet.name, value)] = number
                    }
                }
            }
        }
        guard !values.isEmpty else {
            throw FairnessError(.badData, "it has no bias metrics: `descent bias --out analysis.json` writes some")
        }
    }

    /// By the names that executions have.
    var named: [String: Double] {
        Dictionary(
            values.map { key, value in
                let parts = key.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
                return ("\(parts[0]) \(parts[1])=\(parts[2])", value)
            }, uniquingKeysWith: { $1 })
    }

    private static func key(_ metric: String, _ facet: String, _ value: String) -> String { "\(metric)\t\(facet)\t\(value)" }

    /// A metric whose interval is wholly further from even than it was.
    func violation(
        _ metric: BiasMetric, _ number: Double, _ interval: ClosedRange<Double>?, _ facet: RowTest
    ) -> ConstraintViolation? {
        guard let before = values[Self.key(metric.rawValue, facet.name, facet.value)], let interval, before.isFinite else {
            return nil
        }
        let reach = abs(before - metric.neutral), allowed = (metric.neutral - reach)...(metric.neutral + reach)
        guard !allowed.overlaps(interval) else { return nil }
        return ConstraintViolation(
            facet.name, .biasDrift,
            "\(metric.rawValue) of \(facet.value) is \(MonitorText.short(number)), in 95 of 100 cases between "
                + "\(MonitorText.short(interval.lowerBound)) and \(MonitorText.short(interval.upperBound)), and was \(MonitorText.short(before))"
        )
    }
}

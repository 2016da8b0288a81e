import Clocks
import Events
import Experiments
import Files
import Glibc
import Inference
import JSON
import Monitoring
import Tables

/// Carries one execution of a monitor out.
struct MonitorExecutor {
    let workspace: Workspace
    let store: MonitorStore

    /// What came of looking.
    struct Outcome {
        var rowCount = 0
        var violations: [ConstraintViolation] = []
        var drift: [String: Double] = [:]
        var notes: [String] = []
    }

    /// The setting that says whose model a monitor of an endpoint reads requests with.
    static let modelSetting = "model-id"
    /// The setting that says on which rows violations have the model trained again: see `RetrainingData.Rows`.
    static let retrainSetting = "retrain"

    /// - Returns: the execution as it ended; a failure is one of its ends.
    func carryOut(_ execution: MonitorExecution, of monitor: MonitorRecord) -> MonitorExecution {
        var execution = execution
        do {
            let outcome = try look(execution, monitor)
            execution.rowCount = outcome.rowCount
            execution.violations = outcome.violations.map {
                .init(feature: $0.feature, check: $0.check, description: $0.description)
            }
            execution.drift = outcome.drift
            execution.reason = outcome.notes.joined(separator: "; ")
            execution.status = outcome.violations.isEmpty ? .completed : .completedWithViolations
        } catch {
            execution.status = .failed
            execution.reason = CommandError(error).description
        }
        execution.endedAt = WallClock.now()
        return execution
    }

    private func look(_ execution: MonitorExecution, _ monitor: MonitorRecord) throws -> Outcome {
        let folder = workspace.path + "/" + execution.folder
        switch monitor.kind {
        case .dataQuality: return try dataQuality(execution, monitor, folder)
        case .modelQuality: return try modelQuality(execution, monitor, folder)
        case .explainability: return try attributions(execution, monitor, folder)
        case .bias: return try bias(execution, monitor, folder)
        }
    }

    // MARK: - Quality of data

    private func dataQuality(_ execution: MonitorExecution, _ monitor: MonitorRecord, _ folder: String) throws -> Outcome {
        var outcome = Outcome(), baseline = try Baseline(folder: monitor.baseline)
        var table: Table
        switch monitor.source {
        case .endpoint(let endpoint):
            let model = try self.model(monitor)
            var answers: [ReplyRow?]? = []
            table = try capturedRows(execution, endpoint, monitor, model, &outcome.notes, answers: &answers)
            table = PredictedColumns.add(answers ?? [], to: table, &baseline, &outcome.notes)
            if let target = model.target, baseline.constraints.features.contains(where: { $0.name == target }) {
                baseline.constraints.features.removeAll { $0.name == target }
                outcome.notes.append("\(target) is what is predicted, and not looked for in requests")
            }
        case .folder(let path): table = try filedRows(execution, path, baseline, &outcome.notes)
        }
        outcome.rowCount = table.rowCount
        guard table.rowCount > 0 else {
            try MonitorFiles.write([], nil, to: folder)
            return outcome
        }
        let statistics = DatasetStatistics(table, as: baseline.statistics)
        let report = try DataQualityCheck(statistics: baseline.statistics, constraints: baseline.constraints)
            .report(
                on: statistics, rows: table, reference: baseline.reference,
                earlier: MonitorFiles.earlier(than: folder, since: monitor.baseline))
        outcome.violations = report.violations
        outcome.notes += report.notes
        for drift in report.features { outcome.drift[drift.name] = drift.distance }
        // As far from what guessing reaches as a distance is from 0.
        if let together = report.together { outcome.drift[Self.togetherName] = max(0, 2 * together.area - 1) }
        try MonitorFiles.write(report.violations, statistics, to: folder)
        return outcome
    }

    /// What all columns together are called among them.
    static let togetherName = "(all columns together)"

    func model(_ monitor: MonitorRecord) throws -> LoadedModel {
        guard let id = monitor.settings[Self.modelSetting] else {
            throw CommandError.failed("\(monitor.name) does not know its endpoint's model: delete it and create it again")
        }
        do { return try LoadedModel(fromFolder: workspace.modelFolder(ofAny: id)) } catch {
            throw CommandError.failed(error.description)
        }
    }

    /// What a captured answer says, row by row.
    static func answers(_ output: CapturedRequest.Body, _ model: LoadedModel) throws(MonitoringError) -> [ReplyRow] {
        guard let rows = model.rows(ofReply: output.bytes, contentType: output.type) else {
            throw MonitoringError(
                .badData, "its answer, of the type '\(output.type)', is not read: have CSV, JSON or JSON Lines answered")
        }
        return rows
    }

    func captures(_ endpoint: String) -> CaptureFolder {
        CaptureFolder(EndpointListener.captureFolder(workspace) + "/" + endpoint)
    }

    func capturedRows(
        _ execution: MonitorExecution, _ endpoint: String, _ monitor: MonitorRecord, _ model: LoadedModel, _ notes: inout [String]
    ) throws -> Table {
        var none: [ReplyRow?]?
        return try capturedRows(execution, endpoint, monitor, model, &notes, answers: &none)
    }

    /// - Parameter answers: what was answered, row by row, where that is wanted; nil where it is not known.
    private func capturedRows(
        _ execution: MonitorExecution, _ endpoint: String, _ monitor: MonitorRecord, _ model: LoadedModel,
        _ notes: inout [String],
        answers: inout [ReplyRow?]?
    ) throws -> Table {
        var rows = RequestTable(model), unread = 0, firstUnread: String?
        let faults = try captures(endpoint).requests(
            from: execution.from, until: execution.until, variant: monitor.settings["variant"]
        ) { request in
            let before = rows.rowCount
            do throws(InvocationError) {
                try rows.add(InvocationRequest(body: request.input.bytes, contentType: request.input.type))
            } catch {
                unread += 1
                firstUnread = firstUnread ?? error.description
            }
            guard answers != nil else { return }
            let own = request.output.flatMap { model.rows(ofReply: $0.bytes, contentType: $0.type) } ?? []
            for place in 0..<(rows.rowCount - before) { answers?.append(own.indices.contains(place) ? own[place] : nil) }
        }
        note(faults, &notes)
        if unread > 0 { notes.append("\(MonitorText.count(unread, "request")) could not be read: \(firstUnread ?? "")") }
        if rows.rowCount == 0 {
            notes.append("no request was captured in this time")
            return Table(columns: [])
        }
        return try rows.table()
    }

    func note(_ faults: CaptureFolder.Faults, _ notes: inout [String]) {
        guard faults.count > 0 else { return }
        notes.append("\(MonitorText.count(faults.count, "captured line")) could not be read: \(faults.first ?? "")")
    }

    // MARK: - Quality of the model

    /// What the model is worth where labels are not known yet.
    static let estimateName = "estimated_accuracy"

    private func modelQuality(_ execution: MonitorExecution, _ monitor: MonitorRecord, _ folder: String) throws -> Outcome {
        var outcome = Outcome()
        guard case .endpoint(let endpoint) = monitor.source, let path = monitor.groundTruth else {
            throw CommandError.failed("\(monitor.name) has no endpoint, or no --ground-truth: delete it and create it again")
        }
        let baseline = try ModelQualityBaseline(folder: monitor.baseline)
        let model = try self.model(monitor), truth = try GroundTruth(path: path)
        note(truth.faults, &outcome.notes)
        var joined = LabelledAnswers(classes: model.classes), confidences: [Double] = []
        let faults = try captures(endpoint).requests(
            from: execution.from, until: execution.until, variant: monitor.settings["variant"]
        ) { request in
            guard let output = request.output else { return }
            let answers = try Self.answers(output, model)
            for answer in answers { confidences.append(joined.confidence(predicted: answer.label, scores: answer.scores)) }
            guard let labels = truth.labels[request.key] ?? truth.labels[request.eventID] else {
                joined.unlabelled += answers.count
                return
            }
            for (answer, label) in zip(answers, labels) {
                joined.add(predicted: answer.label, scores: answer.scores, label: label)
            }
            joined.unlabelled += max(0, answers.count - labels.count)
        }
        note(faults, &outcome.notes)
        outcome.rowCount = joined.rows.count
        if let (value, error) = baseline.calibration?.accuracy(of: confidences), joined.unlabelled > 0 {
            outcome.drift[Self.estimateName] = value
            outcome.notes.append(
                "accuracy is estimated to be \(MonitorText.short(value)) ± \(MonitorText.short(error)) by how sure "
                    + "\(MonitorText.count(confidences.count, "answer")) are, as long as only the rows have changed")
        }
        if joined.unlabelled > 0 { outcome.notes.append("\(MonitorText.count(joined.unlabelled, "answer")) without a label yet") }
        if joined.strangeLabels > 0 {
            outcome.notes.append(
                "\(MonitorText.count(joined.strangeLabels, "label")) cannot be compared, such as '\(joined.strangeLabel ?? "")'")
        }
        guard joined.rows.count > 0 else {
            let ids = truth.labels.count
            outcome.notes.append(
                ids == 0
                    ? "there is no ground truth in \(path)"
                    : "none of the \(MonitorText.count(ids, "label")) in \(path) is of a request of this time: ids are the request's inference id, else its event id"
            )
            try MonitorFiles.write([], nil, to: folder)
            return outcome
        }
        let quality = ModelQuality(joined.rows)
        outcome.violations = try ModelQualityCheck(baseline.constraints, before: baseline.quality).violations(of: quality)
        for value in quality.values { outcome.drift[value.name] = value.value }
        try MonitorFiles.write(outcome.violations, quality, to: folder)
        return outcome
    }
}

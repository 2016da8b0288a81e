import Clocks
import Events
import Experiments
import Explaining
import Fairness
import Files
import Inference
import JSON
import Learners
import Monitoring
import Serving
import Tables
import Training

/// What a monitor is to be, as it is asked for.
struct MonitorPlan {
    var name: String
    var type = MonitorRecord.Kind.dataQuality.rawValue
    /// One of the two: an endpoint's name, or a folder.
    var endpoint: String?, batch: String?
    var baseline: String?
    var schedule = "now"
    var groundTruth: String?
    var facet: String?, positive: String?
    /// `beside` or `instead`: what the model learns from where violations have it trained again; nil = they do not.
    var retrain: String?

    init(name: String) { self.name = name }

    init(_ arguments: ParsedArguments) {
        name = arguments.positionals[0]
        type = arguments.value("--type") ?? type
        (endpoint, batch, baseline) = (arguments.value("--endpoint"), arguments.value("--batch"), arguments.value("--baseline"))
        schedule = arguments.value("--schedule") ?? schedule
        (groundTruth, retrain) = (arguments.value("--ground-truth"), arguments.value("--retrain"))
        (facet, positive) = (arguments.value("--facet"), arguments.value("--positive"))
    }
}

/// Makes a monitor: what is looked at, and with what it is compared.
struct MonitorCreation {
    let plan: MonitorPlan
    let workspace: Workspace
    let store: RunStore

    /// - Throws: usage, for what cannot be monitored so; data, where a baseline is none.
    func make() throws -> MonitorRecord {
        let name = plan.name
        guard EndpointName.isValid(name) else {
            throw CommandError.usage("a monitor cannot be called '\(name)': \(EndpointName.form)")
        }
        let kind = try self.kind(), schedule = plan.schedule
        let parsed = try MonitorSchedule(schedule), now = WallClock.now()
        if case .cron = parsed, parsed.next(after: now) == nil {
            throw CommandError.usage("--schedule '\(schedule)': that time never comes: give another one")
        }
        var settings: [String: String] = [:], model: ChosenModel?
        let source: MonitorRecord.Source
        switch (plan.endpoint, plan.batch) {
        case (let endpoint?, nil):
            let record = try store.endpoints.endpoint(named: endpoint)
            guard let variant = record.variants.max(by: { $0.weight < $1.weight }) else {
                throw CommandError.usage("\(record.name) has no variant to be monitored")
            }
            if record.capturePercent == nil {
                throw CommandError.usage(
                    "\(record.name) captures no requests, so that there is nothing to look at: `descent endpoint update \(record.name) --capture 100`"
                )
            }
            settings[MonitorExecutor.modelSetting] = variant.modelID
            if record.variants.count > 1 { settings["variant"] = variant.name }
            model = try? ChosenModel(variant.modelID, workspace: workspace)
            source = .endpoint(record.name)
        case (nil, let folder?):
            guard FileKind(at: folder) == .folder, let path = FilePath.absolute(folder) else {
                throw CommandError.usage("--batch '\(folder)' is no folder: give the one that files come into")
            }
            source = .folder(path)
        default: throw CommandError.usage("a monitor needs --endpoint NAME or --batch DIR, one of them")
        }
        if let retrain = plan.retrain {
            guard RetrainingData.Rows(rawValue: retrain) != nil else {
                throw CommandError.usage("--retrain '\(retrain)': give beside or instead")
            }
            guard case .endpoint = source else {
                throw CommandError.usage("--retrain trains an endpoint's model again: give --endpoint NAME")
            }
            settings[MonitorExecutor.retrainSetting] = retrain
        }
        var record = MonitorRecord(
            name: name, kind: kind, source: source, baseline: "", schedule: schedule,
            groundTruth: try groundTruth(kind, source), settings: settings.merging(try groups(kind)) { $1 }, createdAt: now,
            nextAt: parsed.next(after: now))
        // What came before the monitor is looked at, too.
        switch source {
        case .endpoint(let endpoint): record.coveredUntil = try store.endpoints.endpoint(named: endpoint).createdAt.rounded(.down)
        case .folder: record.coveredUntil = 0
        }
        record.baseline = try baseline(record, model)
        return record
    }

    private func kind() throws(CommandError) -> MonitorRecord.Kind {
        let word = plan.type
        guard let kind = MonitorRecord.Kind(rawValue: word) else {
            let words = MonitorRecord.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw .usage("--type '\(word)': give one of \(words)")
        }
        return kind
    }

    /// Which rows are compared, and which labels are good ones.
    private func groups(_ kind: MonitorRecord.Kind) throws -> [String: String] {
        guard kind == .bias else { return [:] }
        guard let facet = plan.facet, let positive = plan.positive else {
            throw CommandError.usage("bias needs --facet COL=V, the rows to be compared with all others, and --positive V")
        }
        _ = try RowTest(facet)
        return [MonitorExecutor.facetSetting: facet, MonitorExecutor.positiveSetting: positive]
    }

    private func groundTruth(_ kind: MonitorRecord.Kind, _ source: MonitorRecord.Source) throws -> String? {
        guard case .endpoint = source else {
            if kind == .dataQuality { return nil }
            throw CommandError.usage("\(kind.rawValue) is measured on what an endpoint answered: give --endpoint NAME")
        }
        guard kind == .modelQuality || kind == .bias else { return nil }
        guard let path = plan.groundTruth else {
            throw CommandError.usage(
                "\(kind.rawValue) needs --ground-truth PATH, a file or a folder that labels come into; "
                    + #"a line each: {"groundTruthData":{"data":"1","encoding":"CSV"},"eventMetadata":{"eventId":"ID"},"eventVersion":"0"}"#
            )
        }
        guard let absolute = FilePath.absolute(path) else {
            throw CommandError.usage("--ground-truth '\(path)' is not there: make the folder that labels will come into")
        }
        return absolute
    }

    // MARK: - Baselines

    /// The folder that is given, or one made of what the endpoint's model was trained with.
    private func baseline(_ record: MonitorRecord, _ model: ChosenModel?) throws -> String {
        if let given = plan.baseline {
            guard let path = FilePath.absolute(given) else { throw CommandError.usage("--baseline '\(given)' is no folder") }
            switch record.kind {
            case .dataQuality: _ = try Baseline(folder: path)
            case .modelQuality: _ = try ModelQualityBaseline(folder: path)
            case .bias: _ = try MonitorExecutor.analysis(path, BiasBounds.init)
            case .explainability: _ = try MonitorExecutor.analysis(path, ExplanationDocument.init(reading:))
            }
            return path
        }
        guard case .endpoint = record.source, let model else {
            throw CommandError.usage(
                "there is no training data to make a baseline of: `descent monitor baseline FILE --out DIR`, then --baseline DIR")
        }
        let folder = workspace.path + "/monitors/\(record.name)/baseline"
        try writeBaseline(of: model, record, to: folder)
        return folder
    }

    /// Makes a baseline of what a model was trained with, or of what it was worth on the rows that it held out.
    func writeBaseline(of model: ChosenModel, _ record: MonitorRecord, to folder: String) throws {
        try Folder.make(folder)
        switch record.kind {
        case .dataQuality:
            var baseline = try Baseline(try trainingRows(of: model))
            // Of rows that it learned from a model is surer than of others.
            if model.model.target != nil, let (judged, rows) = try? heldOut(model) {
                let table = judged.table.selecting(rows: rows)
                for column in try PredictedColumns.columns(of: judged.model, table)
                where baseline.statistics.feature(column.name) == nil {
                    baseline.add(column)
                }
            }
            try baseline.write(to: folder)
        case .modelQuality:
            let rows = try qualityRows(of: model)
            var baseline = ModelQualityBaseline(ModelQuality(rows))
            baseline.calibration = ConfidenceCalibration(confidences: rows.confidences, isRight: rows.isRight)
            try baseline.write(to: folder)
        case .explainability:
            let explanation = try MonitorExecutor.explanation(of: model, try trainingRows(of: model))
            try PrivateFile.write(
                ExplanationDocument.json(explanation, .meanAbsolute, []), to: folder + "/" + MonitorExecutor.analysisName)
        case .bias: try PrivateFile.write(try bias(of: model, record), to: folder + "/" + MonitorExecutor.analysisName)
        }
    }

    /// The rows that a model was trained on, in the columns that it needs.
    private func trainingRows(of model: ChosenModel) throws -> Table {
        let path = model.request.datasetPath, needed = Set(LoadedModel(model.model).neededColumns)
        let table: Table
        do { table = try model.model.read(path, options: try ReadOptions(model.request.reading)) } catch {
            throw CommandError.data(
                "the training data cannot be read any more (\(CommandError(error).description)): give --baseline DIR")
        }
        return Table(
            columns: table.columns.filter { needed.contains($0.name) }, path: table.path, reading: table.reading,
            schema: table.schema.keeping(needed))
    }

    /// How groups were treated on the rows that a model held out.
    private func bias(of model: ChosenModel, _ record: MonitorRecord) throws -> JSONValue {
        let (judged, rows) = try heldOut(model)
        var study = try BiasStudy(record, label: model.model.target?.column ?? "", predicted: false)
        study.rows = rows
        study.predicted = try study.positives(of: judged.predictedLabels())
        return try study.report(on: judged.table).clarifyJSON(
            label: study.label, positive: record.settings[MonitorExecutor.positiveSetting] ?? "")
    }

    /// What a model said of rows that it held out, and what they are.
    private func qualityRows(of model: ChosenModel) throws -> ModelQualityRows {
        let (judged, rows) = try heldOut(model)
        return try judged.qualityRows(rows)
    }

    private func heldOut(_ model: ChosenModel) throws -> (judged: JudgedRun, rows: [Int]) {
        // A kept version is a run's, too.
        guard let run = try? store.run(named: model.version?.sourceID ?? model.id), model.model.target != nil else {
            throw CommandError.usage("only a run's model has held-out rows to make a baseline of: give --baseline DIR")
        }
        let judged = try JudgedRun(run, workspace)
        guard let rows = judged.rows, !rows.isEmpty else {
            throw CommandError.usage("\(model.name) held no rows out to be judged by: give --baseline DIR")
        }
        return (judged, rows)
    }
}

extension JudgedRun {
    /// What the model says of some of its rows, and what they are.
    fileprivate func qualityRows(_ rows: [Int]) throws -> ModelQualityRows {
        let table = table.selecting(rows: rows), classes = model.target?.classes ?? []
        let outputs = try model.predict(table), target = try table.column(matching: model.target?.column ?? "")
        var joined = LabelledAnswers(classes: classes)
        for row in 0..<table.rowCount {
            guard let label = target.text(at: row) else { continue }
            var predicted: String?, scores: [Double] = []
            for output in outputs {
                switch output.values {
                case .labels(let labels): predicted = labels[row]
                case .numbers(let numbers): scores.append(Double(numbers[row]))
                case .doubles(let numbers): scores.append(numbers[row])
                }
            }
            joined.add(predicted: predicted, scores: scores, label: label)
        }
        return joined.rows
    }

    /// The classes that it predicts, as a column.
    fileprivate func predictedLabels() throws -> Column {
        for output in try model.predict(table) {
            guard case .labels(let labels) = output.values else { continue }
            return Column(output.name, texts: labels)
        }
        throw CommandError.usage("the model tells no classes apart, so that there are no groups to be treated otherwise")
    }
}

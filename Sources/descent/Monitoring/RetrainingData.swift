import Clocks
import Events
import Experiments
import Files
import Inference
import Monitoring
import Serving
import Tables
import Training

/// What a model is trained again on: what its endpoint was asked, with the labels that came since, beside its old rows or instead of them.
struct RetrainingData {
    /// Which rows it learns from.
    enum Rows: String, CaseIterable {
        case beside, instead
    }

    /// The job, and how many rows it is of.
    struct Prepared {
        var request: JobRequest
        var rowCount: Int, newRowCount: Int, judgedRowCount: Int
        var notes: [String]
    }

    /// New rows with labels that there have to be: a fifth of them judges both models.
    static let fewest = 100
    /// Those that name no column.
    private static let validationOrders: Set<String> = ["random", "stratified", "time", "file"]
    static let trainingName = "train.csv", judgingName = "judge.csv"

    let workspace: Workspace
    let store: RunStore

    static func folder(of id: String, in workspace: Workspace) -> String { workspace.path + "/retraining/" + id }

    /// Writes the rows down, and makes the job that learns from them with the settings of the model that answers.
    ///
    /// - Parameter record: says which endpoint's; what the old model is called is noted in it.
    func prepare(_ record: inout RetrainingRecord) throws -> Prepared {
        let endpoint = try store.endpoints.endpoint(named: record.endpoint)
        guard let variant = endpoint.variants.max(by: { $0.weight < $1.weight }) else {
            throw CommandError.failed("\(endpoint.name) has no model")
        }
        (record.oldModel, record.oldModelID) = (variant.model, variant.modelID)
        let chosen = try ChosenModel(variant.modelID, workspace: workspace)
        var notes: [String] = [], request = try request(of: chosen, &notes)
        guard let target = chosen.model.target?.column else {
            throw CommandError.usage("\(variant.model) predicts no column: it cannot be trained on labels")
        }
        let model = LoadedModel(chosen.model)
        let new = try newRows(endpoint, record, model, target, &notes)
        guard new.rowCount >= Self.fewest else {
            throw CommandError.failed(
                "\(endpoint.name) has \(MonitorText.count(new.rowCount, "request row")) with a label, and \(Self.fewest) are needed: "
                    + (notes.first ?? "wait for more"))
        }
        let judged = new.rowCount / 5, learned = new.rowCount - judged
        var training = new.selecting(rows: Array(0..<learned))
        if !record.isInstead { training = Table.joined([try oldRows(chosen, training.columns.map(\.name)), training]) }
        let folder = Self.folder(of: record.id, in: workspace)
        try Folder.make(folder)
        try PrivateFile.write(training, to: folder + "/" + Self.trainingName)
        try PrivateFile.write(new.selecting(rows: Array(learned..<new.rowCount)), to: folder + "/" + Self.judgingName)
        request.datasetPath = folder + "/" + Self.trainingName
        request.reading = Self.reading(training, target, request.reading)
        return Prepared(
            request: request, rowCount: training.rowCount, newRowCount: learned, judgedRowCount: judged, notes: notes)
    }

    // MARK: - The job

    /// What the model was trained with; of an AutoML job its best candidate's.
    private func request(of chosen: ChosenModel, _ notes: inout [String]) throws -> JobRequest {
        var request = chosen.request
        let id = chosen.version?.sourceID ?? chosen.id
        if let job = try store.automls.all().first(where: { $0.id == id }) {
            let plain = try store.automls.candidates(of: job.id).filter {
                $0.value != nil && $0.stack.isEmpty && $0.outcome == .completed
            }
            let best = plain.min { first, second in
                job.objective.isBetter(first.value ?? .nan, than: second.value ?? .nan)
            }
            guard let best, let run = try store.run(best.run) else {
                throw CommandError.failed("\(job.name) has no candidate whose settings could be used")
            }
            notes.append("\(job.name) averages models: the settings of its best candidate, \(best.name), are used")
            request = run.record.request
        }
        if request.isScript {
            throw CommandError.usage("a script's model is trained by the script alone: train it, and update the endpoint")
        }
        if let column = request.weight ?? request.group {
            throw CommandError.usage("\(chosen.name) needs the column \(column) to be trained, which requests do not have")
        }
        if !request.stack.isEmpty {
            throw CommandError.usage("\(chosen.name) learns from what other runs predict: train those again first")
        }
        if let order = request.validationOrder, !Self.validationOrders.contains(order) {
            request.validationOrder = nil
            notes.append("rows are held out at random, since requests have no column \(order)")
        }
        if request.validationPath != nil { (request.validationPath, request.validationSplit) = (nil, 0.2) }
        if request.folds != nil { (request.folds, request.validationSplit) = (nil, 0.2) }
        (request.name, request.remedies, request.wantsBaselines) = (nil, nil, false)
        return request
    }

    /// Says of columns whose texts could be read otherwise what they are; of the target what was said of it before.
    private static func reading(_ table: Table, _ target: String, _ before: [String: String]) -> [String: String] {
        let said = (before[ReadOption.type.rawValue] ?? "").split(separator: "\n").map(String.init)
        var kinds = said.filter { $0.hasPrefix(target + "=") }
        for column in table.columns where column.name != target {
            switch column.kind {
            case .categorical, .text, .boolean, .date: kinds.append("\(column.name)=\(column.kind.rawValue)")
            case .integer, .numeric: break
            }
        }
        var reading = [ReadOption.header.rawValue: "yes", ReadOption.delimiter.rawValue: ","]
        if !kinds.isEmpty { reading[ReadOption.type.rawValue] = kinds.joined(separator: "\n") }
        return reading
    }

    // MARK: - Rows

    /// The rows that the old model was trained with, in the columns that it needs.
    private func oldRows(_ chosen: ChosenModel, _ columns: [String]) throws -> Table {
        let table: Table
        do { table = try chosen.model.read(chosen.request.datasetPath, options: try ReadOptions(chosen.request.reading)) } catch {
            throw CommandError.data(
                "the old training data cannot be read any more (\(CommandError(error).description)): --instead learns from new rows alone"
            )
        }
        return Table(columns: try columns.map { try table.column(matching: $0) })
    }

    /// Everything that was asked and has a label, the oldest first.
    private func newRows(
        _ endpoint: EndpointRecord, _ record: RetrainingRecord, _ model: LoadedModel, _ target: String, _ notes: inout [String]
    ) throws -> Table {
        let truth = try groundTruth(endpoint, record)
        var rows = RequestTable(model), labels: [String?] = [], times: [Double] = [], unlabelled = 0, strange = 0
        let folder = EndpointListener.captureFolder(workspace) + "/" + endpoint.name
        _ = try CaptureFolder(folder).requests(from: endpoint.createdAt.rounded(.down), until: WallClock.now() + 1) { request in
            guard let known = truth.labels[request.key] ?? truth.labels[request.eventID] else {
                unlabelled += 1
                return
            }
            let before = rows.rowCount
            do throws(InvocationError) {
                try rows.add(InvocationRequest(body: request.input.bytes, contentType: request.input.type))
            } catch { unlabelled += 1 }
            for place in 0..<(rows.rowCount - before) {
                let label = known.indices.contains(place) ? Self.label(known[place], model) : nil
                if known.indices.contains(place), label == nil { strange += 1 }
                labels.append(label)
                times.append(request.time)
            }
        }
        if unlabelled > 0 { notes.append("\(MonitorText.count(unlabelled, "request")) without a label yet") }
        if strange > 0 { notes.append("\(MonitorText.count(strange, "label")) that the model cannot be judged by") }
        let order = labels.indices.filter { labels[$0] != nil }.sorted {
            times[$0] == times[$1] ? $0 < $1 : times[$0] < times[$1]
        }
        let table = try rows.table(), known = order.map { labels[$0] }
        let selected = table.selecting(rows: order).columns.filter { $0.name != target }
        return Table(columns: selected + [try Self.target(known, target, model)])
    }

    private static func target(_ labels: [String?], _ name: String, _ model: LoadedModel) throws -> Column {
        guard model.classes.isEmpty else { return Column(name, texts: labels) }
        return Column(name: name, kind: .numeric, storage: .numbers(labels.map { $0.flatMap(Double.init) ?? .nan }))
    }

    /// A label as the training data has it: one of the classes, or a number; nil for what is neither.
    private static func label(_ text: String, _ model: LoadedModel) -> String? {
        guard !model.classes.isEmpty else { return Double(text).flatMap { $0.isFinite ? text : nil } }
        if model.classes.contains(text) { return text }
        // `1` and `1.0` are the same class.
        guard let number = Double(text) else { return nil }
        return model.classes.first { Double($0) == number }
    }

    /// Of the monitor itself, else of another one of the endpoint.
    private func groundTruth(_ endpoint: EndpointRecord, _ record: RetrainingRecord) throws -> GroundTruth {
        let monitors = try store.monitors.all().filter { $0.endpoint == endpoint.name }
        let own = monitors.first { $0.name == record.monitor }?.groundTruth
        guard let path = own ?? monitors.compactMap(\.groundTruth).first else {
            throw CommandError.usage(
                "no monitor of \(endpoint.name) knows where labels come to: `descent monitor setup \(endpoint.name)` makes one that does"
            )
        }
        return try GroundTruth(path: path)
    }
}

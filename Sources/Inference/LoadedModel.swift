import JSON
import Learners
import Tables
import Training

/// A model that answers requests: rows in the raw columns that its user knows, in the formats and shapes of SageMaker's containers.
/// What it answers is what `Model.predict` gives for the same rows of a file.
///
/// It keeps nothing between requests, so that any number of threads may ask at once.
public final class LoadedModel: Sendable {
    /// The longest body that SageMaker's real-time endpoints take, in bytes.
    public static let usualPayloadLimit = 6_291_456

    /// The learner's name.
    public let algorithm: String
    /// The columns that rows without names have, in their order: those of the training data but the target.
    public let inputColumns: [String]
    /// The columns that a prediction needs, in the order of the training data.
    public let neededColumns: [String]
    /// The column that is predicted; nil for a model that predicts none.
    public let target: String?
    /// The classes' names in order; empty for a model that tells none apart.
    public let classes: [String]
    /// The longest body it reads, in bytes.
    public let payloadLimit: Int

    /// The model itself, for whoever explains it.
    public let model: Model
    /// The score from which the second of two classes is meant.
    var scoreThreshold: Double { model.scoreThreshold }
    private let columns: InputColumns
    private let seen: SeenValues
    /// nil where rows have to become a table first.
    private let numberRows: NumberRowEncoding?
    let shape: ReplyShape
    private let labels: [String: String]
    private let delimiter: UInt8

    /// Makes everything ready that answers a request at once.
    public init(_ model: Model, payloadLimit: Int = LoadedModel.usualPayloadLimit) {
        self.model = model.readied()
        self.payloadLimit = payloadLimit
        algorithm = model.algorithm
        columns = InputColumns(model)
        neededColumns = columns.needed
        target = model.target?.column
        classes = model.target?.classes ?? []
        inputColumns = (model.inputs ?? columns.needed).filter { $0 != model.target?.column }
        seen = SeenValues(model.pipeline)
        numberRows = model.numberRows(columns.needed)
        shape = ReplyShape(algorithm: model.algorithm, task: model.predicts)
        labels = Self.labels(classes)
        delimiter = columns.layout.delimiter
    }

    /// Reads the model in a run's or a job's folder.
    ///
    /// - Throws: `modelError` where there is none, or it is damaged.
    public convenience init(
        fromFolder folder: String, payloadLimit: Int = LoadedModel.usualPayloadLimit
    ) throws(InvocationError) {
        let found: Model?
        do throws(TrainingError) { found = try Model.load(fromFolder: folder) } catch {
            throw InvocationError(.modelError, error.description)
        }
        guard let found else { throw InvocationError(.modelError, "\(folder) holds no model: name a run that has ended") }
        self.init(found, payloadLimit: payloadLimit)
    }

    /// Predicts for the rows of a request.
    ///
    /// - Throws: `validation`, `unsupportedContentType`, `notAcceptable`, `payloadTooLarge`, `modelError`.
    public func invoke(_ request: InvocationRequest) throws(InvocationError) -> InvocationReply {
        guard request.body.count <= payloadLimit else {
            throw InvocationError(
                .payloadTooLarge,
                "the body has \(request.body.count) bytes, at most \(payloadLimit) are read: send fewer rows at once")
        }
        let format = try MediaType.reply(request.accept, orElse: shape.usualFormat)
        if let step = model.historyStep {
            throw InvocationError(
                .validation,
                "\(step) of the model's pipeline looks at rows before each, which a request does not have: predict a file with its past"
            )
        }
        let rows = try read(request)
        let predicted = try predict(rows)
        let count = rows.table.rowCount
        let body =
            format == .recordIO
            ? RecordReply(shape: shape).body(predicted.outputs, rowCount: count)
            : ReplyWriter(shape: shape, format: format, labels: labels).body(predicted.outputs, rowCount: count)
        return InvocationReply(
            body: body, contentType: format.rawValue,
            rowCount: rows.table.rowCount, warnings: rows.warnings + predicted.warnings)
    }

    /// Whether a record of CSV names the model's columns, and is no row.
    ///
    /// - Parameter filter: what of each record the model gets; nil = all.
    func isHeader(_ record: ArraySlice<UInt8>, filter: RecordFilter?) -> Bool {
        record.withUnsafeBufferPointer { bytes in
            CSVRequest.isHeader(bytes, delimiter: delimiter, RequestRows(columns, linesAreLines: true), filter)
        }
    }

    /// The rows of a request as a table of the columns that a prediction needs.
    ///
    /// - Throws: as `invoke`.
    public func table(of request: InvocationRequest) throws(InvocationError) -> Table { try read(request).asTable() }

    /// No rows yet.
    func emptyRows(linesAreLines: Bool) -> RequestRows { RequestRows(columns, linesAreLines: linesAreLines) }

    private func read(_ request: InvocationRequest) throws(InvocationError) -> RequestRows {
        let format = try MediaType.content(request.contentType, orElse: .csv).format
        var rows = emptyRows(linesAreLines: format != .recordIO && format != .json)
        try read(request, into: &rows)
        return rows
    }

    func read(_ request: InvocationRequest, into rows: inout RequestRows) throws(InvocationError) {
        let type = try MediaType.content(request.contentType, orElse: .csv)
        var failure: InvocationError?
        switch type.format {
        case .json: try JSONRequest.read(request.body, into: &rows)
        case .jsonLines: try JSONRequest.read(lines: request.body, into: &rows)
        case .csv:
            request.body.withUnsafeBufferPointer { bytes in
                do throws(InvocationError) {
                    try CSVRequest.read(bytes, type, delimiter: delimiter, into: &rows)
                } catch { failure = error }
            }
        case .libsvm, .recordIO:
            request.body.withUnsafeBytes { bytes in
                do throws(InvocationError) { try NumberRequest.read(bytes, type.format, into: &rows) } catch { failure = error }
            }
        }
        if let failure { throw failure }
    }

    private func predict(_ rows: RequestRows) throws(InvocationError) -> (outputs: [OutputColumn], warnings: [String]) {
        if let numberRows, let numbers = rows.table.plainNumbers, let outputs = model.predict(numbers, by: numberRows) {
            return (outputs, [])
        }
        let table = try rows.asTable()
        do {
            let made = try model.prepared(table)
            return (try model.predict(made), (made.warnings + seen.warnings(for: made)).map(\.message))
        } catch let error as TrainingError {
            throw InvocationError(.validation, error.description)
        } catch { throw InvocationError(.validation, "\(error)") }
    }

    /// Classes that are numbers are numbers in JSON.
    private static func labels(_ classes: [String]) -> [String: String] {
        var labels: [String: String] = [:]
        for name in classes {
            var isNumber = false
            do throws(JSONError) {
                switch try JSONValue(parsing: name) {
                case .integer, .number: isNumber = true
                default: break
                }
            } catch {}
            labels[name] = isNumber ? name : JSONValue.string(name).text
        }
        return labels
    }
}

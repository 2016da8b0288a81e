import JSON

/// What is done with the records of a file: filter, model, join, filter.
public struct TransformSteps: Sendable {
    /// What the files' records are, by a content type.
    public var contentType: String
    /// What the answers are; nil = as the records are.
    public var accept: String?
    /// Whether each record stands with its answer.
    public var joinsInput = false
    public var inputFilter: RecordFilter?
    public var outputFilter: RecordFilter?

    public init(contentType: String) { self.contentType = contentType }
}

/// Turns pieces of one file's records into lines of its output.
struct PieceTransform: Sendable {
    let model: LoadedModel
    let steps: TransformSteps
    let format: MediaType.Format
    let reply: MediaType.Format
    /// The names of a CSV file's columns, which stand only at its beginning.
    var header: [UInt8]?

    struct Output: Sendable {
        var bytes: [UInt8] = []
        var recordCount = 0
        var warnings: [String] = []
    }

    /// - Throws: `usage` where the steps cannot be done with such records.
    init(_ model: LoadedModel, _ steps: TransformSteps) throws(TransformError) {
        (self.model, self.steps) = (model, steps)
        do throws(InvocationError) {
            let type = try MediaType.content(steps.contentType, orElse: .csv)
            format = type.format
            // What is joined or filtered is of one format with what it is joined to.
            let usual: MediaType.Format = type.format == .libsvm ? .csv : type.format == .recordIO ? .jsonLines : type.format
            reply = try MediaType.reply(steps.accept, orElse: usual)
        } catch { throw TransformError(.usage, path: "--content-type", error.message) }
        let isPlain = format == .csv || format == .json || format == .jsonLines
        if steps.joinsInput || steps.inputFilter != nil, !isPlain || steps.joinsInput && reply != format {
            throw TransformError(
                .usage, path: "--join",
                "records and answers are joined and filtered where both are \(MediaType.Format.csv.rawValue), \(MediaType.Format.json.rawValue) or \(MediaType.Format.jsonLines.rawValue): leave --accept out"
            )
        }
        for (filter, isLists) in [(steps.inputFilter, format == .csv), (steps.outputFilter, reply == .csv)] {
            if let filter, isLists, !filter.isOfLists {
                throw TransformError(
                    .usage, path: "--filter",
                    "'\(filter.text)' names values, and those of CSV have none: write places, as in $[0] or $[1:]")
            }
        }
    }

    /// - Throws: `data` with the line of the first record at fault.
    func output(_ piece: RecordPiece, path: String) throws(TransformError) -> Output {
        let answer: InvocationReply
        do throws(InvocationError) { answer = try ask(piece, piece.records.indices) } catch {
            throw fault(in: piece, piece.records.indices, error, path)
        }
        var output = Output(recordCount: answer.rowCount, warnings: answer.warnings)
        guard steps.joinsInput || steps.outputFilter != nil else {
            output.bytes = answer.body
            if let last = output.bytes.last, last != UInt8(ascii: "\n") { output.bytes.append(UInt8(ascii: "\n")) }
            return output
        }
        if reply == .json {
            output.bytes = Array(try joined(piece, 0, answer.body[...], path)) + [UInt8(ascii: "\n")]
            return output
        }
        let rows = Self.rows(answer.body)
        guard rows.count == piece.records.count else {
            throw TransformError(
                .data, path: path, line: piece.lines.first,
                "there are \(rows.count) answers to \(piece.records.count) records: give each record a line of its own")
        }
        for (index, row) in rows.enumerated() {
            output.bytes += try joined(piece, index, row, path)
            output.bytes.append(UInt8(ascii: "\n"))
        }
        return output
    }

    // MARK: - The model

    private func ask(_ piece: RecordPiece, _ records: Range<Int>) throws(InvocationError) -> InvocationReply {
        guard let first = records.first, let last = records.last else {
            throw InvocationError(.validation, "there are no records")
        }
        var body: [UInt8] = []
        if let header {
            body += try filtered(header[...])
            body.append(UInt8(ascii: "\n"))
        }
        if steps.inputFilter == nil {
            // Records as they lie in the file, with what is between them.
            body += piece.bytes[piece.records[first].lowerBound..<piece.records[last].upperBound]
        } else {
            for record in records {
                body += try filtered(piece.bytes[piece.records[record]])
                body.append(UInt8(ascii: "\n"))
            }
        }
        let parameters = format == .csv ? "; header=\(header == nil ? "absent" : "present")" : ""
        return try model.invoke(
            InvocationRequest(body: body, contentType: format.rawValue + parameters, accept: reply.rawValue))
    }

    /// Which record an error is about: of those that fail together the first that fails alone.
    private func fault(
        in piece: RecordPiece, _ records: Range<Int>, _ error: InvocationError, _ path: String
    ) -> TransformError {
        var records = records, error = error
        while records.count > 1 {
            let middle = records.lowerBound + records.count / 2
            do throws(InvocationError) {
                _ = try ask(piece, records.lowerBound..<middle)
                records = middle..<records.upperBound
            } catch let earlier {
                (records, error) = (records.lowerBound..<middle, earlier)
            }
        }
        // Of the last one that is left nobody has heard yet, unless it was asked.
        do throws(InvocationError) { _ = try ask(piece, records) } catch let own { error = own }
        return TransformError(.data, path: path, line: piece.lines[records.lowerBound], error.message)
    }

    // MARK: - Filter and join

    private func filtered(_ record: ArraySlice<UInt8>) throws(InvocationError) -> [UInt8] {
        guard let filter = steps.inputFilter, !filter.takesAll else { return Array(record) }
        if format == .csv {
            guard let fields = Self.pick(filter, Self.fields(record)) else { throw Self.nothing(filter) }
            return fields
        }
        guard let value = filter.value(of: try Self.document(record)) else { throw Self.nothing(filter) }
        return Array(value.text.utf8)
    }

    private static func nothing(_ filter: RecordFilter) -> InvocationError {
        InvocationError(.validation, "the filter '\(filter.text)' finds nothing: the record has no such value")
    }

    private static func document(_ bytes: ArraySlice<UInt8>) throws(InvocationError) -> JSONValue {
        do throws(JSONError) { return try JSONValue(parsing: Array(bytes)) } catch {
            throw InvocationError(.unsupportedContentType, error.description)
        }
    }

    /// A record with its answer, as far as the output filter takes them.
    private func joined(
        _ piece: RecordPiece, _ index: Int, _ row: ArraySlice<UInt8>, _ path: String
    ) throws(TransformError) -> [UInt8] {
        let record = piece.bytes[piece.records[index]]
        do throws(InvocationError) {
            if reply == .csv {
                let fields = (steps.joinsInput ? Self.fields(record) : []) + Self.fields(row)
                guard let filter = steps.outputFilter else { return Self.joined(fields) }
                guard let picked = Self.pick(filter, fields) else { throw Self.nothing(filter) }
                return picked
            }
            var value = try Self.document(row)
            if steps.joinsInput { value = Self.join(try Self.document(record), value) }
            if let filter = steps.outputFilter {
                guard let part = filter.value(of: value) else { throw Self.nothing(filter) }
                value = part
            }
            return Array(value.text.utf8)
        } catch { throw TransformError(.data, path: path, line: piece.lines[index], error.message) }
    }

    /// - Source: SageMaker's `JoinSource`: `SageMakerOutput` is added to objects, what is none becomes `SageMakerInput`.
    private static func join(_ input: JSONValue, _ output: JSONValue) -> JSONValue {
        if case .object(let members) = input {
            return .object(members.filter { $0.name != "SageMakerOutput" } + [.init("SageMakerOutput", output)])
        }
        return .object(["SageMakerInput": input, "SageMakerOutput": output])
    }

    // MARK: - Records of CSV

    /// The values of a record as they are written, quotes and all.
    private static func fields(_ record: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var fields: [ArraySlice<UInt8>] = [], start = record.startIndex, isQuoted = false
        for place in record.indices {
            if record[place] == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard record[place] == UInt8(ascii: ","), !isQuoted else { continue }
            fields.append(record[start..<place])
            start = place + 1
        }
        return fields + [record[start...]]
    }

    private static func joined(_ fields: [ArraySlice<UInt8>]) -> [UInt8] { Array(fields.joined(separator: [UInt8(ascii: ",")])) }

    private static func pick(_ filter: RecordFilter, _ fields: [ArraySlice<UInt8>]) -> [UInt8]? {
        filter.places(count: fields.count).map { places in joined(places.map { fields[$0] }) }
    }

    /// The rows of an answer: those of CSV may hold line ends in quotes.
    private static func rows(_ body: [UInt8]) -> [ArraySlice<UInt8>] {
        var rows: [ArraySlice<UInt8>] = [], start = 0, isQuoted = false
        for (place, byte) in body.enumerated() {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard byte == UInt8(ascii: "\n"), !isQuoted else { continue }
            rows.append(body[start..<place])
            start = place + 1
        }
        return start < body.count ? rows + [body[start...]] : rows
    }
}

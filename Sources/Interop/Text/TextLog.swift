import Files
import JSON

/// A log of one run as lines: JSON Lines, or CSV with a header.
final class TextLog: LogReader {
    enum Form { case jsonLines, csv(delimiter: UInt8) }

    let path: String
    let writer: String
    let tellsEnd = false
    private let form: Form
    private let name: String
    private let experiment: String
    private let columnNames: LogColumnNames
    private var columns: LogColumns
    private var decimals: DecimalCells
    private var tail: FileTail
    private var header: [String]?
    private var hasToldParameters = false
    /// Whether a record was read whose end was not there: when more comes, it may become another one.
    private var hasReadUnfinished = false

    init(path: String, form: Form, name: String, experiment: String, columns: LogColumnNames) {
        self.path = path
        self.form = form
        self.name = name
        self.experiment = experiment
        columnNames = columns
        self.columns = LogColumns(columns)
        decimals = DecimalCells(columns.decimal)
        tail = FileTail(path: path)
        if case .jsonLines = form { writer = "json-lines" } else { writer = "csv" }
    }

    var files: [String] { [path] }
    var hasMore: Bool { tail.hasMore }

    func read() -> [RunUpdate] {
        var update = RunUpdate(name: name, experiment: experiment)
        let isAnew = hasReadUnfinished
        if isAnew { tail = FileTail(path: path) }
        if tail.readMore() == .restarted || isAnew { startOver(&update) }
        if !hasToldParameters, let text = FileContents.text(FilePath.folder(path) + "/hparams.yaml") {
            update.parameters = FlatYAML.values(text)
            hasToldParameters = true
        }
        tail.consume(take(tail.bytes, into: &update))
        addNotes(to: &update)
        return [update]
    }

    private func startOver(_ update: inout RunUpdate) {
        columns = LogColumns(columnNames)
        decimals = DecimalCells(columnNames.decimal)
        header = nil
        hasReadUnfinished = false
        update.isFromTheBeginning = true
    }

    func readUnfinished() -> [RunUpdate] {
        guard !tail.bytes.isEmpty, !hasMore else { return [] }
        hasReadUnfinished = true
        var update = RunUpdate(name: name, experiment: experiment)
        if take(tail.bytes + [UInt8(ascii: "\n")], into: &update, isUnfinished: true) == 0 { noteUnreadable(&update) }
        addNotes(to: &update)
        return [update]
    }

    private func noteUnreadable(_ update: inout RunUpdate) {
        update.note("\(path): lines that could not be read were left out")
    }

    private func addNotes(to update: inout RunUpdate) {
        update.notes += columns.takeNotes().map { "\(path): \($0)" }
        if let example = decimals.example {
            update.notes.append("\(path): \(example) is read as a number with a decimal comma, and so are all others")
        }
        if let cell = decimals.ambiguous {
            update.notes.append("\(path): \(cell) could mean two numbers and is left out: say --decimal , or --decimal .")
        }
    }

    /// Reads whole records from the beginning of `bytes`; returns how many bytes they took.
    private func take(_ bytes: [UInt8], into update: inout RunUpdate, isUnfinished: Bool = false) -> Int {
        switch form {
        case .jsonLines: takeLines(bytes, into: &update)
        case .csv(let delimiter): takeRecords(bytes, delimiter, into: &update, isUnfinished: isUnfinished)
        }
    }

    private func takeLines(_ bytes: [UInt8], into update: inout RunUpdate) -> Int {
        var start = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: bytes[start..<end], as: UTF8.self)
            start = end + 1
            if line.allSatisfy(\.isWhitespace) { continue }
            guard let json = FlatJSON.parse(line), let members = json.members else {
                noteUnreadable(&update)
                continue
            }
            var fields: [(name: String, value: JSONValue)] = []
            for member in members {
                if LogColumns.configurations.contains(member.name.lowercased()), member.value.members != nil {
                    FlatJSON.visit(member.value, name: "") { update.parameters[$0] = FlatJSON.text($1) }
                } else {
                    FlatJSON.visit(member.value, name: member.name) { fields.append(($0, $1)) }
                }
            }
            update.values += columns.values(of: fields)
        }
        return start
    }

    /// - Parameter isUnfinished: whether the last record was cut where the file ends; with fewer cells than the header it was cut
    ///   within, and is left out.
    private func takeRecords(_ bytes: [UInt8], _ delimiter: UInt8, into update: inout RunUpdate, isUnfinished: Bool) -> Int {
        var records: [[String]] = []
        var start = 0
        while let (end, cells) = CSVLine.next(bytes, from: start, delimiter: delimiter, isFirst: tail.position == 0) {
            start = end
            if cells.count > 1 || cells.first?.isEmpty == false { records.append(cells) }
        }
        // What the numbers look like is known before the first of them is read.
        for record in records { decimals.look(at: record) }
        for record in records {
            guard let names = header, !Self.isHeader(record, after: names) else {
                // A header that comes again is that of a program that was started again.
                if header != nil { columns.beginAnew() }
                header = record
                continue
            }
            if record.count != names.count { noteUnreadable(&update) }
            // Of a record with more cells than there are names nobody knows which belong to which.
            if record.count > names.count || isUnfinished && record.count < names.count { continue }
            update.values += columns.values(of: zip(names, record).map { ($0, decimals.value($1)) })
        }
        return start
    }

    /// Whether a record names columns anew, as a program does that was started again or measures more from then on: no number is
    /// in it, but a name that stood in the header before, or that logs have.
    private static func isHeader(_ record: [String], after names: [String]) -> Bool {
        guard record.count > 1, record.allSatisfy({ !$0.isEmpty && LogNumber.value(of: $0) == nil }) else { return false }
        return record.contains { names.contains($0) || LogColumns.isTelling($0) }
    }
}

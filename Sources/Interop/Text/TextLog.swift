import Events

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
    private var tail: FileTail
    private var header: [String]?
    private var hasToldParameters = false
    private var badLineCount = 0
    private var saidDamage = false

    init(path: String, form: Form, name: String, experiment: String, columns: LogColumnNames) {
        self.path = path
        self.form = form
        self.name = name
        self.experiment = experiment
        columnNames = columns
        self.columns = LogColumns(columns)
        tail = FileTail(path: path)
        if case .jsonLines = form { writer = "json-lines" } else { writer = "csv" }
    }

    var files: [String] { [path] }
    var hasMore: Bool { tail.hasMore }

    func read() -> [RunUpdate] {
        var update = RunUpdate(name: name, experiment: experiment)
        if case .restarted = tail.readMore() {
            columns = LogColumns(columnNames)
            header = nil
            update.isFromTheBeginning = true
        }
        if !hasToldParameters, let text = Files.text(Files.folder(path) + "/hparams.yaml") {
            update.parameters = Files.flatYAML(text)
            hasToldParameters = true
        }
        switch form {
        case .jsonLines: readLines(into: &update)
        case .csv(let delimiter): readRecords(delimiter, into: &update)
        }
        if badLineCount > 0, !saidDamage {
            saidDamage = true
            update.damage = "\(path): lines that could not be read were left out"
        }
        return [update]
    }

    private func readLines(into update: inout RunUpdate) {
        var start = 0
        while let end = tail.bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: tail.bytes[start..<end], as: UTF8.self)
            start = end + 1
            if line.allSatisfy(\.isWhitespace) { continue }
            guard let json = FlatJSON.parse(line), let members = json.members else {
                badLineCount += 1
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
        tail.consume(start)
    }

    private func readRecords(_ delimiter: UInt8, into update: inout RunUpdate) {
        var start = 0
        while let (end, cells) = CSVLine.next(tail.bytes, from: start, delimiter: delimiter) {
            start = end
            if cells.count == 1, cells[0].isEmpty { continue }
            guard let header else {
                self.header = cells
                continue
            }
            if cells.count != header.count { badLineCount += 1 }
            update.values += columns.values(of: zip(header, cells).map { ($0, Self.value($1)) })
        }
        tail.consume(start)
    }

    /// A cell as a value: a number where it is one.
    private static func value(_ cell: String) -> JSONValue {
        if let number = Double(cell) { return .number(number) }
        return .string(["NAN", "Nan"].contains(cell) ? "NaN" : cell)
    }
}

/// Records of delimited text, quotes and line breaks in quotes included.
enum CSVLine {
    /// The record that begins at `start`; nil as long as its end is not there.
    static func next(_ bytes: [UInt8], from start: Int, delimiter: UInt8) -> (end: Int, cells: [String])? {
        var cells: [String] = []
        var cell: [UInt8] = []
        var isQuoted = false
        var index = start
        if start == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if isQuoted {
                if byte != UInt8(ascii: "\"") {
                    cell.append(byte)
                } else if index < bytes.count, bytes[index] == byte {
                    cell.append(byte)
                    index += 1
                } else {
                    isQuoted = false
                }
            } else if byte == UInt8(ascii: "\""), cell.isEmpty {
                isQuoted = true
            } else if byte == delimiter || byte == UInt8(ascii: "\n") {
                if byte != delimiter, cell.last == UInt8(ascii: "\r") { cell.removeLast() }
                cells.append(trimmed(cell))
                cell = []
                if byte != delimiter { return (index, cells) }
            } else {
                cell.append(byte)
            }
        }
        return nil
    }

    private static func trimmed(_ cell: [UInt8]) -> String {
        var slice = cell[...]
        while slice.first == UInt8(ascii: " ") { slice = slice.dropFirst() }
        while slice.last == UInt8(ascii: " ") { slice = slice.dropLast() }
        return String(decoding: slice, as: UTF8.self)
    }
}

import Glibc

/// Writes the chosen objects of a JSON file as they are, with members added behind the others.
struct JSONLinesCopy {
    private let file: FileBytes
    private let path: String
    private var choice: RowChoice
    private let columns: [AddedColumn]
    private let names: [String]
    /// Where the objects are, unless each stands on a line.
    private let extent: JSONExtent?

    /// What is not UTF-8 is written in it, as all JSON is today.
    ///
    /// - Parameter names: those of the table's columns.
    init(_ source: SourceFile, names: [String], _ choice: RowChoice, adding columns: [AddedColumn]) throws(TableError) {
        (file, self.choice, self.columns) = (try source.text().text, choice, columns)
        path = source.path
        extent = source.reading.format == .json ? try JSONExtent(objectsOf: file, path: path, threadCount: 1) : nil
        // An object within the record has its first name in front of a point.
        let outer = names.compactMap { name in name.firstIndex(of: ".").map { String(name[..<$0]) } }
        self.names = AddedColumn.uniqueNames(columns, beside: names + outer).map(JSONText.quoted)
    }

    /// - Parameter asList: one list of the records instead of one line for each.
    func write(to output: RowOutput, asList: Bool) throws(TableError) {
        var records = JSONLinesCursor(file: file, extent)
        var choice = choice
        var row = 0, written = 0
        if asList { try output.append("[") }
        while let wanted = choice.row, let record = records.next() {
            defer { row += 1 }
            guard row == wanted else { continue }
            choice.advance()
            if asList { try output.append(written == 0 ? "\n" : ",\n") }
            // What is laid out over several lines becomes one where each line is a record.
            let line = asList || extent == nil ? [] : record.map { $0 == 10 || $0 == 13 ? 32 : $0 }
            try line.withUnsafeBufferPointer { line throws(TableError) in
                try append(line.isEmpty ? record : line, written, to: output)
            }
            if !asList { try output.append(records.lineEnding) }
            written += 1
        }
        if asList { try output.append("\n]\n") }
    }

    private func append(_ record: UnsafeBufferPointer<UInt8>, _ row: Int, to output: RowOutput) throws(TableError) {
        guard !columns.isEmpty else { return try output.append(record) }
        let space: (UInt8) -> Bool = { [32, 9, 13].contains($0) }
        guard let brace = record.lastIndex(of: UInt8(ascii: "}")),
            let last = record[..<brace].lastIndex(where: { !space($0) })
        else { throw TableError.changed(path) }
        try output.append(UnsafeBufferPointer(rebasing: record[...last]))
        // As the record itself does it: `{"a": 1, "b": 2}` or `{"a":1,"b":2}`.
        let isEmpty = record[last] == UInt8(ascii: "{")
        let gap = isEmpty || Self.isSpaced(record) ? " " : ""
        for (index, column) in columns.enumerated() {
            let comma = isEmpty && index == 0 ? "" : "," + gap
            try output.append(comma + names[index] + ":" + gap + JSONText.token(column.value(row), isNumeric: false))
        }
        try output.append(UnsafeBufferPointer(rebasing: record[(last + 1)...]))
    }

    /// Whether there is a space behind the colon of the first member.
    private static func isSpaced(_ record: UnsafeBufferPointer<UInt8>) -> Bool {
        var isWithin = false, isEscaped = false
        for (index, byte) in record.enumerated() {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isWithin.toggle()
            } else if byte == UInt8(ascii: ":"), !isWithin {
                return index + 1 < record.count && record[index + 1] == 32
            }
        }
        return true
    }
}

/// Walks through the objects of a JSON file as bytes: lines but blank ones, or what stands between brackets.
struct JSONLinesCursor {
    private let file: FileBytes
    private let extent: JSONExtent?
    private var offset: Int
    /// The line ending of the record that `next` gave last.
    private(set) var lineEnding = "\n"

    init(file: FileBytes, _ extent: JSONExtent?) {
        (self.file, self.extent) = (file, extent)
        offset = extent?.begin ?? JSONOpening.textStart(file.bytes)
    }

    /// The next record without its line ending.
    mutating func next() -> UnsafeBufferPointer<UInt8>? {
        if let extent { return nextObject(before: extent.end) }
        while offset < file.count {
            let start = offset
            let newline = memchr(file.base + start, 10, file.count - start)
            var stop = newline.map { UnsafeRawPointer($0) - UnsafeRawPointer(file.base) } ?? file.count
            offset = stop + 1
            let isWindows = stop > start && file.base[stop - 1] == 13
            if isWindows { stop -= 1 }
            let line = UnsafeBufferPointer(start: file.base + start, count: stop - start)
            guard line.contains(where: { $0 != 32 && $0 != 9 && $0 != 13 }) else { continue }
            lineEnding = isWindows ? "\r\n" : "\n"
            return line
        }
        return nil
    }

    private mutating func nextObject(before end: Int) -> UnsafeBufferPointer<UInt8>? {
        while offset < end, file.base[offset] != UInt8(ascii: "{") { offset += 1 }
        let start = offset
        var depth = 0, isText = false
        while offset < end {
            let byte = file.base[offset]
            offset += 1
            if isText {
                if byte == UInt8(ascii: "\\") { offset += 1 }
                if byte == UInt8(ascii: "\"") { isText = false }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return UnsafeBufferPointer(start: file.base + start, count: offset - start) }
            default: break
            }
        }
        return nil
    }
}

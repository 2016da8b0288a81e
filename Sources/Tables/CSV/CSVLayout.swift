import CTableKernels

/// Where the records of a file begin, what separates their fields, and what the columns are called.
struct CSVLayout {
    var delimiter: UInt8
    var hasHeader: Bool
    var names: [String]
    /// Offset of the first record after the header.
    var dataStart: Int
    /// For each column, whether the first records let it be numbers.
    var startsNumeric: [Bool]
    var warnings: [TableWarning] = []

    static let sampleRows = 1000
    static let sampleBytes = 1 << 20

    init(file: FileBytes, path: String, options: ReadOptions) throws(TableError) {
        let start = file.count >= 3 && file.base[0] == 0xef && file.base[1] == 0xbb && file.base[2] == 0xbf ? 3 : 0
        var first = start
        while first < file.count, file.base[first] == 10 || file.base[first] == 13 { first += 1 }
        guard first < file.count else {
            throw TableError(.emptyFile, "the file holds only blank lines: it needs at least one record", path: path)
        }
        delimiter = options.delimiter?.asciiValue ?? CSVLayout.detectDelimiter(file, from: first)
        let sample = CSVLayout.records(file, from: first, delimiter: delimiter, limit: CSVLayout.sampleRows)
        guard let head = sample.first else {
            var found = 0
            var kind: Int32 = 0
            dk_csv_record(file.base, first, file.count, delimiter, nil, 0, &found, &kind)
            throw CSVFault(kind: Int(kind), field: found).error(path: path, line: file.line(at: first))
        }
        let body = sample.dropFirst().filter { $0.count == head.count }
        let isNumeric = head.indices.map { column in CSVLayout.allowsNumbers(body.map { $0[column] }) }
        hasHeader =
            options.header.map { $0 != ReadOptions.Header.none } ?? CSVLayout.detectHeader(head, body, isNumeric: isNumeric)
        names = head.indices.map { "column_\($0 + 1)" }
        dataStart = first
        startsNumeric = head.indices.map { column in
            CSVLayout.allowsNumbers(sample.filter { $0.count == head.count }.map { $0[column] })
        }
        if hasHeader {
            var found = 0
            var error: Int32 = 0
            dataStart = dk_csv_record(file.base, first, file.count, delimiter, nil, 0, &found, &error)
            startsNumeric = isNumeric
            (names, warnings) = CSVLayout.uniqueNames(head)
        }
    }

    /// The first records as text.
    static func records(_ file: FileBytes, from start: Int, delimiter: UInt8, limit: Int) -> [[String]] {
        var spans = [dk_span](repeating: 0, count: 1024)
        var offset = start
        var records: [[String]] = []
        while offset < file.count, records.count < limit, offset - start < sampleBytes {
            var found = 0
            var error: Int32 = 0
            let begin = offset
            offset = dk_csv_record(file.base, begin, file.count, delimiter, &spans, spans.count, &found, &error)
            if found > spans.count {
                spans = [dk_span](repeating: 0, count: found)
                offset = begin
                continue
            }
            if error != 0 { break }
            if found == 1, dk_span_length(spans[0]) == 0, !records.isEmpty { continue }
            records.append(spans[..<found].map { file.text($0) })
        }
        return records
    }

    /// The delimiter whose field count most records share; ties go to the larger count, then to the comma.
    static func detectDelimiter(_ file: FileBytes, from start: Int) -> UInt8 {
        var best = (delimiter: UInt8(ascii: ","), share: 0.0, fields: 1)
        for candidate in [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")] {
            let counts = records(file, from: start, delimiter: candidate, limit: 50).map(\.count)
            var frequency: [Int: Int] = [:]
            for count in counts where count > 1 { frequency[count, default: 0] += 1 }
            guard let mode = frequency.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else { continue }
            let share = Double(mode.value) / Double(counts.count)
            if share > best.share || (share == best.share && mode.key > best.fields) { best = (candidate, share, mode.key) }
        }
        return best.delimiter
    }

    static func isNumber(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { NumberText.value($0) != nil }
    }

    static func isMissing(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { dk_is_missing($0.baseAddress, $0.count) != 0 }
    }

    private static func allowsNumbers(_ values: [String]) -> Bool { values.allSatisfy { isMissing($0) || isNumber($0) } }

    /// A header has no numbers or dates, and either stands over other things than words or has words that do not recur.
    private static func detectHeader(_ head: [String], _ body: [[String]], isNumeric: [Bool]) -> Bool {
        // A column may be called `inf`, so only finite numbers tell against a header.
        let isData = { (text: String) in
            (isNumber(text) && !text.lowercased().contains("inf"))
                || CalendarTime.seconds(text, order: .monthFirst) != nil
        }
        if head.contains(where: isData) || head.dropFirst().contains(where: { isMissing($0) }) { return false }
        if body.isEmpty { return true }
        for column in head.indices {
            let values = body.map { $0[column] }.filter { !isMissing($0) }
            if values.isEmpty || isMissing(head[column]) { continue }
            if isNumeric[column] || values.allSatisfy(isData) { return true }
            if values.allSatisfy(BooleanWords.isBoolean), !BooleanWords.isBoolean(head[column]) { return true }
        }
        if Set(head).count < head.count { return false }
        return !head.indices.contains { column in body.contains { $0[column] == head[column] } }
    }

    /// Names for columns, made up where there is none and numbered where one recurs.
    static func uniqueNames(_ head: [String]) -> ([String], [TableWarning]) {
        var warnings: [TableWarning] = []
        var taken: Set<String> = []
        var names: [String] = []
        for (index, original) in head.enumerated() {
            var name = original
            if name.isEmpty {
                name = "column_\(index + 1)"
                warnings.append(TableWarning(.emptyHeader, column: name, "column \(index + 1) has no name: it is called \(name)"))
            }
            var number = 2
            let wanted = name
            while taken.contains(name) || (number > 2 && head.contains(name)) {
                name = "\(wanted)_\(number)"
                number += 1
            }
            if name != wanted {
                warnings.append(
                    TableWarning(
                        .duplicateHeader, column: name, "column \(index + 1) repeats the name \(wanted): it is called \(name)"))
            }
            taken.insert(name)
            names.append(name)
        }
        return (names, warnings)
    }
}

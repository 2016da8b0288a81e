/// What stands above a table in a file of delimited text.
extension CSVLayout {
    /// Where the header is, when it is the last of the lines that begin with `#`.
    static func markedHeader(
        _ file: FileBytes, from first: Int, to start: Int, _ dialect: CSVDialect, _ sample: CSVRecords
    ) -> Int? {
        guard let fields = CSVDialect.mode(sample.records.map(\.count)), fields > 1 else { return nil }
        var line = first, last = first
        while line < start {
            last = line
            line = skippingBlank(file, from: file.nextLine(after: line))
        }
        var marked = CSVRecords(file, from: last, dialect, limit: 1)
        marked.dropMark()
        guard let head = marked.records.first, head.count == fields else { return nil }
        let isBare = head.allSatisfy { !$0.isEmpty && CellKind($0) == .text && $0.utf8.count <= 40 }
        let isData = sample.records.first.map { $0.contains { CellKind($0) != .text } } ?? false
        return isBare && isData ? last : nil
    }

    /// `#` when lines that begin with it are remarks wherever they stand, as each has a blank behind it; else 0.
    ///
    /// Where one has none, as in `#ff0000,3`, it may be a record.
    static func remarkMark(_ file: FileBytes, from start: Int) -> UInt8 {
        let mark = UInt8(ascii: "#")
        var line = start
        while line < file.count {
            if file.base[line] == mark, line + 1 < file.count, ![9, 10, 13, 32, mark].contains(file.base[line + 1]) { return 0 }
            line = file.nextLine(after: line)
        }
        return mark
    }

    /// Records above the table that are no part of it: at most half as many fields as the table has.
    static func titleCount(_ sample: CSVRecords) -> Int {
        let counts = sample.records.map(\.count)
        guard let usual = CSVDialect.mode(counts.filter { $0 > 1 }), counts.count(where: { $0 == usual }) >= 2 else { return 0 }
        let first = counts.firstIndex { $0 * 2 > usual } ?? 0
        guard first > 0, first <= 50, counts.dropFirst(first).count(where: { $0 == usual }) * 2 > counts.count - first else {
            return 0
        }
        return first
    }

    /// Records above the table that have fewer fields than it, or as many of which most are empty, where the first that has them
    /// all is a header beyond doubt: words that differ, over values of which some are numbers or dates.
    static func reportHeadCount(_ sample: CSVRecords) -> Int {
        let records = sample.records
        guard let usual = CSVDialect.mode(records.map(\.count)), usual > 1 else { return 0 }
        let first = records.prefix(51).firstIndex { $0.count >= usual && filled($0) * 2 > usual } ?? 0
        guard first > 0, records[first].count == usual, isHeader(records[first], over: records.dropFirst(first + 1)) else {
            return 0
        }
        // A record of nothing but values belongs to a table of its own.
        let isTitle = records[..<first].allSatisfy { $0.allSatisfy(\.isEmpty) || $0.contains { CellKind($0) == .text } }
        return isTitle ? first : 0
    }

    /// Fields up to the last that is not empty.
    private static func filled(_ record: [String]) -> Int { (record.lastIndex { !$0.isEmpty } ?? -1) + 1 }

    private static func isHeader(_ head: [String], over body: ArraySlice<[String]>) -> Bool {
        guard head.allSatisfy({ !$0.isEmpty && CellKind($0) == .text }), Set(head).count == head.count else { return false }
        let fitting = body.prefix(200).filter { $0.count == head.count }
        guard fitting.count >= 2, fitting.count * 10 >= body.prefix(200).count * 9 else { return false }
        return head.indices.contains { column in
            let kind = CellKind.shared(fitting.map { CellKind($0[column]) })
            return kind == .number || kind == .date || kind == .time
        }
    }

    static func titlesLeftOut(_ records: ArraySlice<[String]>) -> TableWarning {
        let text = (records.first ?? []).filter { !$0.isEmpty }.joined(separator: " ").prefix(60)
        let lines = records.count == 1 ? "1 line" : "\(records.count) lines"
        return TableWarning(
            .skippedLines,
            "\(lines) above the names ('\(text)') \(records.count == 1 ? "is" : "are") left out: --skip-rows 0 reads them")
    }
}

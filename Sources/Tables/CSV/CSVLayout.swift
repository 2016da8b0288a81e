import CTableKernels

/// Where the records of a file begin and end, what separates their fields, and what the columns are called.
struct CSVLayout {
    var dialect: CSVDialect
    /// What lines begin with that are left out; 0 = none.
    var comment: UInt8 = 0
    var hasHeader: Bool
    var isHeaderUnsure = false
    /// One name a column that is kept.
    var names: [String]
    /// Fields of a record; more than names where the last is always empty.
    var fieldCount: Int
    /// Where the header is.
    var header: Range<Int>?
    /// The header without its line ending, when a line like it is no record: empty = each is one.
    var repeatedHeader: [UInt8] = []
    /// Offset of the first record after the header, and of what follows the last.
    var dataStart: Int, dataEnd: Int
    /// Lines that are no data.
    var skippedAbove = 0, skippedBelow = 0, unitLines = 0
    /// For each field, its decimal mark, and whether the first records let it be numbers.
    var points: [UInt8], startsNumeric: [Bool]
    var warnings: [TableWarning] = []

    static let sampleRows = 1000

    init(file: FileBytes, path: String, options: ReadOptions, schema: TableSchema? = nil) throws(TableError) {
        var options = options
        if options.comment == nil, let learned = schema?.comment?.first { options.comment = .character(learned) }
        if case .character(let mark)? = options.comment { comment = mark.asciiValue ?? 0 }
        dialect = CSVDialect(delimiter: UInt8(ascii: ","))
        (hasHeader, names, fieldCount, header) = (false, [], 1, nil)
        (dataStart, dataEnd, points, startsNumeric) = (0, file.endWithoutBlankLines, [], [])
        var start = try skipLines(file, path: path, &options)
        let sample = findRecords(file, from: &start, options, schema)
        guard let head = sample.records.first else {
            throw CSVFault(kind: Int(sample.fault), field: sample.faultField).error(path: path, line: file.line(at: start))
        }
        (fieldCount, dataStart) = (head.count, start)
        takeHeader(sample, file, options, schema)
        findFooter(file)
        findNumbers(sample, options, schema)
    }

    /// Where the first line begins that may be something: behind marks, what the user says is no data, `sep=` and blank lines.
    private mutating func skipLines(
        _ file: FileBytes, path: String, _ options: inout ReadOptions
    ) throws(TableError) -> Int {
        var top = 0
        // More than one mark where programs put theirs before another's.
        while file.bytes[top...].starts(with: [0xef, 0xbb, 0xbf]) { top += 3 }
        var start = top, left = options.skippedLines ?? 0
        if case .line(let line)? = options.header { left = line - 1 }
        // A user may name any line: no further than there are lines.
        while left > 0, start < file.count {
            start = file.nextLine(after: start)
            left -= 1
        }
        if start == top, let said = CSVLayout.separatorLine(file, at: start) {
            start = said.next
            options.delimiter = options.delimiter ?? said.delimiter
            skippedAbove += 1
        }
        start = CSVLayout.skippingBlank(file, from: start)
        guard start < file.count else {
            throw TableError(.emptyFile, "the file holds only blank lines: it needs at least one record", path: path)
        }
        return start
    }

    /// Finds the dialect and the first records, behind remarks and titles.
    ///
    /// - Parameter start: where the first line is; afterwards, where the first record is.
    private mutating func findRecords(
        _ file: FileBytes, from start: inout Int, _ options: ReadOptions, _ schema: TableSchema?
    ) -> CSVRecords {
        let first = start
        while start < file.count,
            options.comment == nil ? file.base[start] == UInt8(ascii: "#") : comment != 0 && file.base[start] == comment
        {
            start = CSVLayout.skippingBlank(file, from: file.nextLine(after: start))
        }
        // A file of nothing but such lines is one whose records begin so.
        if start >= file.count { start = first }
        if start > first, options.comment == nil { comment = CSVLayout.remarkMark(file, from: first) }
        dialect = CSVDialect.find(file, from: start, comment: comment, options, schema)
        var sample = CSVRecords(file, from: start, dialect, comment: comment, limit: CSVLayout.sampleRows)
        if start > first, let marked = CSVLayout.markedHeader(file, from: first, to: start, dialect, sample) {
            start = marked
            sample = CSVRecords(
                file, from: marked, dialect, comment: comment, keepingFirst: true, limit: CSVLayout.sampleRows)
            sample.dropMark()
        }
        if start > first { skippedAbove += dk_newlines(file.base + first, start - first) }
        guard options.header == nil, options.skippedLines == nil else { return sample }
        let titles = CSVLayout.titleCount(sample), report = titles > 0 ? 0 : CSVLayout.reportHeadCount(sample)
        guard titles + report > 0 else { return sample }
        if report > 0 { warnings.append(CSVLayout.titlesLeftOut(sample.records[..<report])) }
        let next = sample.starts[titles + report]
        skippedAbove += dk_newlines(file.base + start, next - start)
        start = next
        return CSVRecords(file, from: next, dialect, comment: comment, limit: CSVLayout.sampleRows)
    }

    /// The first record as names, if it is one, and what the columns are called.
    private mutating func takeHeader(
        _ sample: CSVRecords, _ file: FileBytes, _ options: ReadOptions, _ schema: TableSchema?
    ) {
        var head = sample.records[0]
        let rest = sample.records.dropFirst()
        let usual = CSVDialect.mode(rest.map(\.count)) ?? head.count
        let isShort = head.count + 1 == usual && rest.count { $0.count == usual } * 2 > rest.count
        let body = rest.filter { $0.count == (isShort ? usual : head.count) }
        let units = rest.first.map { CSVLayout.areUnits($0, over: rest.dropFirst().filter { $0 != head }) } ?? false
        let voting = isShort && !CSVLayout.lastIsEmpty(body) ? body.map { Array($0.dropFirst()) } : body
        let quotes =
            rest.prefix(20).contains { record in record.contains(where: CellKind.isNumber) }
            && CSVLayout.quotesNumbers(file, sample, dialect)
        var found = CSVHeader(
            head, quoted: sample.firstQuoted, body: units ? Array(voting.dropFirst()) : voting, bodyIsQuoted: quotes,
            schema: schema)
        if let said = options.header { found = CSVHeader(isHeader: said != ReadOptions.Header.none) }
        if isShort, found.isHeader || options.header == nil && head.allSatisfy({ CellKind($0) == .text }) {
            found.isHeader = true
            fieldCount = usual
            // What every line ends with is a delimiter too many; else the first field is a label without a name.
            if CSVLayout.lastIsEmpty(body) { head.append("") } else { head.insert("", at: 0) }
        }
        (hasHeader, isHeaderUnsure) = (found.isHeader, found.isUnsure)
        if isHeaderUnsure {
            let (what, other) =
                hasHeader ? ("the columns' names", "no takes it for data") : ("data", "yes takes it for the columns' names")
            warnings.append(TableWarning(.unsureHeader, "the first line is taken for \(what): --header \(other)"))
        }
        guard hasHeader else {
            names = (1...fieldCount).map { "column_\($0)" }
            // A column that a model knows is there though it has no value here.
            let isKnown = names.last.map { schema?.rulesByName[$0] != nil } ?? false
            if fieldCount > 1, body.count > 1, !isKnown, CSVLayout.lastIsEmpty(body) { names.removeLast() }
            return
        }
        name(head, sample, file, hasUnits: units && options.header == nil && sample.starts.count > 2)
    }

    /// Calls the columns by the first record, and begins the data behind it and a line of units.
    private mutating func name(_ head: [String], _ sample: CSVRecords, _ file: FileBytes, hasUnits: Bool) {
        var head = head
        let start = sample.starts[0], next = sample.ends.first ?? sample.end, rest = sample.records.dropFirst()
        (header, dataStart) = (start..<next, next)
        // In a file of one column a text like its name is a value.
        if fieldCount > 1 {
            repeatedHeader = Array(file.bytes[start..<next])
            while let last = repeatedHeader.last, last == 10 || last == 13 || last == 32 { repeatedHeader.removeLast() }
        }
        if head[0].hasPrefix("#"), head.count > 1 { head[0] = String(head[0].dropFirst().drop { $0 == " " }) }
        if hasUnits {
            (unitLines, dataStart) = (1, sample.ends[1])
            warnings.append(
                TableWarning(
                    .skippedLines,
                    "the line below the names holds units (\(rest.first?.joined(separator: ", ") ?? "")): it is left out"))
        }
        if head.last == "", fieldCount > 1, CSVLayout.lastIsEmpty(rest.filter { $0.count == fieldCount }) { head.removeLast() }
        let (unique, nameWarnings) = CSVLayout.uniqueNames(head)
        (names, warnings) = (unique, warnings + nameWarnings)
    }

    private static func lastIsEmpty(_ records: some Collection<[String]>) -> Bool {
        !records.isEmpty && records.allSatisfy { $0.last == "" }
    }

    /// Whether numbers stand in quotes in the records below the first.
    private static func quotesNumbers(_ file: FileBytes, _ sample: CSVRecords, _ dialect: CSVDialect) -> Bool {
        guard dialect.quote != 0, sample.starts.count > 1 else { return false }
        let second = CSVRecords(file, from: sample.starts[1], dialect, limit: 1)
        return zip(second.records.first ?? [], second.firstQuoted).contains { $1 && CellKind.isNumber($0) }
    }

    /// `sep=;`, as spreadsheets write it above the header.
    private static func separatorLine(_ file: FileBytes, at start: Int) -> (delimiter: Character, next: Int)? {
        let next = file.nextLine(after: start)
        let line = String(decoding: file.bytes[start..<next], as: UTF8.self).filter {
            $0 != "\"" && $0 != "\n" && $0 != "\r" && $0 != "\r\n"
        }
        guard line.lowercased().hasPrefix("sep="), line.utf8.count == 5, let last = line.last else { return nil }
        return (last, next)
    }

    static func skippingBlank(_ file: FileBytes, from start: Int) -> Int {
        var first = start
        while first < file.count, file.base[first] == 10 || file.base[first] == 13 { first += 1 }
        return first
    }

    /// Whether the line below the names says what the numbers below it measure.
    private static func areUnits(_ line: [String], over body: [[String]]) -> Bool {
        guard line.count >= 2, body.count >= 2, line.contains(where: { !$0.isEmpty }) else { return false }
        guard line.allSatisfy({ CellKind($0) == .text || $0.isEmpty }) else { return false }
        return line.indices.allSatisfy { column in
            let cells = body.prefix(100).filter { $0.count == line.count }.map { CellKind($0[column]) }
            return CellKind.shared(cells).map { $0 == .number || $0 == .date || $0 == .time } ?? false
        }
    }

    /// Lines at the end that are no records: totals and remarks.
    private mutating func findFooter(_ file: FileBytes) {
        guard fieldCount > 1, dataEnd > dataStart else { return }
        var end = dataEnd, lines = 0, footer = dataEnd
        while lines < 8, end > dataStart {
            var begin = end - 1
            while begin > dataStart, file.base[begin - 1] != 10 { begin -= 1 }
            let record = CSVRecords(file, from: begin, dialect, limit: 1).records.first ?? []
            let isBlank = file.isBlankLine(at: begin, end: end)
            guard
                isBlank
                    || record.count == 1 && CSVLayout.isRemark(record[0], endsFile: end == file.count && file.base[end - 1] != 10)
            else { break }
            lines += isBlank ? 0 : 1
            end = begin
            if !isBlank { footer = begin }
        }
        guard footer < dataEnd, footer > dataStart, !isWithinQuotes(footer, file) else { return }
        skippedBelow = dk_newlines(file.base + footer, dataEnd - footer) + (file.base[dataEnd - 1] == 10 ? 0 : 1)
        let text = String(decoding: file.bytes[footer..<dataEnd].prefix { $0 != 10 && $0 != 13 }.prefix(60), as: UTF8.self)
        warnings.append(
            TableWarning(
                .skippedLines, "line \(file.line(at: footer)) and what follows is no data ('\(text)'): it is left out"))
        dataEnd = footer
    }

    /// Whether a line begins within a quoted field, or no one can tell.
    private func isWithinQuotes(_ offset: Int, _ file: FileBytes) -> Bool {
        guard dialect.quote != 0 else { return false }
        return !file.bytes[dataStart..<offset].count { $0 == dialect.quote }.isMultiple(of: 2)
    }

    /// Several words, or one with a colon or brackets: no field of a record that was cut off.
    private static func isRemark(_ field: String, endsFile: Bool) -> Bool {
        guard CellKind(field) == .text, field.contains(where: \.isLetter) else { return false }
        if field.contains(":") || field.hasPrefix("(") || field.hasPrefix("#") { return true }
        return !endsFile && field.contains(" ")
    }

    /// Which fields may be numbers, and with which decimal mark.
    private mutating func findNumbers(_ sample: CSVRecords, _ options: ReadOptions, _ schema: TableSchema?) {
        let body = sample.records.dropFirst((hasHeader ? 1 : 0) + unitLines).filter { $0.count == fieldCount }
        let said = options.decimal?.asciiValue
        let comma = UInt8(ascii: ","), point = UInt8(ascii: ".")
        // A comma that is the decimal mark beyond doubt in one column is so in all; see `NumberSpelling`.
        var usual = said ?? point
        if said == nil, dialect.delimiter != comma {
            let strong = (0..<fieldCount).contains { column in CSVLayout.needsComma(body.prefix(200).map { $0[column] }) }
            if strong { usual = comma }
        }
        let isPointInFields = usual != dialect.delimiter
        points = [UInt8](repeating: isPointInFields ? usual : point, count: fieldCount)
        let rules = schema?.rulesByName ?? [:]
        startsNumeric = (0..<fieldCount).map { column in
            guard column < names.count else { return false }
            let said = options.kinds[names[column]] ?? rules[names[column]]?.kind
            if let rule = rules[names[column]], options.kinds[rule.name] == nil {
                guard rule.kind == .numeric || rule.kind == .integer else { return false }
                guard let spelling = rule.numbers else {
                    if options.decimal == nil { points[column] = point }
                    return true
                }
                // Here such numbers stand in quotes, if at all: they are taken from the fields' texts.
                guard spelling.decimal.utf8.first != dialect.delimiter else { return false }
                points[column] = spelling.decimal.utf8.first ?? point
                return spelling == NumberSpelling(decimal: ",") || spelling == .plain
            }
            if let said, said != .numeric, said != .integer { return false }
            // `1.234` where commas may be decimal marks: the column's texts decide, with what the other columns say.
            if dialect.delimiter == UInt8(ascii: ";"), said == nil, usual == point, CSVLayout.mayGroup(body.map { $0[column] }) {
                return false
            }
            return isPointInFields && body.allSatisfy { CSVLayout.allows($0[column], usual) }
        }
    }

    /// Whether every point among numbers may group digits.
    private static func mayGroup(_ values: [String]) -> Bool {
        let pointed = values.filter { $0.utf8.contains(UInt8(ascii: ".")) }
        return !pointed.isEmpty && pointed.allSatisfy(PlainNumbers.mayBeGrouped)
    }

    private static func allows(_ text: String, _ point: UInt8) -> Bool {
        if isMissing(text) { return true }
        guard point == UInt8(ascii: ",") else { return CellKind.isNumber(text) }
        return !text.utf8.contains(UInt8(ascii: ".")) && CellKind.isNumber(text.replacing(",", with: ".", maxReplacements: 1))
    }

    /// Whether values are numbers, with commas that can be nothing but decimal marks.
    private static func needsComma(_ values: [String]) -> Bool {
        let present = values.filter { !isMissing($0) && !$0.isEmpty }
        guard present.contains(where: { $0.utf8.contains(UInt8(ascii: ",")) }) else { return false }
        let found = NumberSpelling.find(present, NumberSpelling.Evidence())
        return found.map { $0.spelling.decimal == "," && $0.alternative == nil && $0.count == present.count } ?? false
    }

    static func isMissing(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { dk_is_missing($0.baseAddress, $0.count) != 0 }
    }

    /// Names for columns, made up where there is none and numbered where one recurs.
    static func uniqueNames(_ head: [String]) -> ([String], [TableWarning]) {
        var warnings: [TableWarning] = []
        let given = Set(head)
        var taken: Set<String> = []
        // Of each name that comes again, the number to try next.
        var next: [String: Int] = [:]
        var names: [String] = []
        for (index, original) in head.enumerated() {
            var name = original
            if name.isEmpty {
                name = index == 0 ? "index" : "column_\(index + 1)"
                warnings.append(TableWarning(.emptyHeader, column: name, "column \(index + 1) has no name: it is called \(name)"))
            }
            var number = 2
            let wanted = name
            if taken.contains(name) { number = next[wanted] ?? 2 }
            while taken.contains(name) || (name != wanted && given.contains(name)) {
                name = "\(wanted)_\(number)"
                number += 1
                next[wanted] = number
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

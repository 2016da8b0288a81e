import CTableKernels
import Numerics

/// Parsed fields turned into typed columns.
struct CSVColumns {
    private(set) var columns: [Column] = []
    private(set) var warnings: [TableWarning] = []

    init(file: FileBytes, parse: CSVParse, names: [String], threadCount: Int) {
        let hasHighBytes = parse.survey.counts.high_bytes > 0
        for index in names.indices {
            let seen = parse.seen[index]
            if seen.kind == DK_COLUMN_SPANS {
                addText(file, parse.spans[index], name: names[index], hasHighBytes: hasHighBytes)
            } else {
                let isInteger = seen.has_fraction == 0 && seen.missing < parse.rowCount
                columns.append(
                    Column(name: names[index], kind: isInteger ? .integer : .numeric, storage: .numbers(parse.numbers[index])))
                if seen.has_infinity != 0 {
                    warnings.append(
                        TableWarning(
                            .infiniteValues, column: names[index],
                            "\(names[index]) holds infinite values: replace them, or the column cannot be used"))
                }
            }
        }
    }

    private mutating func addText(_ file: FileBytes, _ spans: [dk_span], name: String, hasHighBytes: Bool) {
        let interner = dk_interner_create(file.base)
        defer { dk_interner_destroy(interner) }
        let codes = [Int32](unsafeUninitializedCapacity: spans.count) { buffer, initialized in
            if let base = buffer.baseAddress { dk_interner_add(interner, spans, spans.count, base) }
            initialized = spans.count
        }
        let distinct = (0..<dk_interner_count(interner)).map { dk_interner_span(interner, $0) }
        let dictionary = distinct.map(file.text)
        // Different bytes are different texts, unless quotes were doubled or bytes are no UTF-8.
        let mayRepeat = hasHighBytes || distinct.contains { dk_span_escaped($0) != 0 }
        let column = TextColumn(name: name, codes: codes, dictionary: dictionary, mayRepeat: mayRepeat)
        columns.append(column.typed())
        warnings += column.warnings()
    }
}

/// A column of text that may be something more definite.
struct TextColumn {
    let name: String
    let codes: [Int32]
    let dictionary: [String]
    /// Whether a text may stand in the dictionary twice.
    let mayRepeat: Bool

    /// The column as truth values, dates, categories or text, whichever fits first.
    func typed() -> Column {
        if let truth = BooleanWords.interpret(dictionary) {
            let values = codes.map { $0 < 0 ? -1 : truth.codes[Int($0)] }
            return Column(name: name, kind: .boolean, storage: .codes(values, dictionary: truth.words))
        }
        if let dates = dateValues() {
            return Column(name: name, kind: .date, storage: .numbers(codes.map { $0 < 0 ? .nan : dates.seconds[Int($0)] }))
        }
        let (codes, dictionary) = mayRepeat ? merged() : (codes, dictionary)
        let present = codes.reduce(into: 0) { $0 += $1 >= 0 ? 1 : 0 }
        let kind: ColumnKind = TextColumn.isCategorical(dictionary, present: present) ? .categorical : .text
        return Column(name: name, kind: kind, storage: .codes(codes, dictionary: dictionary))
    }

    /// One code a text: two spellings may decode to the same (a quote doubled here, bad bytes there).
    private func merged() -> ([Int32], [String]) {
        var positions: [String: Int32] = [:]
        var distinct: [String] = []
        let merged = dictionary.map { text in
            if let position = positions[text] { return position }
            positions[text] = Int32(distinct.count)
            distinct.append(text)
            return Int32(distinct.count - 1)
        }
        guard distinct.count < dictionary.count else { return (codes, dictionary) }
        return (codes.map { $0 < 0 ? -1 : merged[Int($0)] }, distinct)
    }

    /// Few texts for the number of rows, and short ones.
    static func isCategorical(_ dictionary: [String], present: Int) -> Bool {
        if dictionary.count == present, present >= 10 { return false }
        let length = dictionary.reduce(0) { $0 + $1.utf8.count } / max(1, dictionary.count)
        if length > 64 { return false }
        return dictionary.count <= 20 || (dictionary.count <= 1000 && dictionary.count * 5 <= present)
    }

    private func dateValues() -> (seconds: [Double], isAmbiguous: Bool)? {
        guard let first = dictionary.first,
            CalendarTime.seconds(first, order: .monthFirst) != nil
                || CalendarTime.seconds(first, order: .dayFirst) != nil
        else { return nil }
        let months = dictionary.map { CalendarTime.seconds($0, order: .monthFirst) }
        let days = dictionary.map { CalendarTime.seconds($0, order: .dayFirst) }
        let (monthFirst, dayFirst) = (months.compactMap { $0 }, days.compactMap { $0 })
        if monthFirst.count == dictionary.count { return (monthFirst, dayFirst.count == monthFirst.count && months != days) }
        return dayFirst.count == dictionary.count ? (dayFirst, false) : nil
    }

    /// What is odd about the text: nearly all numbers, or dates that can be read in two ways.
    func warnings() -> [TableWarning] {
        if let dates = dateValues() {
            guard dates.isAmbiguous else { return [] }
            return [
                TableWarning(
                    .ambiguousDates, column: name, "\(name) is read as month/day/year; write dates as 2020-12-31 to be sure")
            ]
        }
        let isNumber = dictionary.map { CSVLayout.isNumber($0) }
        let words = dictionary.indices.filter { !isNumber[$0] }
        guard let example = words.first, words.count <= 10, words.count * 10 <= dictionary.count else { return [] }
        let rows = codes.reduce(into: 0) { $0 += $1 >= 0 && !isNumber[Int($1)] ? 1 : 0 }
        guard rows * 10 <= codes.count else { return [] }
        return [
            TableWarning(
                .mixedColumn, column: name,
                "\(name) is numbers but for \(rows) values such as '\(dictionary[example])': it is read as text; correct them or leave them empty"
            )
        ]
    }
}

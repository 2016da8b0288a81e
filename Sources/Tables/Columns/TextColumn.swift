import CTableKernels

/// A column of text that may be something more definite.
struct TextColumn {
    let name: String
    let codes: [Int32]
    let dictionary: [String]
    /// Whether a text may stand in the dictionary twice.
    let mayRepeat: Bool

    /// The column as numbers, truth values, dates, categories or text, whichever fits first.
    func typed() -> Column {
        if let numbers = numberColumn() { return numbers }
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

    /// The same column with its texts numbered in the order in which rows have them, and none that no row has.
    func compacted() -> TextColumn {
        var places = [Int32](repeating: -1, count: dictionary.count)
        var used: [Int] = []
        let codes = codes.map { code in
            if code < 0 { return Int32(-1) }
            if places[Int(code)] < 0 {
                places[Int(code)] = Int32(used.count)
                used.append(Int(code))
            }
            return places[Int(code)]
        }
        return TextColumn(name: name, codes: codes, dictionary: used.map { dictionary[$0] }, mayRepeat: mayRepeat)
    }

    /// Numbers, when every text is one and they are no codes such as `00123`.
    private func numberColumn() -> Column? {
        var values: [Double] = []
        var hasFraction = false, hasLeadingZero = false
        for text in dictionary {
            var value = 0.0
            var fraction: Int32 = 0
            var bytes = text
            guard bytes.withUTF8({ dk_parse_number($0.baseAddress, $0.count, &value, &fraction) }) != 0 else { return nil }
            values.append(value)
            hasFraction = hasFraction || fraction != 0
            let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
            hasLeadingZero = hasLeadingZero || (fraction == 0 && digits.count > 1 && digits.first == UInt8(ascii: "0"))
        }
        if hasLeadingZero, !hasFraction { return nil }
        return Column(
            name: name, kind: hasFraction || values.isEmpty ? .numeric : .integer,
            storage: .numbers(codes.map { $0 < 0 ? .nan : values[Int($0)] }))
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

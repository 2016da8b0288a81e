import CTableKernels

/// Lists as values: columns of their numbers where all have as many, and else their text.
struct JSONLists {
    let file: FileBytes
    let options: ReadOptions
    let schema: TableSchema?

    /// How many columns the lists of a key become; nil = they stay text.
    func width(_ key: String, _ seen: dk_json_column) -> Int? {
        guard seen.list_length > 0, seen.has_value == 0, seen.kind == DK_COLUMN_SPANS else { return nil }
        // Whoever says what the column is, or learned from it as one column, wants it as one.
        guard !options.keepsTexts, options.kinds[key] == nil, schema?.rule(for: key) == nil else { return nil }
        return Int(seen.list_length)
    }

    /// A column for each place in lists of numbers; no list, no values.
    func add(numbersOf spans: [dk_span], key: String, names: ArraySlice<String>, to typed: inout TypedColumns) {
        var columns = names.map { _ in [Double](repeating: .nan, count: spans.count) }
        var hasFraction = false
        var values = [Double](repeating: .nan, count: names.count)
        for (row, span) in spans.enumerated() where span != dk_span_missing() {
            if dk_json_list_numbers(file.base + dk_span_offset(span), &values, values.count) != 0 { hasFraction = true }
            for (place, value) in values.enumerated() { columns[place][row] = value }
        }
        for (name, numbers) in zip(names, columns) {
            let isWhole = !hasFraction && numbers.contains { !$0.isNaN }
            typed.add(
                numbers: numbers, name: name, kind: isWhole ? .integer : .numeric,
                hasInfinity: numbers.contains(where: \.isInfinite))
        }
        guard let first = names.first, let last = names.last else { return }
        typed.add(
            TableWarning(
                .listColumn, column: key,
                names.count == 1
                    ? "\(key) holds lists of one number, which is the column \(first)"
                    : "\(key) holds lists of \(names.count) numbers, which are the columns \(first) to \(last)"))
    }

    /// A column of lists and perhaps other values, as text.
    func add(textsOf spans: [dk_span], name: String, to typed: inout TypedColumns) {
        let texts = TextNumbering()
        let codes = spans.map { span -> Int32 in
            guard span != dk_span_missing() else { return -1 }
            let bytes = UnsafeBufferPointer(start: file.base + dk_span_offset(span), count: dk_span_length(span))
            if bytes.first == UInt8(ascii: "[") {
                return Self.onOneLine(bytes).withUnsafeBufferPointer { texts.number($0) }
            }
            guard dk_span_escaped(span) != 0 else { return texts.number(bytes) }
            return Array(file.text(span, escaping: .backslashes).utf8).withUnsafeBufferPointer { texts.number($0) }
        }
        typed.add(TextColumn(name: name, codes: codes, dictionary: texts.texts, mayRepeat: true))
        typed.add(
            TableWarning(
                .listColumn, column: name,
                "\(name) holds lists, which are kept as text: give their elements keys of their own to learn from them"))
    }

    /// A list without the white space that lays it out.
    private static func onOneLine(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var line: [UInt8] = []
        var isText = false, isEscaped = false
        for byte in bytes {
            if isText || byte > 0x20 { line.append(byte) }
            if byte == UInt8(ascii: "\""), !isEscaped { isText.toggle() }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        }
        return line
    }
}

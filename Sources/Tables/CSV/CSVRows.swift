import CTableKernels

/// The records of delimited text.
struct CSVRows: SourceRows {
    let names: [String]
    let texts = SourceTexts.anything
    private(set) var row = 0
    /// As it is stored, and as text.
    private let stored: FileBytes, file: FileBytes
    private let path: String
    private let delimiter: Character
    private let decimal: Character
    private let places: CSVRecordPlaces
    private var records: RecordCursor
    private var choice: RowChoice
    /// The number of the record that the cursor comes to next.
    private var nextRow = 0
    private var record = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private var spans: [dk_span]
    private var fieldCount = 0

    /// - Throws: `unreadable` when the file is no longer text as it was when the table was read.
    init(_ source: SourceFile, _ choice: RowChoice) throws(TableError) {
        guard let places = source.reading.records else { throw .changed(source.path) }
        (stored, file) = try source.text()
        (self.places, self.choice, path) = (places, choice, source.path)
        delimiter = places.dialect.delimiter == UInt8(ascii: " ") ? " " : source.reading.delimiter
        decimal = source.reading.decimal
        names = source.names
        records = RecordCursor(file: file, places: places)
        spans = [dk_span](repeating: 0, count: max(1, places.fieldCount))
    }

    mutating func next() -> Bool {
        guard nextRecord() else { return false }
        split()
        return true
    }

    func value(_ column: Int) -> SourceValue {
        guard column < fieldCount else { return .missing }
        let text = file.text(spans[column], escaping: .doubled(places.dialect.quote))
        return text.isEmpty ? .missing : .text(text)
    }

    /// Writes the chosen records as they are, with fields added behind them, and what stands above them.
    ///
    /// - Parameter isFirst: whether nothing stands above these records: of several files only the first one's header is written.
    func copy(adding columns: [AddedColumn], isFirst: Bool = true, to output: RowOutput) throws(TableError) {
        var rows = self
        let added = AddedColumn.uniqueNames(columns, beside: names).map(quoted)
        let encoder = encoder(for: added + columns.flatMap { column in (0..<column.count).compactMap { column.value($0).field } })
        if isFirst, encoder != nil, let mark = TextEncoding.marked(stored.bytes), mark.markLength > 0 {
            try output.append(UnsafeBufferPointer(start: stored.base, count: mark.markLength))
        }
        func write(_ bytes: UnsafeBufferPointer<UInt8>, _ fields: [String], _ ending: String) throws(TableError) {
            let more = (fields.isEmpty ? "" : joined(fields, behind: bytes)) + ending
            guard let encoder else {
                try output.append(bytes)
                return try output.append(more)
            }
            let text = Array(bytes) + more.utf8
            guard let encoded = text.withUnsafeBytes({ encoder.encoded($0) }) else {
                throw TableError(
                    .writeFailed, "cannot be written in \(encoder.name) again: convert the file to UTF-8", path: path)
            }
            try output.append(encoded)
        }
        if !isFirst {
            // The first file's header stands for all.
        } else if let header = records.header() {
            try write(records.preamble, [], "")
            try write(header.bytes, added, header.lineEnding)
            if let units = records.units { try write(units.bytes, added.map { _ in "" }, units.lineEnding) }
        } else if !columns.isEmpty {
            // Where records end with a delimiter too many, so do the names.
            let all = names.map(quoted) + added + (names.count < places.fieldCount ? [""] : [])
            try output.append(all.joined(separator: String(delimiter)) + "\n")
        }
        var written = 0
        while rows.nextRecord() {
            try write(rows.record, columns.map { quoted(shown($0.value(written))) }, rows.records.lineEnding)
            written += 1
        }
    }

    /// A value to add, with the file's own decimal mark.
    private func shown(_ value: SourceValue) -> String {
        guard decimal == ",", case .number(let text) = value else { return value.field ?? "" }
        return text.replacing(".", with: ",", maxReplacements: 1)
    }

    private func quoted(_ text: String) -> String { DelimitedText.quoted(text, delimiter: delimiter) }

    /// What the file's text was converted from, if that has all characters that are added; else all is written in UTF-8.
    private func encoder(for texts: @autoclosure () -> [String]) -> TextEncoding? {
        // What could not be read cannot be written as it was.
        guard file.faults == 0, let encoding = file.encoding.map(TextEncoding.init) else { return nil }
        return texts().allSatisfy { encoding.canEncode($0) } ? encoding : nil
    }

    /// Fields to stand behind those of a record: where each record ends with a delimiter too many, so does what is added.
    private func joined(_ fields: [String], behind record: UnsafeBufferPointer<UInt8>) -> String {
        let separator = String(delimiter), text = fields.joined(separator: separator)
        let isOpen = names.count < places.fieldCount && record.last { $0 != 32 } == places.dialect.delimiter
        return isOpen ? text + separator : separator + text
    }

    private mutating func nextRecord() -> Bool {
        guard let wanted = choice.row else { return false }
        while let found = records.next() {
            nextRow += 1
            guard nextRow > wanted else { continue }
            choice.advance()
            (row, record) = (wanted, found)
            return true
        }
        return false
    }

    /// Finds the fields of the record at hand, by the same rules as the reader.
    private mutating func split() {
        let start = record.baseAddress.map { $0 - file.base } ?? 0
        var error: Int32 = 0
        _ = dk_csv_record(
            file.base, start, start + record.count, places.dialect.kernel, &spans, spans.count, &fieldCount, &error)
        fieldCount = min(fieldCount, spans.count)
    }
}

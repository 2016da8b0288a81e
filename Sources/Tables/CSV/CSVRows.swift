import CTableKernels

/// The records of delimited text.
struct CSVRows: SourceRows {
    let names: [String]
    let texts = SourceTexts.anything
    private(set) var row = 0
    private let file: FileBytes
    private let delimiter: Character
    private var records: RecordCursor
    private var choice: RowChoice
    private let header: UnsafeBufferPointer<UInt8>?
    private let headerEnding: String
    /// The number of the record that the cursor comes to next.
    private var nextRow = 0
    private var record = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private var spans: [dk_span]
    private var fieldCount = 0

    init(_ file: FileBytes, _ table: Table, _ choice: RowChoice) {
        (self.file, self.choice) = (file, choice)
        delimiter = table.delimiter
        names = table.columns.map(\.name)
        records = RecordCursor(file: file, table: table)
        header = table.hasHeader ? records.next() : nil
        headerEnding = records.lineEnding
        spans = [dk_span](repeating: 0, count: max(1, table.columns.count))
    }

    mutating func next() -> Bool {
        guard nextRecord() else { return false }
        split()
        return true
    }

    func value(_ column: Int) -> SourceValue {
        guard column < fieldCount else { return .missing }
        let text = file.text(spans[column])
        return text.isEmpty ? .missing : .text(text)
    }

    /// Writes the chosen records as they are, with fields added behind them.
    func copy(adding columns: [AddedColumn], to output: RowOutput) throws(TableError) {
        var rows = self
        let added = AddedColumn.uniqueNames(columns, beside: names)
        let separator = String(delimiter)
        if let header {
            try output.append(header)
            for name in added { try output.append(separator + DelimitedText.quoted(name, delimiter: delimiter)) }
            try output.append(headerEnding)
        } else if !columns.isEmpty {
            let all = (names + added).map { DelimitedText.quoted($0, delimiter: delimiter) }
            try output.append(all.joined(separator: separator) + "\n")
        }
        var written = 0
        while rows.nextRecord() {
            try output.append(rows.record)
            for column in columns {
                let text = column.value(written).field ?? ""
                try output.append(separator + DelimitedText.quoted(text, delimiter: delimiter))
            }
            try output.append(rows.records.lineEnding)
            written += 1
        }
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
        let hasMark = start == 0 && record.starts(with: [0xef, 0xbb, 0xbf])
        var error: Int32 = 0
        _ = dk_csv_record(
            file.base, start + (hasMark ? 3 : 0), start + record.count, delimiter.asciiValue ?? UInt8(ascii: ","), &spans,
            spans.count, &fieldCount, &error)
        fieldCount = min(fieldCount, spans.count)
    }
}

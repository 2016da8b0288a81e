import CTableKernels

/// What separates the fields of a file, and what stands around them.
struct CSVDialect: Hashable {
    /// A space stands for runs of blanks.
    var delimiter: UInt8
    /// 0 = nothing.
    var quote: UInt8 = UInt8(ascii: "\"")

    var kernel: dk_dialect { dk_dialect(delimiter: delimiter, quote: quote) }

    private static let plain = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]
    private static let blanks = UInt8(ascii: " ")
    /// Characters that also stand within fields, and separate them only where every record agrees.
    private static let rare = [UInt8(ascii: "~"), UInt8(ascii: "^"), 1, UInt8(ascii: ":")]

    /// Finds the dialect in which most records have as many fields and most fields say what they are.
    ///
    /// - Parameter schema: what is known of the file: where its columns' names stand in the first record, that is the dialect.
    static func find(
        _ file: FileBytes, from start: Int, comment: UInt8, _ options: ReadOptions, _ schema: TableSchema?
    ) -> CSVDialect {
        let quote = options.quoteByte
        if let said = options.delimiter?.asciiValue { return CSVDialect(delimiter: said, quote: quote) }
        let known = Set(schema?.columns.map(\.name) ?? [])
        let candidates = (plain + [blanks] + rare).map { candidate in
            let dialect = CSVDialect(delimiter: candidate, quote: quote)
            let records = CSVRecords(file, from: start, dialect, comment: comment, limit: 100).records
            let head = records.first ?? [], found = known.intersection(head).count
            let knows = found * 2 > known.count ? Double(found) / Double(max(1, head.count)) : 0
            return (delimiter: candidate, score: dialect.score(records), knows: knows)
        }
        // Of those by which the first record has the names that are known, or of all, the best; a comma where none is good.
        let most = candidates.map(\.knows).max() ?? 0
        let allowed = candidates.filter { $0.knows == most }
        var best = (delimiter: allowed.first?.delimiter ?? UInt8(ascii: ","), score: 0.3)
        for candidate in allowed where candidate.score > best.score + 1e-9 { best = (candidate.delimiter, candidate.score) }
        return CSVDialect(delimiter: best.delimiter, quote: quote)
    }

    /// How well the records of a sample fit, from 0 to 1.
    ///
    /// - Source: the idea of CleverCSV (van den Burg, Nazábal, Sutton 2019): a score for the pattern times one for the types.
    private func score(_ records: [[String]]) -> Double {
        let counts = records.map(\.count)
        guard let fields = CSVDialect.mode(counts), fields > 1 else { return 0 }
        let fitting = records.filter { $0.count == fields }
        let share = Double(fitting.count) / Double(records.count)
        let isRare = delimiter == Self.blanks || Self.rare.contains(delimiter)
        if isRare, records.contains(where: { $0.count != fields }) { return 0 }
        var known = 0, all = 0, numbers = 0
        for record in fitting.prefix(60) {
            for cell in record.prefix(200) {
                let kind = CellKind(cell)
                all += 1
                numbers += kind == .number ? 1 : 0
                known += kind != .text || CSVDialect.isIdentifier(cell) ? 1 : 0
            }
        }
        if isRare, numbers == 0 || fitting.count < 2 { return 0 }
        // Times such as 10:30 are not two numbers each.
        if delimiter == UInt8(ascii: ":"), fitting.first?.contains(where: { CellKind($0) != .text }) == true { return 0 }
        if delimiter == UInt8(ascii: ","), isDecimal(records, fields) { return 0 }
        let score = share * Double(known) / Double(max(1, all)) * .fourthRoot(1 - 1 / Double(fields))
        return isRare ? score - 0.15 : score
    }

    /// Whether commas are the decimal marks of one column: a header of one name over numbers in two parts.
    private func isDecimal(_ records: [[String]], _ fields: Int) -> Bool {
        guard fields == 2, records.first?.count == 1, records.count > 1 else { return false }
        return records.dropFirst().allSatisfy { record in
            record.count == 2 && record.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { $0 &- 48 < 10 || $0 == 45 } }
        }
    }

    private static func isIdentifier(_ cell: String) -> Bool {
        cell.utf8.count <= 32
            && cell.utf8.allSatisfy { $0 >= 0x80 || ($0 | 32) &- 97 < 26 || $0 &- 48 < 10 || $0 == 95 || $0 == 45 || $0 == 46 }
    }

    /// The commonest count; of equally common ones the largest.
    static func mode(_ counts: [Int]) -> Int? {
        var frequency: [Int: Int] = [:]
        for count in counts { frequency[count, default: 0] += 1 }
        return frequency.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key
    }
}

extension Double {
    fileprivate static func fourthRoot(_ value: Double) -> Double { value.squareRoot().squareRoot() }
}

/// The first records of a file as text, with their places.
struct CSVRecords {
    private(set) var records: [[String]] = []
    /// Where each record begins, and where the one after the last does.
    private(set) var starts: [Int] = []
    /// Whether each field stood in quotes; of the first record only.
    private(set) var firstQuoted: [Bool] = []
    private(set) var end: Int
    /// Where the first and the second record end.
    private(set) var ends: [Int] = []
    /// One of the kernels' codes, when a record could not be taken apart.
    private(set) var fault: Int32 = 0
    private(set) var faultField = 0

    static let sampleBytes = 1 << 20

    /// - Parameter keepingFirst: the first record is none of the lines that begin with `comment`, even if it does.
    init(
        _ file: FileBytes, from start: Int, _ dialect: CSVDialect, comment: UInt8 = 0, keepingFirst: Bool = false, limit: Int
    ) {
        var spans = [dk_span](repeating: 0, count: 1024)
        var offset = start
        while offset < file.count, records.count < limit, offset - start < Self.sampleBytes {
            if comment != 0, file.base[offset] == comment, !(keepingFirst && records.isEmpty) {
                offset = file.nextLine(after: offset)
                continue
            }
            var found = 0
            var error: Int32 = 0
            let begin = offset
            offset = dk_csv_record(file.base, begin, file.count, dialect.kernel, &spans, spans.count, &found, &error)
            if found > spans.count {
                spans = [dk_span](repeating: 0, count: found)
                offset = begin
                continue
            }
            if error != 0 {
                (fault, faultField, offset) = (error, found, begin)
                break
            }
            if found == 1, dk_span_length(spans[0]) == 0, !records.isEmpty { continue }
            if records.isEmpty {
                firstQuoted = spans[..<found].map { span in
                    let at = dk_span_offset(span)
                    return dialect.quote != 0 && at > 0 && file.base[at - 1] == dialect.quote
                }
            }
            records.append(spans[..<found].map { file.text($0, escaping: .doubled(dialect.quote)) })
            starts.append(begin)
            if ends.count < 2 { ends.append(offset) }
        }
        end = offset
    }

    /// Takes a `#` that is a field of its own off the first record: `# time speed` names two columns.
    mutating func dropMark() {
        guard let head = records.first, head.count > 1, head[0] == "#" else { return }
        records[0].removeFirst()
        firstQuoted.removeFirst()
    }
}

extension FileBytes {
    /// Where the line after the one at an offset begins.
    func nextLine(after offset: Int) -> Int {
        var end = offset
        while end < count, base[end] != 10 { end += 1 }
        return min(count, end + 1)
    }
}

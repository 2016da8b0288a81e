import Glibc

/// Reads libsvm (svmlight) files: the features are the columns `f0` or `f1` and on, by the numbers that the file gives them, then
/// come `qid`, where there is one, and `label`. Features that a line does not give are zero.
enum LibSVMReader {
    static func read(_ file: FileBytes, path: String, options: ReadOptions, schema: TableSchema?) throws(TableError) -> Table {
        let survey = FileSurvey(file: file, threadCount: options.threads)
        if survey.counts.nuls > 0 { throw FileSurvey.nulError(file, path) }
        var rows = LibSVMRows()
        var reading = TableReading(format: .libsvm)
        reading.isCut = try read(file, into: &rows, path: path, limit: options.rowLimit)
        guard rows.count > 0 else {
            throw TableError(.emptyFile, "holds comments and no rows: it needs at least one", path: path)
        }
        let columns = try LibSVMColumns(rows, schema, path: path)
        try MemoryBudget.check(rowCount: rows.count, columnCount: columns.numbers.count + 2, path: path)
        var typed = TypedColumns(options: options, schema: schema)
        for (number, values) in zip(columns.numbers, rows.values(of: columns)) {
            typed.add(wholeOrNot: values, name: "f\(number)")
        }
        if rows.hasGroups { typed.add(wholeOrNot: rows.groups, name: "qid") }
        typed.add(wholeOrNot: rows.labels, name: "label")
        try typed.finish()
        return Table(
            columns: typed.columns, path: path, reading: reading, schema: typed.schema, byteCount: file.storedCount,
            fingerprint: survey.fingerprint, warnings: columns.warnings + typed.warnings)
    }

    /// - Returns: whether rows are left that were not wanted.
    private static func read(
        _ file: FileBytes, into rows: inout LibSVMRows, path: String, limit: Int?
    ) throws(TableError) -> Bool {
        let bytes = file.bytes
        var line = LibSVMLine()
        var start = JSONOpening.textStart(bytes)
        while start < bytes.count {
            let newline = memchr(file.base + start, 10, file.count - start)
            let end = newline.map { UnsafeRawPointer($0) - UnsafeRawPointer(file.base) } ?? file.count
            let text = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            do throws(LibSVMFault) {
                if try line.read(text) {
                    if rows.count == limit { return true }
                    rows.add(line)
                } else if rows.count == 0 {
                    rows.note(comment: text)
                }
            } catch { throw error.error(path: path, line: file.line(at: start)) }
            start = end + 1
        }
        return false
    }
}

/// Rows as the file gives them: what is zero is not kept.
struct LibSVMRows {
    private var indices: [Int32] = []
    private var numbers: [Double] = []
    /// Where each row's features end.
    private var ends: [Int] = []
    private(set) var labels: [Double] = []
    private(set) var groups: [Double] = []
    private(set) var hasGroups = false
    /// The least and the greatest number of a feature; nil without any.
    private(set) var extent: ClosedRange<Int>?
    /// Whether a comment says that features are counted from 0.
    private(set) var saysZeroBased = false

    var count: Int { ends.count }

    mutating func add(_ line: LibSVMLine) {
        indices += line.indices
        numbers += line.values
        ends.append(indices.count)
        labels.append(line.label)
        groups.append(line.group ?? .nan)
        hasGroups = hasGroups || line.group != nil
        guard let least = line.indices.min(), let greatest = line.indices.max() else { return }
        extent = min(Int(least), extent?.lowerBound ?? .max)...max(Int(greatest), extent?.upperBound ?? 0)
    }

    /// scikit-learn writes how it counts.
    mutating func note(comment: UnsafeRawBufferPointer) {
        saysZeroBased = saysZeroBased || String(decoding: comment.prefix(100), as: UTF8.self).contains("indices are zero-based")
    }

    /// The values of each column, row by row.
    func values(of columns: LibSVMColumns) -> [[Double]] {
        var values = columns.numbers.map { _ in [Double](repeating: 0, count: count) }
        var next = 0
        for (row, end) in ends.enumerated() {
            while next < end {
                if let place = columns.place(of: Int(indices[next])) { values[place][row] = numbers[next] }
                next += 1
            }
        }
        return values
    }

    /// The features that any row gives.
    func given() -> Set<Int32> { Set(indices) }
}

/// Which features become columns.
struct LibSVMColumns {
    private static let mostColumns = 1 << 18

    /// The features' numbers, in order.
    let numbers: [Int]
    private(set) var warnings: [TableWarning] = []
    /// Where a feature's column is; -1 for one that has none.
    private let places: [Int]

    /// Those that a model knows or, without one, all up to the greatest number in the file.
    init(_ rows: LibSVMRows, _ schema: TableSchema?, path: String) throws(TableError) {
        let known = Self.known(schema)
        let greatest = rows.extent?.upperBound ?? -1
        guard max(greatest, known.last ?? 0) < Self.mostColumns else {
            throw TableError(
                .tooManyColumns,
                "has a feature numbered \(max(greatest, known.last ?? 0)): only those below \(Self.mostColumns) can be columns; number them anew",
                path: path)
        }
        if known.isEmpty {
            let isZeroBased = rows.extent?.lowerBound == 0 || rows.saysZeroBased
            numbers = greatest < 0 ? [] : Array((isZeroBased ? 0 : 1)...greatest)
        } else {
            numbers = known
            if rows.extent?.lowerBound == 0, known.first != 0 {
                throw TableError(
                    .columnUnusable,
                    "counts features from 0 where the model's data counts from \(known[0]): number them as there", path: path)
            }
        }
        var places = [Int](repeating: -1, count: max(greatest, numbers.last ?? 0) + 1)
        for (place, number) in numbers.enumerated() { places[number] = place }
        self.places = places
        guard !known.isEmpty, greatest > 0 else { return }
        let extra = rows.given().filter { places[Int($0)] < 0 }.sorted()
        guard let first = extra.first else { return }
        let names = extra.prefix(5).map { "f\($0)" }.joined(separator: ", ") + (extra.count > 5 ? ", …" : "")
        warnings.append(
            TableWarning(
                .extraColumns, column: "f\(first)",
                "the model does not know \(names), \(extra.count) in all: what stands in \(extra.count == 1 ? "it" : "them") is left out"
            ))
    }

    func place(of number: Int) -> Int? { places[number] < 0 ? nil : places[number] }

    /// The numbers of the columns `f0`, `f1` and on of a model.
    private static func known(_ schema: TableSchema?) -> [Int] {
        (schema?.columns ?? []).compactMap { rule in
            guard rule.name.hasPrefix("f"), let number = Int(rule.name.dropFirst()), number >= 0, "f\(number)" == rule.name else {
                return nil
            }
            return number
        }.sorted()
    }
}

import CTableKernels
import Glibc

/// Columns as they come out of a file, typed by one set of rules whatever the file's format.
struct TypedColumns {
    private(set) var columns: [Column] = []
    private(set) var warnings: [TableWarning] = []
    /// What the user says about reading, and what a model learned about it.
    let options: ReadOptions
    let known: TableSchema?
    private var rules: [ColumnRule] = []

    init(options: ReadOptions = ReadOptions(), schema: TableSchema? = nil) {
        self.options = options
        known = schema
    }

    /// How the columns were read.
    var schema: TableSchema { TableSchema(columns: rules, missing: options.missing) }

    /// A column of numbers. One without any value is `numeric`.
    mutating func add(numbers: [Double], name: String, kind: ColumnKind, hasInfinity: Bool = false) {
        columns.append(Column(name: name, kind: kind, storage: .numbers(numbers)))
        rules.append(ColumnRule(name: name, kind: kind))
        guard hasInfinity else { return }
        warnings.append(
            TableWarning(
                .infiniteValues, column: name,
                "\(name) holds infinite values: replace them, or the column cannot be used"))
    }

    /// A column of fields of a file.
    mutating func add(
        spans: [dk_span], of file: FileBytes, escaping: FileBytes.Escaping, name: String, hasHighBytes: Bool
    ) {
        let interner = dk_interner_create(file.base)
        defer { dk_interner_destroy(interner) }
        let codes = [Int32](unsafeUninitializedCapacity: spans.count) { buffer, initialized in
            if let base = buffer.baseAddress { dk_interner_add(interner, spans, spans.count, base) }
            initialized = spans.count
        }
        let distinct = (0..<dk_interner_count(interner)).map { dk_interner_span(interner, $0) }
        let dictionary = distinct.map { file.text($0, escaping: escaping) }
        // Different bytes are different texts, unless they are written in two ways or are no UTF-8.
        let mayRepeat = hasHighBytes || distinct.contains { dk_span_escaped($0) != 0 }
        add(TextColumn(name: name, codes: codes, dictionary: dictionary, mayRepeat: mayRepeat))
    }

    /// A column of numbered texts.
    mutating func add(_ text: TextColumn) {
        columns.append(text.typed())
        rules.append(ColumnRule(name: text.name, kind: columns[columns.count - 1].kind))
        warnings += text.warnings()
    }

    mutating func add(_ warning: TableWarning) { warnings.append(warning) }

    mutating func append(_ others: TypedColumns) {
        columns += others.columns
        rules += others.rules
        warnings += others.warnings
    }
}

extension Array where Element: BitwiseCopyable {
    /// An array whose elements the caller promises to write before anything reads them.
    static func uninitialized(_ count: Int) -> [Element] {
        [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            let bytes = count * MemoryLayout<Element>.stride
            if bytes >= 4 << 20, let base = UnsafeMutableRawPointer(buffer.baseAddress) {
                // Large pages where the system offers them: fewer page faults.
                let page = 1 << 21
                let first = (Int(bitPattern: base) + page - 1) & ~(page - 1)
                let last = (Int(bitPattern: base) + bytes) & ~(page - 1)
                if last > first { madvise(UnsafeMutableRawPointer(bitPattern: first), last - first, MADV_HUGEPAGE) }
            }
            initialized = count
        }
    }
}

import CTableKernels
import Glibc

/// Columns as they come out of a file, typed by one set of rules whatever the file's format.
struct TypedColumns {
    private(set) var columns: [Column] = []
    private var columnWarnings: [[TableWarning]] = [], otherWarnings: [TableWarning] = []
    private var open: [Int: ColumnTyping] = [:]
    private var evidence: [ColumnEvidence] = []
    /// By column, the first value that does not fit, where the options are strict.
    private var faults: [String: TableError] = [:]
    /// What the user says about reading, and what a model learned about it.
    let options: ReadOptions
    private let knownRules: [String: ColumnRule]
    private var rules: [ColumnRule] = []
    /// By column, how many values are none of its kind and count as missing.
    private(set) var misfits: [String: Int] = [:]

    init(options: ReadOptions = ReadOptions(), schema: TableSchema? = nil) {
        var options = options
        options.missing = options.missing ?? schema?.missing
        self.options = options
        knownRules = schema?.rulesByName ?? [:]
    }

    /// What is odd about the columns.
    var warnings: [TableWarning] { otherWarnings + columnWarnings.joined() }

    /// How the columns were read.
    var schema: TableSchema { TableSchema(columns: rules, missing: options.missing) }

    /// A column of numbers. One without any value is `numeric`.
    ///
    /// - Parameter decimal: the mark in those that have a fraction.
    mutating func add(
        numbers: [Double], name: String, kind: ColumnKind, hasInfinity: Bool = false, decimal: UInt8? = nil
    ) {
        if let rule = rule(for: name) {
            return add(ColumnApplying(rule: rule, options: options, place: Self.record).decide(numbers, kind: kind), nil)
        }
        var rule = ColumnRule(name: name, kind: kind)
        if decimal == UInt8(ascii: ",") { rule.numbers = NumberSpelling(decimal: ",") }
        if let decimal { evidence.append(ColumnEvidence(decimal: String(Unicode.Scalar(decimal)))) }
        if kind == .date {
            add(ColumnDecision(column: Column(name: name, kind: kind, storage: .numbers(numbers)), rule: rule), nil)
        } else {
            add(NumberTyping.decide(numbers, rule, options: options), nil)
        }
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
        add(TextColumn(name: name, codes: codes, dictionary: dictionary, mayRepeat: mayRepeat)) { row in
            "line \(file.line(at: dk_span_offset(spans[row])))"
        }
    }

    /// A column of numbered texts; `place` says where a row's stands.
    mutating func add(_ text: TextColumn, place: @escaping @Sendable (Int) -> String = TypedColumns.record) {
        let learned = knownRules[text.name], said = options.keepsTexts ? .text : options.kinds[text.name]
        if let learned, !learned.isBare, said == nil || said == learned.kind {
            return add(ColumnApplying(rule: learned, options: options, place: place).decide(text), place)
        }
        let typing = ColumnTyping(text, options: options, place: place)
        if let kind = said ?? learned?.kind { return add(typing.decide(as: kind, ColumnEvidence()), place) }
        let decision = typing.decide(ColumnEvidence())
        if decision.isOpen { open[columns.count] = typing }
        evidence.append(decision.evidence)
        add(decision, place)
    }

    private mutating func add(_ decision: ColumnDecision, _ place: ((Int) -> String)?) {
        columns.append(decision.column)
        rules.append(decision.rule)
        columnWarnings.append(decision.warnings)
        note(decision, place)
    }

    private mutating func note(_ decision: ColumnDecision, _ place: ((Int) -> String)?) {
        let rule = decision.rule
        (misfits[rule.name], faults[rule.name]) = (nil, nil)
        guard let misfit = decision.misfit else { return }
        misfits[rule.name] = decision.misfitCount
        guard options.isStrict else { return }
        faults[rule.name] = TableError(
            .valueUnusable,
            "\((place ?? Self.record)(misfit.row)): '\(misfit.text.shortened)' of column '\(rule.name)' is none of its \(rule.noun): correct it, or leave --strict out to count it as missing"
        )
    }

    /// Decides what only the whole file can: whether `1,234` is a thousand and whether `03/04` is in March or April.
    ///
    /// - Throws: `valueUnusable` for the first value that does not fit its column, where the options are strict.
    mutating func finish() throws(TableError) {
        let decimals = Set(evidence.compactMap(\.decimal)), orders = Set(evidence.compactMap(\.order))
        let known = ColumnEvidence(
            decimal: decimals.count == 1 ? decimals.first : nil, order: orders.count == 1 ? orders.first : nil)
        if known != ColumnEvidence() {
            for (index, typing) in open {
                let decision = typing.decide(known)
                (columns[index], rules[index], columnWarnings[index]) = (decision.column, decision.rule, decision.warnings)
                note(decision, typing.place)
            }
        }
        open = [:]
        if known.decimal == "," {
            // Whole numbers here would have a comma, had they fractions; so another file of the kind is read.
            for index in rules.indices where rules[index].kind == .integer && rules[index].numbers == nil {
                rules[index].numbers = NumberSpelling(decimal: ",")
            }
        }
        if options.dateFormat != nil, !options.keepsTexts, !columns.isEmpty, !rules.contains(where: { $0.kind == .date }) {
            otherWarnings.append(
                TableWarning(.unlikelyDates, "no column holds dates as --date-format says: check it, or leave it out"))
        }
        if let total = TotalRow.warning(columns) { otherWarnings.append(total) }
        if let first = rules.first(where: { faults[$0.name] != nil }), let fault = faults[first.name] { throw fault }
    }

    /// Whether a column's values are wanted as the file writes them, and not as numbers.
    ///
    /// - Parameter hasTexts: whether the reader makes texts of its own of them, which is what was learned from.
    func keepsText(_ name: String, hasTexts: Bool = false) -> Bool {
        if options.keepsTexts { return true }
        let kind = options.kinds[name] ?? (hasTexts ? nil : knownRules[name]?.kind)
        return kind == .text || kind == .categorical
    }

    private func rule(for name: String) -> ColumnRule? {
        let learned = knownRules[name]
        guard let kind = options.kinds[name] else { return learned }
        return learned?.kind == kind ? learned : ColumnRule(name: name, kind: kind)
    }

    /// A row where nothing better is known.
    @Sendable static func record(_ row: Int) -> String { "record \(row + 1)" }

    mutating func add(_ warning: TableWarning) { otherWarnings.append(warning) }

    mutating func append(_ others: TypedColumns) {
        for (index, typing) in others.open { open[columns.count + index] = typing }
        columns += others.columns
        rules += others.rules
        columnWarnings += others.columnWarnings
        otherWarnings += others.otherWarnings
        evidence += others.evidence
        misfits.merge(others.misfits) { $1 }
        faults.merge(others.faults) { first, _ in first }
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

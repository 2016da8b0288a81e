import Events

/// How runs are ordered: by a field, what matters most first.
public struct RunSort: Hashable, Sendable {
    public var field: RunField
    public var isReversed: Bool

    public init(_ field: RunField = .created, isReversed: Bool = false) {
        self.field = field
        self.isReversed = isReversed
    }

    /// Reads `best`, or `-best` for the other way round.
    public init(word: String) {
        let isReversed = word.hasPrefix("-")
        self.init(RunField(word: isReversed ? String(word.dropFirst()) : word), isReversed: isReversed)
    }

    /// The text that `init(word:)` reads back.
    public var word: String { (isReversed ? "-" : "") + field.word }

    /// What a run is ordered by.
    public struct Key: Hashable, Sendable {
        /// Numbers before texts, runs without a value last.
        enum Kind: UInt8, Sendable { case number, text, missing }

        let kind: Kind
        let number: Double
        let text: String
        let created: Double
        public let id: RunID
    }

    /// Better values of a metric come first, the newest times, the most alerts, the running runs; other numbers and texts
    /// ascend.
    public func key(_ run: RunSummary, now: Double) -> Key {
        func key(_ kind: Key.Kind, _ number: Double = 0, _ text: String = "") -> Key {
            Key(kind: kind, number: number, text: text, created: run.record.createdAt, id: run.record.id)
        }
        if field == .status { return key(.number, Double(run.status.tableOrder)) }
        switch field.value(of: run, now: now) {
        case .number(let number):
            return number.isNaN ? key(.missing) : key(.number, isDescending(run) ? -number : number)
        case .text(let text): return key(.text, 0, text.lowercased())
        case .texts(let texts): return key(.text, 0, texts.joined(separator: " ").lowercased())
        case nil: return key(.missing)
        }
    }

    /// Whether the run of one key comes before that of the other. Runs without a value come last whatever the direction; equal
    /// ones, the newest first.
    public func precedes(_ left: Key, _ right: Key) -> Bool {
        if left.kind != right.kind {
            if left.kind == .missing || right.kind == .missing { return right.kind == .missing }
            return (left.kind == .number) != isReversed
        }
        if left.number != right.number { return (left.number < right.number) != isReversed }
        if left.kind == .text, left.text != right.text { return (left.text < right.text) != isReversed }
        if left.created != right.created { return left.created > right.created }
        return left.id < right.id
    }

    /// The runs in order.
    public func sorted(_ runs: [RunSummary], now: Double) -> [RunSummary] {
        let keyed = runs.map { (key: key($0, now: now), run: $0) }
        return keyed.sorted { precedes($0.key, $1.key) }.map(\.run)
    }

    /// Whether values fall from the first of the runs like this one to the last.
    public func isFalling(_ run: RunSummary) -> Bool { isDescending(run) != isReversed }

    private func isDescending(_ run: RunSummary) -> Bool {
        switch field {
        case .created, .started, .finished, .alerts: return true
        case .objective, .best: return run.record.objective.direction == .maximised
        case .named(let name): return isMaximised(name, run)
        case .statistic(let statistic, let name): return statistic != .step && isMaximised(name, run)
        default: return false
        }
    }

    private func isMaximised(_ name: String, _ run: RunSummary) -> Bool {
        RunField.metric(name, of: run).map { run.direction(of: $0) == .maximised } ?? false
    }
}

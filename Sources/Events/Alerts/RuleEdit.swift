import JSON

/// What is to change about the rules that look at a run.
///
/// Each part says one thing about one rule and leaves the others alone, so that two who change rules at the same time both get what they
/// want. The parts are taken in the order in which they stand here.
public struct RuleEdit: Sendable, Hashable {
    /// Rules of which everything that was said about them is taken back: they are again as in a run that says nothing.
    public var without: [String]
    /// Statements for the run's list of rules. Each replaces what the list says about its rule.
    public var lines: [String]
    /// Values of parameters, by rule and name. Others keep theirs.
    public var set: [String: [String: String]]
    /// Rules to switch off, and to switch on again.
    public var off: [String]
    public var on: [String]

    public init(
        without: [String] = [], lines: [String] = [], set: [String: [String: String]] = [:], off: [String] = [], on: [String] = []
    ) {
        (self.without, self.lines, self.set, self.off, self.on) = (without, lines, set, off, on)
    }

    public var isEmpty: Bool { self == RuleEdit() }
}

extension RuleEdit {
    var json: JSONValue {
        func texts(_ texts: [String]) -> JSONValue? { texts.isEmpty ? nil : .array(texts.map { .string($0) }) }
        return .object([
            "without": texts(without), "lines": texts(lines),
            "set": set.isEmpty
                ? nil : .object(set.sorted { $0.key < $1.key }.map { .init($0.key, JSONValue($0.value)) }),
            "off": texts(off), "on": texts(on),
        ])
    }

    init?(json: JSONValue) {
        func texts(_ name: String) -> [String]? {
            guard let member = json[name] else { return [] }
            guard let values = member.array else { return nil }
            let texts = values.compactMap(\.string)
            return texts.count == values.count ? texts : nil
        }
        guard json.members != nil, let without = texts("without"), let lines = texts("lines"), let off = texts("off"),
            let on = texts("on")
        else { return nil }
        var set: [String: [String: String]] = [:]
        for member in json["set"]?.members ?? [] {
            guard let values = member.value.strings else { return nil }
            set[member.name] = values
        }
        self.init(without: without, lines: lines, set: set, off: off, on: on)
    }
}

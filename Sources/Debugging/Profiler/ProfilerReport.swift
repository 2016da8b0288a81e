import Events

/// SageMaker's rule that says at the end whether any of the profiler's rules found something.
public struct ProfilerReport: Rule {
    public static let name = "ProfilerReport"
    public static let summary = "whether any rule of the profiler found something: said at the end"
    private var rules: [any LiveRule] = ProfilerRules.all.map { $0.init() }
    private var found: [String] = []
    private var hasEnded = false

    public init() {}

    public var looksAtProfile: Bool { true }
    public var looksAtClock: Bool { true }
    public var waits: RuleWait? { hasEnded ? nil : RuleWait(0, of: 1, "the run's end") }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        for place in rules.indices {
            let name = rules[place].name
            if let alert = rules[place].observe(input, of: run)?.alert, !found.contains(name) { found.append(alert.rule) }
        }
        guard case .ended(_, _, let step) = input else { return nil }
        hasEnded = true
        guard !found.isEmpty else { return nil }
        return RuleFinding(
            Alert(
                rule: Self.name, severity: .info, step: step,
                summary:
                    "\(found.count) of \(rules.count) rules of the profiler found something: \(found.joined(separator: ", "))",
                evidence: [.init("rules", Double(found.count))], cause: "where its time went held it back",
                remedies: [.init("`descent debug profile \(run.name)` says where the time went")]))
    }
}

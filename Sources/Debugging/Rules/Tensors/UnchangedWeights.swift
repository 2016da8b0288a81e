import Events
import Hyperparameters

/// Weights get a gradient and never change, or get none at all, while others learn: at five captured steps in a row.
///
/// What is frozen gets no gradient and is not captured with one; where every layer stands still, it is the loss that says so.
public struct UnchangedWeights: ParameterisedRule {
    public static let name = "UnchangedWeights"
    public static let summary = "weights do not change while others learn"
    public static let clears = true
    public static let parameters = [
        Hyperparameter(
            "steps", .integer(minimum: 2, maximum: 1_000_000), default: "5", "at how many captured steps in a row it stands still"
        )
    ]
    private let needed: Int

    private var watch = TensorWatch(1, of: 1)
    /// At how many captured steps in a row each stood still.
    private var still: [String: Int] = [:]
    private var count = 0

    public init(_ parameters: RuleParameters) { needed = parameters.whole("steps") }

    public var waits: RuleWait? { count < needed ? RuleWait(count, of: needed, "captured steps") : nil }

    public static func wantsTensors(of run: RunRecord) -> Bool { true }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        guard case .tensors(let tensors) = input else { return nil }
        let updates = tensors.summaries(of: .updates).filter { $0.count > 1 }
        guard updates.contains(where: { $0.l2 > 0 }) else { return nil }
        count += 1
        var found: [(name: String, gradient: TensorSummary)] = []
        for update in updates {
            let name = update.name.hasPrefix("update/") ? String(update.name.dropFirst(7)) : update.name
            guard let gradient = tensors["gradient/" + name], update.l2 == 0, !update.hasNonFinite else {
                still[name] = 0
                continue
            }
            still[name, default: 0] += 1
            if still[name, default: 0] >= needed { found.append((name, gradient)) }
        }
        return watch.look(
            found.first.map { alert($0.name, $0.gradient, found.count, updates.count, tensors.step) },
            well: "all weights change again")
    }

    /// Evidence: 0 where no gradient reaches it.
    static let gradientLength = "length of its gradient"

    private func alert(_ name: String, _ gradient: TensorSummary, _ count: Int, _ all: Int, _ step: Int) -> Alert {
        let hasGradient = gradient.l2 > 0
        return Alert(
            rule: Self.name, severity: .warning, step: step,
            summary:
                "\(name) has not changed at \(needed) captured steps\(count > 1 ? ", nor have \(count - 1) others" : "")",
            evidence: [
                .init("captured steps", Double(still[name] ?? 0)), .init("threshold", Double(needed)),
                .init(Self.gradientLength, gradient.l2), .init("tensors that stand still", Double(count)),
                .init("tensors that learn", Double(all - count)),
            ],
            cause: hasGradient
                ? "it gets a gradient, and the optimiser does not have it or takes steps of 0"
                : "no gradient reaches it: what comes behind is cut off, or is 0 for every row",
            remedies: [
                .init(
                    hasGradient
                        ? "give it to the optimiser, or freeze it on purpose"
                        : "look at the layers behind it: detached, masked or dead")
            ], tensor: name, sampleSize: still[name])
    }
}

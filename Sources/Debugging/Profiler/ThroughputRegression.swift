import CheckedNumbers
import Events
import Hyperparameters

/// Steps take longer than they did.
public struct ThroughputRegression: ProfilerRule {
    public static let name = "ThroughputRegression"
    public static let summary = "steps take longer than they did"
    public static let parameters = [
        Hyperparameter("factor", .positive, default: "1.5", "how many times as long as in the beginning"),
        Hyperparameter("patience", .count, default: "15", "seconds that are compared, in the beginning and now"),
    ]
    private let factor: Double, patience: Double
    private var early = ProfileWindow(seconds: .infinity)
    private var recent: ProfileWindow
    private var hasBegun = false
    private var illCount = 0
    var watch: ProfilerWatch

    public init(_ parameters: RuleParameters) {
        factor = parameters.number("factor")
        patience = parameters.number("patience")
        recent = ProfileWindow(seconds: patience)
        watch = ProfilerWatch(seconds: 2 * patience)
    }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        switch input {
        case .settingsChanged:
            // Steps may be others now.
            (early, illCount) = (ProfileWindow(seconds: .infinity), 0)
            recent.forget()
            return nil
        case .profiled(let slice): return take(slice, of: run)
        default: return nil
        }
    }

    mutating func look(at slice: ProfileSlice, of run: RunRecord) -> ProfilerLook {
        guard hasBegun else {
            hasBegun = true
            return .unknown
        }
        if early.covered < patience {
            early.add(slice)
            return .unknown
        }
        recent.add(slice)
        guard recent.covered >= patience, let before = early.durations.quantile(0.5), let now = recent.durations.quantile(0.5),
            recent.durations.count >= 5, early.durations.count >= 5
        else { return .unknown }
        illCount = now > factor * before ? illCount + 1 : 0
        guard illCount > 0 else { return .well }
        guard illCount >= 3 else { return .unknown }
        let (cause, remedy) = reason
        return .ill(
            Alert(
                rule: Self.name, severity: .info, step: slice.step,
                summary: "a step takes \(rounded(now * 1000)) ms, and took \(rounded(before * 1000)) in the beginning",
                evidence: [
                    .init("times as long", now / before), .init("threshold", factor), .init("median now, ms", now * 1000),
                    .init("median before, ms", before * 1000),
                ], cause: cause, remedies: [.init(remedy)], sampleSize: recent.durations.count))
    }

    /// What of the machine is otherwise than it was.
    private var reason: (String, String) {
        func grew(_ value: (MachineUse) -> Double?) -> Double { (recent.mean(value) ?? 0) - (early.mean(value) ?? 0) }
        if grew(\.throttledPercent) > 5 || (recent.mean { $0.overheatings.map(Double.init) } ?? 0) > 0 {
            return ("the processor is held back: by a limit on its time, or since it is too hot", "see what Throttling says")
        }
        if grew(\.queuedPercent) > 10 {
            return ("other programs have the cores now", "train fewer runs at once, or end what else is running")
        }
        if grew(\.diskPercent) > 10 {
            return ("the disk is busy now", "see what else reads and writes; keep the rows in memory")
        }
        let data = { (window: ProfileWindow) in window.seconds(of: .data) / max(window.stepSeconds, 1e-9) }
        if data(recent) > data(early) + 0.1 {
            return (
                "rows come more slowly than they did",
                "see what the loader does: the rows may have become longer, or files slower to open"
            )
        }
        return (
            "each step does more than it did: something that grows is gone through, or rows have become longer",
            "see what grows from step to step: lists, histories, padded rows"
        )
    }
}

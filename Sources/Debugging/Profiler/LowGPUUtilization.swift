import CheckedNumbers
import Events
import Hyperparameters

/// A graphics processor has little to do, or now much and now nothing.
public struct LowGPUUtilization: ProfilerRule {
    public static let name = "LowGPUUtilization"
    public static let summary = "a graphics processor has little to do, or now much and now nothing"
    public static let parameters = [
        Hyperparameter("threshold_p95", .percent, default: "70", "in 95 % of the time it is less busy than this"),
        Hyperparameter("threshold_p5", .percent, default: "10", "or in 5 % of the time less than this"),
        Hyperparameter("patience", .count, default: "100", "half seconds that are looked at, at least"),
        Hyperparameter("window", .count, default: "500", "half seconds that are looked at, at most"),
    ]
    private let high: Double, low: Double
    var watch: ProfilerWatch

    public init(_ parameters: RuleParameters) {
        high = parameters.number("threshold_p95")
        low = parameters.number("threshold_p5")
        watch = ProfilerWatch(seconds: parameters.number("patience") / 2, window: parameters.number("window") / 2)
    }

    func counts(_ slice: ProfileSlice) -> Bool { slice.stepCount > 0 && !slice.machine.graphics.isEmpty }

    mutating func look(at slice: ProfileSlice, of run: RunRecord) -> ProfilerLook {
        for index in slice.machine.graphics.indices {
            let busy = { (slice: ProfileSlice) in slice.machine.graphics(at: index)?.percent }
            guard let most = window.quantile(0.95, busy), let least = window.quantile(0.05, busy), most < high || least < low
            else {
                continue
            }
            // One that is not used at all is no matter of this run.
            if window.quantile(1, busy) == 0 { continue }
            let data = window.seconds(of: .data) / max(window.covered, 1e-9)
            return .ill(
                Alert(
                    rule: Self.name, severity: .info, step: slice.step,
                    summary: most < high
                        ? "graphics processor \(index) is busy to \(rounded(most)) % at most"
                        : "graphics processor \(index) is now busy to \(rounded(most)) %, now to \(rounded(least)) %",
                    evidence: [
                        .init("p95", most), .init("p5", least), .init("threshold of p95", high), .init("threshold of p5", low),
                        .init("waiting for rows, percent", 100 * data),
                    ],
                    cause: data > 0.2
                        ? "it waits for rows in \(rounded(100 * data)) % of the time"
                        : most < high
                            ? "its batches are small, or the script waits for something else"
                            : "something between the steps makes it wait",
                    remedies: data > 0.2
                        ? [.init("more loader processes, pinned memory and prefetching")]
                        : [
                            .init("larger batches"),
                            .init("leave out what makes it wait in every step: `.item()`, printing, copies to the processor"),
                        ],
                    sampleSize: Int(nearestWithin: window.covered)))
        }
        return .well
    }
}

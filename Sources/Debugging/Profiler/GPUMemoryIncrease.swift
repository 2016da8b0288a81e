import CheckedNumbers
import Events
import Hyperparameters

/// More and more of a graphics processor's memory is taken.
///
/// SageMaker's compares the means of two windows that share all but one of their points, so that a steady rise is never seen. Here the
/// trend of the whole window is tested, and its rise over the window is compared with `increase`.
public struct GPUMemoryIncrease: ProfilerRule {
    public static let name = "GPUMemoryIncrease"
    public static let summary = "more and more of a graphics processor's memory is taken"
    public static let parameters = [
        Hyperparameter("increase", .percent, default: "5", "percentage points that it rises over the window"),
        Hyperparameter("patience", .count, default: "100", "half seconds that are looked at, at least"),
        Hyperparameter("window", .count, default: "500", "half seconds that are looked at, at most"),
    ]
    private let increase: Double
    var watch: ProfilerWatch
    private static let threshold = 4.0

    public init(_ parameters: RuleParameters) {
        increase = parameters.number("increase")
        watch = ProfilerWatch(seconds: parameters.number("patience") / 2, window: parameters.number("window") / 2)
    }

    func counts(_ slice: ProfileSlice) -> Bool { slice.stepCount > 0 && !slice.machine.graphics.isEmpty }

    mutating func look(at slice: ProfileSlice, of run: RunRecord) -> ProfilerLook {
        for index in slice.machine.graphics.indices {
            let points = window.slices.compactMap { slice in
                slice.machine.graphics(at: index).map { (time: slice.wallTime, value: $0.memoryPercent) }
            }
            guard let trend = Trend(points), trend.z > Self.threshold, trend.slope * window.covered > increase else { continue }
            let left = (100 - slice.machine.graphics[index].memoryPercent) / trend.slope
            return .ill(
                Alert(
                    rule: Self.name, severity: .warning, step: slice.step,
                    summary:
                        "memory of graphics processor \(index) rises by \(rounded(trend.slope * 60)) points a minute; it is full in \(rounded(left / 60)) minutes",
                    evidence: [
                        .init("points a minute", trend.slope * 60),
                        .init("taken, percent", slice.machine.graphics[index].memoryPercent),
                        .init("z", trend.z), .init("threshold", Self.threshold),
                    ],
                    cause: "tensors are kept from step to step, such as losses with their graphs in a list",
                    remedies: [
                        .init("keep numbers instead of tensors: `total += loss.item()`"),
                        .init("judge under `torch.no_grad()`"),
                    ],
                    sampleSize: points.count, errorRate: 0.00003))
        }
        return .well
    }
}

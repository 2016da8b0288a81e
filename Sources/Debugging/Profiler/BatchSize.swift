import CheckedNumbers
import Events
import Hyperparameters

/// Batches are so small that neither processor nor graphics processor has enough to do.
public struct BatchSize: ProfilerRule {
    public static let name = "BatchSize"
    public static let summary = "batches are too small to keep processor and graphics processor busy"
    public static let parameters = [
        Hyperparameter("cpu_threshold_p95", .percent, default: "70", "cores are less busy than this in 95 % of the time"),
        Hyperparameter("gpu_threshold_p95", .percent, default: "70", "and so is a graphics processor"),
        Hyperparameter("gpu_memory_threshold_p95", .percent, default: "70", "and so much of its memory is taken at most"),
        Hyperparameter("patience", .count, default: "100", "half seconds that are looked at, at least"),
        Hyperparameter("window", .count, default: "500", "half seconds that are looked at, at most"),
    ]
    private let cpu: Double, gpu: Double, memory: Double
    var watch: ProfilerWatch

    public init(_ parameters: RuleParameters) {
        cpu = parameters.number("cpu_threshold_p95")
        gpu = parameters.number("gpu_threshold_p95")
        memory = parameters.number("gpu_memory_threshold_p95")
        watch = ProfilerWatch(seconds: parameters.number("patience") / 2, window: parameters.number("window") / 2)
    }

    func counts(_ slice: ProfileSlice) -> Bool { slice.stepCount > 0 && !slice.machine.graphics.isEmpty }

    mutating func look(at slice: ProfileSlice, of run: RunRecord) -> ProfilerLook {
        guard let cores = window.quantile(0.95, { $0.machine.corePercent }), cores < cpu else { return .well }
        for index in slice.machine.graphics.indices {
            guard let busy = window.quantile(0.95, { $0.machine.graphics(at: index)?.percent }), busy < gpu,
                let taken = window.quantile(0.95, { $0.machine.graphics(at: index)?.memoryPercent }), taken < memory
            else { continue }
            return .ill(
                Alert(
                    rule: Self.name, severity: .info, step: slice.step,
                    summary:
                        "graphics processor \(index) is busy to \(rounded(busy)) % at most, its memory taken to \(rounded(taken)) %",
                    evidence: [
                        .init("graphics processor, p95", busy), .init("its memory, p95", taken), .init("cores, p95", cores),
                        .init("threshold", gpu),
                    ],
                    cause: "a batch is worked off before the next one has been handed over",
                    remedies: [
                        .init("larger batches, with a learning rate that grows with them"),
                        .init("or a smaller machine: this one would do with less"),
                    ],
                    sampleSize: Int(nearestWithin: window.covered)))
        }
        return .well
    }
}

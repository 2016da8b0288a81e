import CheckedNumbers
import Events
import Hyperparameters

/// The run waits for a disk.
///
/// SageMaker's counts any core that waits for a disk, whoever made it wait; here the run itself must wait: for rows, for its checkpoints
/// to be written, or before its first step. Where the kernel tells how long anything stood still for a disk, that counts beside the
/// cores' waiting, which is lost as soon as another thread uses the core.
public struct IOBottleneck: ProfilerRule {
    public static let name = "IOBottleneck"
    public static let summary = "the run waits for a disk"
    public static let parameters = [
        Hyperparameter("threshold", .percent, default: "50", "percent of the time in which it must be so"),
        Hyperparameter("gpu_threshold", .percent, default: "10", "graphics processors that are less busy idle, in percent"),
        Hyperparameter("io_threshold", .percent, default: "50", "percent of the time in which something waits for a disk"),
        Hyperparameter("wait_threshold", .percent, default: "10", "percent of its time that the run itself waits, at least"),
        Hyperparameter("patience", .count, default: "40", "half seconds that are looked at, at least"),
    ]
    private let threshold: Double, gpu: Double, io: Double, wait: Double
    var watch: ProfilerWatch

    public init(_ parameters: RuleParameters) {
        threshold = parameters.number("threshold")
        gpu = parameters.number("gpu_threshold")
        io = parameters.number("io_threshold")
        wait = parameters.number("wait_threshold")
        let seconds = parameters.number("patience") / 2
        watch = ProfilerWatch(seconds: seconds, window: max(seconds, 20))
    }

    static let waiting: [StepPart] = [.start, .data, .checkpoint]

    private func isHeldBack(_ slice: ProfileSlice) -> Bool {
        let machine = slice.machine
        guard machine.diskPercent ?? 0 > io, machine.graphicsPercent ?? 0 < gpu else {
            return false
        }
        return 100 * Self.waiting.reduce(0) { $0 + slice.share(of: $1) } > wait
    }

    /// A start waits, too.
    func counts(_ slice: ProfileSlice) -> Bool { true }

    mutating func look(at slice: ProfileSlice, of run: RunRecord) -> ProfilerLook {
        let share = window.share(isHeldBack)
        guard 100 * share > threshold else { return .well }
        let parts = Self.waiting.map { ($0, window.seconds(of: $0)) }
        let most = parts.max { $0.1 < $1.1 }?.0 ?? .data
        var evidence: [Alert.Evidence] = [.init("percent of the time", 100 * share), .init("threshold", threshold)]
        if let stall = window.mean({ $0.ioStallPercent }) {
            evidence.append(.init("stood still for a disk, percent", stall))
        }
        if let waits = window.mean({ $0.ioWaitPercent }) {
            evidence.append(.init("cores waiting for a disk, percent", waits))
        }
        evidence.append(.init("the run waited, percent", 100 * parts.reduce(0) { $0 + $1.1 } / max(window.covered, 1e-9)))
        return .ill(
            Alert(
                rule: Self.name, severity: .info, step: slice.step,
                summary: "it waited for a disk in \(rounded(100 * share)) % of the time", evidence: evidence,
                cause: most == .checkpoint
                    ? "its checkpoints are written to a disk that is slow, or busy with something else"
                    : "its rows are read from a disk that is slow, or busy with something else",
                remedies: most == .checkpoint
                    ? [.init("write checkpoints less often, or to another disk")]
                    : [
                        .init("keep the rows in memory, or read them ahead (prefetch_factor, more loader processes)"),
                        .init("a file of columns, such as Parquet, instead of text; one large file instead of many small ones"),
                    ],
                sampleSize: Int(nearestWithin: window.covered)))
    }
}

import CheckedNumbers
import Events
import Hyperparameters

/// Steps wait for their rows.
///
/// SageMaker's compares the number of loader processes with the number of cores, whether or not anybody waits for them. Here the time
/// that steps wait decides, and the number of processes says what to change.
public struct Dataloader: ProfilerRule {
    public static let name = "Dataloader"
    public static let summary = "steps wait for their rows"
    public static let parameters = [
        Hyperparameter(
            "wait_threshold", .percent, default: "30", "percent of the time of steps that is spent on waiting for rows"),
        Hyperparameter(
            "min_threshold", .percent, default: "70", "loader processes are few that are fewer than this percentage of the cores"),
        Hyperparameter("max_threshold", .positive, default: "200", "and many that are more than this"),
        Hyperparameter("patience", .count, default: "10", "seconds that are looked at, at least"),
    ]
    private let wait: Double, few: Double, many: Double
    var watch: ProfilerWatch

    public init(_ parameters: RuleParameters) {
        wait = parameters.number("wait_threshold")
        few = parameters.number("min_threshold")
        many = parameters.number("max_threshold")
        let seconds = parameters.number("patience")
        watch = ProfilerWatch(seconds: seconds, window: max(seconds, 15))
    }

    func counts(_ slice: ProfileSlice) -> Bool { slice.stepCount > 0 && slice.timedCount > 0 }

    mutating func look(at slice: ProfileSlice, of run: RunRecord) -> ProfilerLook {
        let steps = window.stepSeconds
        guard steps > 0.1 * window.covered else { return .well }
        let share = 100 * window.seconds(of: .data) / steps
        guard share > wait else { return .well }
        let cores = max(1, slice.machine.cores.count)
        var evidence: [Alert.Evidence] = [.init("percent of the steps' time", share), .init("threshold", wait)]
        if let loaders = slice.machine.loaders { evidence.append(.init("loader processes", Double(loaders))) }
        evidence.append(.init("cores", Double(cores)))
        return .ill(
            Alert(
                rule: Self.name, severity: share > 60 ? .warning : .info, step: slice.step,
                summary: "steps spend \(rounded(share)) % of their time waiting for rows", evidence: evidence,
                cause: cause(slice.machine.loaders, cores, run), remedies: remedies(slice.machine.loaders, cores, run),
                sampleSize: window.slices.reduce(0) { $0 + $1.timedCount }))
    }

    private func cause(_ loaders: Int?, _ cores: Int, _ run: RunRecord) -> String {
        guard run.request.isScript else { return "batches are put together from rows that are read while it trains" }
        guard let loaders else { return "rows come more slowly than they are learned from" }
        let share = 100 * Double(loaders) / Double(cores)
        if loaders == 0 { return "the process that trains reads its rows itself, between the steps" }
        if share < few { return "\(loaders) loader processes cannot keep up, and \(cores) cores are there" }
        if share > many { return "\(loaders) loader processes are in each other's way on \(cores) cores" }
        return "\(loaders) loader processes on \(cores) cores cannot keep up: a row takes too long"
    }

    private func remedies(_ loaders: Int?, _ cores: Int, _ run: RunRecord) -> [Alert.Remedy] {
        guard run.request.isScript else {
            return [.init("keep the rows in memory: fewer columns or rows (--drop, --rows), or more memory")]
        }
        if let loaders, 100 * Double(loaders) / Double(cores) > many {
            return [.init("fewer loader processes: num_workers=\(cores)")]
        }
        return [
            .init("more loader processes: num_workers=\(cores), persistent_workers=True, prefetch_factor=4"),
            .init("do what is done to each row once, before training, and keep it"),
        ]
    }
}

import CheckedNumbers
import Events
import Hyperparameters

/// The disk that the workspace lies on is full, or soon will be.
public struct DiskFull: ProfilerRule {
    public static let name = "DiskFull"
    public static let summary = "the workspace's disk is full, or soon will be"
    public static let parameters = [
        Hyperparameter("least", .nonNegative, default: "500", "megabytes that must be free"),
        Hyperparameter("minutes", .nonNegative, default: "10", "minutes that it must last, as fast as it fills"),
    ]
    private let least: Double, minutes: Double
    var watch = ProfilerWatch(seconds: 0, window: 60)

    public init(_ parameters: RuleParameters) {
        least = parameters.number("least") * 1e6
        minutes = parameters.number("minutes")
    }

    func counts(_ slice: ProfileSlice) -> Bool { slice.machine.diskFreeBytes != nil }

    mutating func look(at slice: ProfileSlice, of run: RunRecord) -> ProfilerLook {
        guard let free = slice.machine.diskFreeBytes.map(Double.init) else { return .unknown }
        let trend = Trend(
            window.slices.compactMap { slice in
                slice.machine.diskFreeBytes.map { (time: slice.wallTime, value: -Double($0)) }
            })
        let rate = trend.map { $0.z > 3 ? $0.slope : 0 } ?? 0
        let left = rate > 0 ? free / rate / 60 : .infinity
        guard free < least || left < minutes else { return .well }
        var evidence: [Alert.Evidence] = [.init("free, MB", free / 1e6), .init("threshold, MB", least / 1e6)]
        if rate > 0 { evidence.append(.init("MB a minute", rate * 60 / 1e6)) }
        return .ill(
            Alert(
                rule: Self.name, severity: .warning, step: slice.step,
                summary: "\(rounded(free / 1e6)) MB are free on the workspace's disk"
                    + (left < minutes ? ", which lasts \(rounded(left)) minutes" : ""),
                evidence: evidence,
                cause: rate > 0
                    ? "it fills by \(rounded(rate * 60 / 1e6)) MB a minute" : "there is hardly room for checkpoints and curves",
                remedies: [
                    .init("make room: `descent runs delete` for runs that are no use any more, then empty the bin"),
                    .init("write checkpoints less often"),
                ]))
    }
}

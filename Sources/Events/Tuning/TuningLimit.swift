/// When a tuning job ends, or how much it does at once; by its option's name on the command line.
public enum TuningLimit: String, Hashable, Sendable, CaseIterable {
    case maxJobs = "max-jobs"
    case maxParallelJobs = "max-parallel-jobs"
    case maxRuntime = "max-runtime"
    case targetValue = "target-value"
    case noImprovement = "no-improvement"

    /// What a request says; empty where there is no such limit.
    public func text(in request: TuningRequest) -> String {
        switch self {
        case .maxJobs: "\(request.maxJobs)"
        case .maxParallelJobs: "\(request.maxParallelJobs)"
        case .maxRuntime: request.maxRuntime.map(Self.text) ?? ""
        case .targetValue: request.targetValue.map(Self.text) ?? ""
        case .noImprovement: request.noImprovement.map { "\($0)" } ?? ""
        }
    }

    /// Whether a job can be without it.
    public var isOptional: Bool { self != .maxJobs && self != .maxParallelJobs }

    /// The valid values in words.
    public var validValues: String {
        switch self {
        case .maxJobs, .maxParallelJobs, .noImprovement: "a whole number from 1 to 10000"
        case .maxRuntime: "seconds from 1 on"
        case .targetValue: "a number"
        }
    }

    /// Sets it as it is written; an empty text or `none` takes it away.
    /// - Returns: what is wrong with the text; nil = nothing.
    public func set(_ text: String, in request: inout TuningRequest) -> String? {
        let isNone = text.isEmpty || text == "none"
        if isNone, isOptional {
            switch self {
            case .maxRuntime: request.maxRuntime = nil
            case .targetValue: request.targetValue = nil
            case .noImprovement: request.noImprovement = nil
            case .maxJobs, .maxParallelJobs: break
            }
            return nil
        }
        let refusal = "--\(rawValue) '\(text)': give \(validValues)"
        switch self {
        case .maxJobs, .maxParallelJobs, .noImprovement:
            guard let count = Int(text), (1...10_000).contains(count) else { return refusal }
            switch self {
            case .maxJobs: request.maxJobs = count
            case .maxParallelJobs: request.maxParallelJobs = count
            default: request.noImprovement = count
            }
        case .maxRuntime:
            guard let seconds = Double(text), (1...1e9).contains(seconds) else { return refusal }
            request.maxRuntime = seconds
        case .targetValue:
            guard let value = Double(text), value.magnitude <= 1e300 else { return refusal }
            request.targetValue = value
        }
        return nil
    }

    private static func text(_ number: Double) -> String { Int(exactly: number).map { "\($0)" } ?? "\(number)" }
}

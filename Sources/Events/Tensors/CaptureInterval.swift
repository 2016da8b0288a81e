/// Of which steps and evaluations of a run tensors are summed up, as `--debug-save-interval` has it: `100`, `5e`, `auto,eval=2`, `off`.
public struct CaptureInterval: Hashable, Sendable {
    /// Of training steps.
    public enum Steps: Hashable, Sendable {
        case off
        /// As many as cost less than a share of the time.
        case automatic
        /// The first step, and every so many after it.
        case every(Int)
        /// The first step of the first epoch, and of every so many after it.
        case everyEpoch(Int)
    }

    /// Of evaluations.
    public enum Evaluations: Hashable, Sendable {
        case off
        /// As many as the share of the time has room for; all where steps are counted.
        case automatic
        /// The first one, and every so many after it.
        case every(Int)
    }

    public private(set) var steps = Steps.automatic
    public private(set) var evaluations = Evaluations.automatic

    /// - Parameter text: as the job's option has it; nil, and what makes no sense, is automatic.
    public init(_ text: String?) {
        for part in (text ?? "").split(separator: ",") { _ = take(part) }
        if steps == .off { evaluations = .off }
    }

    /// What is wrong with a text; nil = nothing.
    public static func problem(_ text: String) -> String? {
        var interval = CaptureInterval(nil)
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let kinds = Set(parts.map { $0.hasPrefix(evaluationPrefix) })
        guard kinds.count == parts.count, parts.allSatisfy({ interval.take($0) }) else {
            return
                "auto, off or a whole number from 1 on, or one with e behind it; of evaluations eval=N, eval=auto or eval=off behind a "
                + "comma"
        }
        if interval.steps == .off, parts.count > 1 { return "off alone, which captures no evaluation either" }
        return nil
    }

    private static let trainingPrefix = "train=", evaluationPrefix = "eval="

    /// - Returns: false for what makes no sense.
    private mutating func take(_ part: Substring) -> Bool {
        if part.hasPrefix(Self.evaluationPrefix) {
            switch part.dropFirst(Self.evaluationPrefix.count) {
            case "off": evaluations = .off
            case "auto": evaluations = .automatic
            case let count:
                guard let count = Self.count(count) else { return false }
                evaluations = .every(count)
            }
            return true
        }
        switch part.hasPrefix(Self.trainingPrefix) ? part.dropFirst(Self.trainingPrefix.count) : part {
        case "off": steps = .off
        case "auto": steps = .automatic
        case let text:
            let isEpochs = text.hasSuffix("e")
            guard let count = Self.count(isEpochs ? text.dropLast() : text) else { return false }
            steps = isEpochs ? .everyEpoch(count) : .every(count)
        }
        return true
    }

    private static func count(_ text: Substring) -> Int? { Int(text).flatMap { $0 > 0 ? $0 : nil } }
}

extension JobRequest {
    /// Whether it asks for no tensor at all, nor for being watched from inside.
    public var capturesNothing: Bool { CaptureInterval(debugSaveInterval).steps == .off }
}

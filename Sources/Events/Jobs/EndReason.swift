/// Why a job ended, or why its run stands where it does: one of the words below, another program's word, or what went wrong, in
/// words for the user.
public struct EndReason: Hashable, Sendable, CustomStringConvertible {
    /// As the wire, the workspace and the screen have it; empty when there is nothing to say.
    public let text: String

    public init(_ text: String) { self.text = text }

    /// There is nothing to say.
    public static let unsaid = EndReason("")
    /// It did all that it was to do.
    public static let maxEpochs = EndReason("MaxEpochs")
    public static let earlyStopping = EndReason("EarlyStopping")
    /// The objective reached `target_value`.
    public static let targetValueReached = EndReason("TargetValueReached")
    /// `max_runtime_in_seconds` are over: SageMaker's word.
    public static let maxRuntimeExceeded = EndReason("MaxRuntimeExceeded")
    /// A script ended by itself, and said that all is well.
    public static let finished = EndReason("Finished")
    public static let stoppedByUser = EndReason("StoppedByUser")
    /// An action that follows from what a rule found stopped it.
    public static func stopped(byRule rule: String) -> EndReason { EndReason(byRule + rule) }
    private static let byRule = "StoppedByRule "
    /// Whether somebody, or an action, stopped it before its own end.
    public var isStop: Bool { self == .stoppedByUser || text.hasPrefix(Self.byRule) }

    /// Nothing ended: another process goes on with it.
    public static let handedOver = EndReason("HandedOver")
    /// It was to start after a run that did not complete.
    public static let afterFailed = EndReason("AfterFailed")
    /// The process that trained it is gone.
    public static let interrupted = EndReason("Interrupted")
    /// It was brought back from its files after the workspace's database was lost.
    public static let recovered = EndReason("recovered from its files")

    public var isEmpty: Bool { text.isEmpty }
    public var description: String { text }
}

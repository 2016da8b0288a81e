/// What is done when a rule or an alarm changes its state.
public enum RunAction: Sendable, Hashable {
    /// The run ends at its next step, after a checkpoint.
    case stop
    /// The run waits for somebody to let it go on.
    case pause
    case checkpoint
    /// Hyperparameters are set from the next step on.
    case steer([String: String])
    /// Somebody is told, by a channel's name.
    case notify(String)
    /// A command for the shell; what happened is in its environment.
    case command(String)

    /// Whether it does nothing to a run.
    public var needsNoRun: Bool {
        switch self {
        case .notify, .command: true
        case .stop, .pause, .checkpoint, .steer: false
        }
    }

    /// Its word in a statement.
    public var word: String {
        switch self {
        case .stop: "stop"
        case .pause: "pause"
        case .checkpoint: "checkpoint"
        case .steer: "steer"
        case .notify: "notify"
        case .command: "command"
        }
    }

    /// As a statement has it.
    public var text: String {
        switch self {
        case .stop, .pause, .checkpoint: word
        case .steer(let settings):
            "steer " + settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        case .notify(let channel): Channel.builtIn.contains(channel) ? channel : "notify \(channel)"
        case .command(let command): "command \"\(command.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
        }
    }
}

import TextScanning

/// What one line of a list of actions says: `Overfit: stop, notify ops`.
public struct ActionStatement: Sendable, Hashable {
    public var trigger: ActionTrigger
    public var actions: [RunAction]
    /// As it was written, on one line.
    public var text: String

    public init(_ trigger: ActionTrigger, _ actions: [RunAction], text: String) {
        (self.trigger, self.actions, self.text) = (trigger, actions, text)
    }

    /// Reads one statement, as `--action` has it.
    public init(_ text: String) throws(TextFault) {
        let list = try ActionList(text)
        guard list.channels.isEmpty, list.statements.count == 1 else {
            throw TextFault(0..<min(1, text.count), "expected one RULE: ACTION, such as 'Overfit: stop'")
        }
        self = list.statements[0]
    }

    /// The channels that it names.
    public var channels: [String] {
        actions.compactMap { action in if case .notify(let name) = action { name } else { nil } }
    }
}

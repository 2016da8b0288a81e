import TextScanning

/// A file of actions: channels, and what is done when.
///
/// ```
/// channel ops: webhook https://chat.example/hook bearer=env:CHAT_TOKEN
///     quiet=22:00-07:00 limit=6/hour
/// Overfit: stop, notify ops
/// any issue: checkpoint
/// spike cleared: notify ops
/// ```
/// A statement begins at a line that is not indented; what stands behind `#` is not read.
public struct ActionList: Sendable {
    public private(set) var statements: [ActionStatement] = []
    public private(set) var channels: [Channel] = []

    /// Characters of a file.
    static let longest = 1 << 18

    public init() {}

    /// - Throws: the first thing that is wrong, and where. It never repeats what stands there.
    public init(_ text: String) throws(TextFault) {
        let written = WrittenStatements(text)
        guard written.characters.count <= Self.longest else {
            throw TextFault(0..<1, "actions may be \(Self.longest) characters long together: write fewer")
        }
        for range in written.ranges {
            var parser = ActionParser(TextScanner(written.characters, in: range))
            switch try parser.statement() {
            case .channel(let channel):
                guard !channels.contains(where: { $0.name == channel.name }) else {
                    throw TextFault(parser.nameRange, "there is a channel \(channel.name) already: give this one another name")
                }
                channels.append(channel)
            case .action(let trigger, let actions):
                statements.append(ActionStatement(trigger, actions, text: written.oneLine(range)))
            }
        }
    }

    /// A channel by its name, one that is always there included; nil where there is none.
    public func channel(named name: String) -> Channel? {
        channels.first { $0.name == name } ?? Channel(builtIn: name)
    }
}

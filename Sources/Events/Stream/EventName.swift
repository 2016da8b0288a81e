/// The name of a fact, the same on the wire, in the workspace's rows and in a filter. Each domain's names stand beside its facts.
public struct EventName: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init(_ text: String) { self.text = text }

    public var description: String { text }
}

/// Why something is no notebook, or cannot be run.
public struct NotebookFault: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

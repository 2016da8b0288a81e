import OutputFiles

/// Why logs cannot be read or written, in words for the user.
public struct LogError: Error, Hashable, CustomStringConvertible {
    /// What happened: what to do.
    public var message: String

    public init(message: String) { self.message = message }

    init(_ error: OutputError) { self.init(message: error.description) }

    public var description: String { message }
}

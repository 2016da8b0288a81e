/// What is wrong with a pipeline.
public struct PipelineError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What happened: what to do.
    public var message: String

    public init(_ message: String) { self.message = message }

    public var description: String { message }
}

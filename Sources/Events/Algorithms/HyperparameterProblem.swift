/// What is wrong with settings that a user typed, and what to do.
public struct HyperparameterProblem: Error, Hashable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}

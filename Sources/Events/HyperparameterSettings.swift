/// What is wrong with settings that a user typed, and what to do.
public struct HyperparameterProblem: Error, Hashable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}

extension AlgorithmDescription {
    /// Reads settings written as `NAME=VALUE`, one a word, and checks names and values.
    ///
    /// - Throws: what is wrong with the first that is not valid, and what is; also when there is none.
    public func settings(parsing words: [String]) throws(HyperparameterProblem) -> [String: String] {
        var settings: [String: String] = [:]
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw HyperparameterProblem("'\(word)': write NAME=VALUE, such as learning_rate=0.01")
            }
            guard let hyperparameter = hyperparameters.first(where: { $0.name == parts[0] }) else {
                let names = hyperparameters.map(\.name).joined(separator: ", ")
                throw HyperparameterProblem("\(name) has no hyperparameter '\(parts[0])': it has \(names)")
            }
            guard hyperparameter.accepts(parts[1]) else {
                throw HyperparameterProblem("\(parts[0]) = '\(parts[1])' is not valid: give \(hyperparameter.validValues)")
            }
            settings[parts[0]] = parts[1]
        }
        if settings.isEmpty { throw HyperparameterProblem("nothing to set: write NAME=VALUE, such as learning_rate=0.01") }
        return settings
    }
}

extension AlgorithmDescription {
    /// Reads settings written as `NAME=VALUE`, one a word, that are to change in the middle of a run, and checks names and
    /// values.
    ///
    /// - Parameter goesOn: whether a run that ended goes on, or a fork begins, so that it may also be given other epochs.
    /// - Throws: what is wrong with the first that is not valid, and what can be set.
    public func changes(
        parsing words: [String], goesOn: Bool = false
    ) throws(HyperparameterProblem) -> [String: String] {
        let settable = (goesOn ? [lengthSetting].compactMap { $0 } : []) + steerable
        var settings: [String: String] = [:]
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw HyperparameterProblem("'\(word)': write NAME=VALUE, such as learning_rate=0.01")
            }
            guard let hyperparameter = hyperparameters.first(where: { $0.name == parts[0] }), settable.contains(parts[0]) else {
                let moment = goesOn ? "where a run goes on" : "while it trains"
                throw HyperparameterProblem(
                    "\(name) cannot change '\(parts[0])' \(moment): set \(settable.joined(separator: ", "))")
            }
            var changeable = hyperparameter
            // What the algorithm would choose by itself it has chosen already.
            if !hyperparameter.isJobSetting { changeable.words = [] }
            guard changeable.accepts(parts[1]) else {
                throw HyperparameterProblem("\(parts[0]) = '\(parts[1])' is not valid: give \(changeable.validValues)")
            }
            settings[parts[0]] = parts[1]
        }
        return settings
    }
}

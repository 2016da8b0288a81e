extension AlgorithmDescription {
    /// Reads settings written as `NAME=VALUE`, one a word, that are to change in the middle of a run, and checks names and
    /// values.
    ///
    /// - Parameter goesOn: whether a run that ended goes on, or a fork begins, so that it may also be given other epochs.
    /// - Throws: what is wrong with the first that is not valid, and what can be set.
    public func changes(
        parsing words: [String], goesOn: Bool = false
    ) throws(HyperparameterProblem) -> [String: String] {
        let settable = changeable(goesOn: goesOn)
        var settings: [String: String] = [:]
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw HyperparameterProblem("'\(word)': write NAME=VALUE, such as learning_rate=0.01")
            }
            if takesAnySetting, !hyperparameters.contains(where: { $0.name == parts[0] }) {
                settings[parts[0]] = parts[1]
                continue
            }
            guard let hyperparameter = hyperparameters.first(where: { $0.name == parts[0] }), settable.contains(parts[0]) else {
                let meant = settable.filter { $0.hasPrefix(parts[0]) }
                if meant.count > 1 {
                    throw HyperparameterProblem("'\(parts[0])' may be \(meant.joined(separator: " or ")): type more of it")
                }
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

    /// Names of what may change in the middle of a run: how long it trains, then the rest, what people change most first.
    ///
    /// - Parameter goesOn: whether a run that ended goes on, or a fork begins, so that it may also be given other epochs.
    public func changeable(goesOn: Bool = false) -> [String] {
        let rank = { (name: String) in essentials.firstIndex(of: name) ?? essentials.count }
        let ranked = steerable.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
        return (goesOn ? [lengthSetting].compactMap { $0 } : []) + ranked.map(\.element)
    }

    /// Settings as a hand types them, `lea=0.01` or `lea 0.01`, as words `NAME=VALUE`: a name may be cut to a beginning that no other
    /// setting has. What names none, or several, stays as it is.
    ///
    /// - Parameter others: names of settings that the algorithm itself does not list, as those of a script.
    public func changeWords(typed text: String, goesOn: Bool = false, also others: [String] = []) -> [String] {
        let listed = changeable(goesOn: goesOn), names = listed + others.filter { !listed.contains($0) }
        var words: [String] = []
        for part in text.split(separator: " ") {
            if let last = words.last, last.hasSuffix("=") || part.hasPrefix("=") || !last.contains("=") {
                // A value that stands behind its name, with or without an equals sign.
                let joins = last.hasSuffix("=") || part.hasPrefix("=")
                words[words.count - 1] = last + (joins ? "" : "=") + part
            } else {
                words.append(String(part))
            }
        }
        return words.map { word in
            guard let equals = word.firstIndex(of: "=") else { return word }
            return (Self.name(word[..<equals], among: names) ?? String(word[..<equals])) + word[equals...]
        }
    }

    /// The name that a beginning stands for: itself, or the only one that begins so.
    static func name(_ beginning: some StringProtocol, among names: [String]) -> String? {
        if names.contains(where: { $0 == beginning }) { return String(beginning) }
        let matching = beginning.isEmpty ? [] : names.filter { $0.hasPrefix(beginning) }
        return matching.count == 1 ? matching[0] : nil
    }
}

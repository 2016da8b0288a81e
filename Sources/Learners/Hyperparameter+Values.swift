import Hyperparameters
import NearestNames

extension Hyperparameter {
    /// Every setting's text, given or default, by name.
    ///
    /// - Throws: `unknownHyperparameter` naming the nearest valid name, `invalidHyperparameter` with the valid values.
    public static func values(
        _ given: [String: String], specs: [Hyperparameter], learner: String
    ) throws(LearnerError) -> [String: String] {
        let names = specs.map(\.name)
        for name in given.keys.sorted() where !names.contains(name) {
            let near = NearestName.suggestions(for: name, among: names)
            let advice = near.first.map { "did you mean '\($0)'?" } ?? "it has \(names.joined(separator: ", "))"
            throw LearnerError(.unknownHyperparameter, "\(learner) has no hyperparameter '\(name)': \(advice)")
        }
        var values: [String: String] = [:]
        for spec in specs {
            let text = spec.value(in: given)
            guard spec.accepts(text) else {
                throw LearnerError(
                    .invalidHyperparameter, "\(spec.name) = '\(text)' is not valid: give \(spec.validValuesInWords)")
            }
            values[spec.name] = text
        }
        return values
    }
}

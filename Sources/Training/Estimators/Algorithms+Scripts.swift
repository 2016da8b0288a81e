import Events
import Hyperparameters

/// Programs of the user's beside the learners: what can be said of one without running it.
extension Algorithms {
    static let script = AlgorithmDescription(
        name: JobRequest.scriptAlgorithm, title: "Script",
        summary: "any program as a trainer: PyTorch, TensorFlow or other scripts, by SageMaker's script mode", needsTarget: false,
        hyperparameters: JobSettings.specs(nil), steerable: JobSettings.steerable, takesAnySetting: true)

    /// Checks what can be checked without looking at files.
    /// - Throws: `badRequest`, `badHyperparameter`.
    static func validateScript(_ request: JobRequest) throws(TrainingError) {
        let fault: String? =
            if request.script == nil, request.command == nil {
                "no script: name one with --script FILE, or give a --command"
            } else if request.script != nil, request.command != nil {
                "script and command exclude each other: give one of them"
            } else if let option = JobOption.all.first(where: { option in
                option.topic != .script && option.topic != .debugging && !JobOption.ofSplits.contains(option.name)
                    && !option.values(request).isEmpty
            }) {
                "a script reads its data itself: leave \(option.name) out"
            } else if request.datasetPath.isEmpty, request.validationPath != nil {
                "there is data to validate on and none to train on: name it"
            } else if request.validationSplit > 0, request.datasetPath.isEmpty {
                "there is no data to split: leave the validation split out"
            } else {
                nil
            }
        if let fault { throw TrainingError(.badRequest, fault, operation: "validate") }
        try validateScriptSettings(request.hyperparameters)
    }

    /// Settings of the job have their values; those of the script are its own matter, but for names that no program can be given.
    static func validateScriptSettings(_ settings: [String: String]) throws(TrainingError) {
        for (name, text) in settings.sorted(by: { $0.key < $1.key }) {
            if let spec = script.hyperparameters.first(where: { $0.name == name }) {
                guard spec.accepts(text) else {
                    throw TrainingError(
                        .badHyperparameter, "\(name) = '\(text)': give \(spec.validValuesInWords)", operation: "validate")
                }
            } else if name.isEmpty || name.contains(where: { $0.isWhitespace || $0 == "=" || $0 == "\0" }) || text.contains("\0")
            {
                throw TrainingError(
                    .badHyperparameter, "'\(name)' is no name for a script's setting: write NAME=VALUE", operation: "validate")
            }
        }
    }

    /// What the run is judged by, as far as it is said; else until its metrics have names.
    static func scriptObjective(of request: JobRequest) -> Objective {
        guard let text = request.hyperparameters[JobSettings.objective], text != "auto" else {
            return Objective(metric: .validationLoss, minimises: true)
        }
        let isMaximum = text.hasPrefix("max:"), isMinimum = text.hasPrefix("min:")
        let metric = MetricName(isMaximum || isMinimum ? String(text.dropFirst(4)) : text)
        return Objective(metric: metric, direction: isMaximum ? .maximised : isMinimum ? .minimised : metric.direction)
    }
}

import Events
import Hyperparameters
import Learners

/// Settings that every job has, whatever it trains: what it is judged by and when it ends. They travel with a request's
/// hyperparameters, under SageMaker's names where it has one.
package enum JobSettings {
    static func specs(_ learner: Learner) -> [Hyperparameter] { specs(learner.earlyStopping) }

    /// - Parameter early: when it ends early unless something is said; nil = never.
    static func specs(_ early: Learner.EarlyStoppingDefaults?) -> [Hyperparameter] {
        let settings: [Hyperparameter] = [
            .init(
                objective, .text(example: "validation:f1"), words: ["auto"], default: "auto",
                "the metric that the best model and early stopping go by; auto = validation:loss, or train:loss without validation"
            ),
            .init(
                patience, .integer(minimum: 1, maximum: 1_000_000_000), words: ["off"],
                default: early?.patience.map(String.init) ?? "off", sageMaker: early?.sageMakerPatience.map(String.init),
                "evaluations without improvement before the job stops early; off = never"),
            .init(
                tolerance, .nonNegative, default: "\(early?.tolerance ?? 0)",
                sageMaker: early?.sageMakerTolerance.map { "\($0)" },
                "an improvement smaller than this part of the best value does not count"),
            .init(minimumEpochs, .integer(minimum: 0, maximum: 1_000_000_000), default: "0", "epochs before it may stop early"),
            .init(
                maxRuntime, .positive, words: ["none"], default: "none",
                "seconds from the start of its preparation, pauses left out, after which the job ends with its best model"),
            .init(
                targetValue, .anyNumber, words: ["none"], default: "none", "the objective's value that ends the job once reached"),
        ]
        return settings.map { setting in
            var setting = setting
            setting.isJobSetting = true
            return setting
        }
    }

    package static let objective = "objective_metric"
    private static let patience = "early_stopping_patience"
    private static let tolerance = "early_stopping_tolerance"
    private static let minimumEpochs = "early_stopping_min_epochs"
    private static let maxRuntime = "max_runtime_in_seconds"
    private static let targetValue = "target_value"

    /// Those that change while a job runs. What the best model was judged by cannot.
    static let steerable = [patience, tolerance, minimumEpochs, maxRuntime, targetValue]
    package static let names = Set([objective] + steerable)

    /// The metric a job is judged by.
    ///
    /// - Parameters:
    ///   - tasks: what may be predicted, as far as is known.
    ///   - hasValidation: whether rows are held out.
    /// - Throws: `badHyperparameter` for a metric that is not measured, naming those that are.
    static func objective(
        _ settings: [String: String], learner: Learner, tasks: [LearningTask], hasValidation: Bool
    ) throws(TrainingError) -> Objective {
        let split = hasValidation ? "validation" : "train"
        guard let text = settings[objective], text != "auto" else {
            return Objective(metric: MetricName(split: split, metric: "loss"), minimises: true)
        }
        let metric = text.contains(":") ? MetricName(text) : MetricName(split: split, metric: text)
        let measured = tasks.flatMap { learner.metrics($0, settings) }.reduce(into: [String]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        let fault = { (words: String) in TrainingError(.badHyperparameter, words, operation: "validate") }
        guard metric.split == "train" || metric.split == "validation" else {
            throw fault("\(objective) = '\(text)': write validation:METRIC or train:METRIC, such as validation:\(measured[0])")
        }
        guard hasValidation || metric.split == "train" else {
            throw fault("\(objective) = '\(text)': there are no validation rows; hold some out, or write train:\(metric.metric)")
        }
        guard measured.contains(String(metric.metric)), metric.direction != .unknown else {
            throw fault("\(learner.name) does not measure '\(metric.metric)': choose from \(measured.joined(separator: ", "))")
        }
        return Objective(metric: metric, minimises: metric.direction == .minimised)
    }

    /// Reads settings that are given over those there are. The values must be valid.
    package static func apply(_ settings: [String: String], to criteria: inout EarlyStopping.Criteria) {
        if let text = settings[patience] { criteria.patience = Int(text) }
        if let number = settings[tolerance].flatMap({ Double($0) }) { criteria.tolerance = number }
        if let number = settings[minimumEpochs].flatMap({ Int($0) }) { criteria.minimumEpochs = number }
        if let text = settings[maxRuntime] { criteria.maxRuntimeSeconds = Double(text) }
        if let text = settings[targetValue] { criteria.targetValue = Double(text) }
    }

    /// What ends a job that has no defaults of its own.
    package static func criteria(_ given: [String: String]) -> EarlyStopping.Criteria {
        var criteria = EarlyStopping.Criteria(patience: nil, tolerance: 0)
        apply(given, to: &criteria)
        return criteria
    }

    /// Seconds that a job may take; nil = any number.
    static func maxRuntimeSeconds(_ settings: [String: String]) -> Double? { settings[maxRuntime].flatMap { Double($0) } }

    /// Every setting's final value.
    static func resolved(_ given: [String: String], learner: Learner, objective metric: Objective) -> [String: String] {
        var values = Dictionary(specs(learner).map { ($0.name, $0.value(in: given)) }) { $1 }
        values[objective] = metric.metric.text
        return values
    }
}

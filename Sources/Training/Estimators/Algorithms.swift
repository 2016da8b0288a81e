import Events
import Hyperparameters
import Learners
import Numerics
import PipelineSteps
import Tables

/// The algorithms a job can train, in the vocabulary of the studio.
public enum Algorithms {
    /// Every algorithm: for the new-run form, `--help` and validation.
    public static let all: [AlgorithmDescription] =
        Learner.all.map { learner in
            var description = AlgorithmDescription(
                name: learner.name, title: title(learner.name), summary: learner.summary, needsTarget: learner.needsTarget,
                hyperparameters: learner.hyperparameters + JobSettings.specs(learner),
                steerable: learner.steerable([:]) + JobSettings.steerable, lengthSetting: learner.lengthSetting,
                essentials: learner.essentials,
                metrics: learner.tasks.flatMap { learner.metrics($0, [:]) }.reduce(into: []) {
                    if !$0.contains($1) { $0.append($1) }
                })
            description.searchRanges = learner.searchRanges
            return description
        } + [script]

    /// Library that does the matrix products, for `descent doctor`.
    public static var linearAlgebraLibrary: String { LinearAlgebraLibrary.description }

    /// Checks everything about a request that can be checked without its data.
    /// - Throws: `unknownAlgorithm`, `badHyperparameter`, `badRequest`.
    public static func validate(_ request: JobRequest) throws(TrainingError) {
        if request.isScript { return try validateScript(request) }
        let learner = try learner(request.algorithm)
        if let option = JobOption.all.first(where: { $0.topic == .script && !$0.values(request).isEmpty }) {
            throw TrainingError(
                .badRequest, "\(option.name) is for programs of your own: --algorithm \(JobRequest.scriptAlgorithm) runs one",
                operation: "validate")
        }
        if request.target == nil, learner.needsTarget {
            throw TrainingError(.badRequest, "no target: name the column to predict", operation: "validate")
        }
        guard request.validationSplit >= 0, request.validationSplit < 1 else {
            throw TrainingError(
                .badRequest, "validation split \(request.validationSplit): give a share from 0 to below 1", operation: "validate")
        }
        try checkValidation(request)
        do throws(TableError) { _ = try ReadOptions(request.reading) } catch {
            throw TrainingError(.badRequest, error.message, operation: "validate")
        }
        if let text = request.pipeline {
            do throws(PipelineError) { _ = try DataPipeline(parsing: text) } catch {
                throw TrainingError(.badRequest, error.message, operation: "validate")
            }
        }
        try checkEngine(request, learner)
        _ = try FeatureStep.requests(request.prepare)
        try validate(request.hyperparameters, of: request.algorithm)
        _ = try objective(of: request)
    }

    private static func checkValidation(_ request: JobRequest) throws(TrainingError) {
        for option in JobOption.all {
            for text in option.values(request) {
                guard let problem = option.problem(with: text) else { continue }
                throw TrainingError(.badRequest, "\(option.name) '\(text)': give \(problem)", operation: "validate")
            }
        }
        let order = request.validationOrder
        let fault: String? =
            if request.validationPath != nil, request.folds != nil || order != nil || request.group != nil {
                "a validation file is validated on as it is: leave folds, group and validation-order out"
            } else if request.group != nil, let order, order != "random" {
                "group and validation-order \(order) exclude each other: give one of them"
            } else if request.folds != nil, Learner.all.first(where: { $0.name == request.algorithm })?.needsTarget == false {
                "folds judge predictions, and \(request.algorithm) makes none: leave folds out"
            } else if let fault = unusedOption(request) {
                fault
            } else if request.wantsBaselines, request.target == nil {
                "baselines are models that predict: name a target, or leave baseline out"
            } else if request.folds == nil, request.validationSplit == 0, order != nil || request.group != nil {
                "no rows are held out: give a validation split, or leave group and validation-order out"
            } else if let given = request.hyperparameters["predictor_type"],
                let task = request.task.flatMap(LearningTask.init(word:)),
                given != task.rawValue
            {
                "task and predictor_type say different things: give one of them"
            } else {
                nil
            }
        if let fault { throw TrainingError(.badRequest, fault, operation: "validate") }
    }

    /// What is said of a target where none is predicted; nil = nothing.
    private static func unusedOption(_ request: JobRequest) -> String? {
        guard Learner.all.first(where: { $0.name == request.algorithm })?.needsTarget == false else { return nil }
        let said = [("task", request.task), ("positive", request.positive), ("reweigh", request.reweigh)].first { $0.1 != nil }
        return said.map { "\(request.algorithm) predicts no column: leave \($0.0) out" }
    }

    /// The metric a request's run will be judged by, as far as that is known without its data.
    /// - Throws: `badHyperparameter` for one that the algorithm does not measure, naming those it does.
    public static func objective(of request: JobRequest) throws(TrainingError) -> Objective {
        if request.isScript { return scriptObjective(of: request) }
        let learner = try learner(request.algorithm)
        let tasks = impliedTask(request).map { [$0] } ?? learner.tasks
        return try JobSettings.objective(
            request.hyperparameters, learner: learner, tasks: tasks,
            hasValidation: request.validationPath != nil || request.validationSplit > 0 || request.folds != nil)
    }

    /// Checks that settings can change in the middle of a run that has these hyperparameters.
    /// - Throws: `unknownAlgorithm`; `badHyperparameter` for what cannot, naming what can.
    public static func validateChange(
        _ settings: [String: String], of algorithm: String, having hyperparameters: [String: String]
    ) throws(TrainingError) {
        if algorithm == JobRequest.scriptAlgorithm { return try validateScriptSettings(settings) }
        let learner = try learner(algorithm)
        let names = learner.steerable(hyperparameters) + JobSettings.steerable
        if let name = settings.keys.sorted().first(where: { !names.contains($0) && isHyperparameter($0, of: learner) }) {
            throw TrainingError(
                .badHyperparameter, "\(name) cannot be set while training: set \(names.joined(separator: ", "))",
                operation: "steer")
        }
        try validate(settings, of: algorithm)
        if let (name, text) = settings.first(where: { !JobSettings.names.contains($0.key) && Double($0.value) == nil }) {
            throw TrainingError(
                .badHyperparameter, "\(name) = '\(text)' cannot be set while training: give a number", operation: "steer")
        }
    }

    /// The hyperparameter that says how long a run trains; nil where the end lies in the method.
    static func lengthSetting(of algorithm: String) throws(TrainingError) -> String? {
        algorithm == JobRequest.scriptAlgorithm ? nil : try learner(algorithm).lengthSetting
    }

    /// Checks what is set where a run that ended goes on, or a fork begins: what can change while training, and how long it is
    /// to train.
    /// - Throws: `unknownAlgorithm`; `badHyperparameter` for what cannot, naming what can.
    public static func validateContinuation(
        _ settings: [String: String], of algorithm: String, having hyperparameters: [String: String]
    ) throws(TrainingError) {
        var changes = settings
        if let length = try lengthSetting(of: algorithm), let wanted = changes.removeValue(forKey: length) {
            try validate([length: wanted], of: algorithm)
        }
        try validateChange(changes, of: algorithm, having: hyperparameters)
    }

    /// Values that a run's learner chose where it was left to it, as settings that choose the same whatever else changes; all but
    /// those of the learning rate's schedule, which reaches over the epochs there are.
    /// - Parameter changed: names of what was set in the meantime.
    static func chosenAutomatically(
        by record: RunRecord, but changed: Set<String>
    ) throws(TrainingError) -> [String: String] {
        let learner = try learner(record.algorithm)
        var chosen: [String: String] = [:]
        for spec in learner.hyperparameters
        where spec.allowsAuto && !changed.contains(spec.name) && !spec.name.hasPrefix("lr_scheduler") {
            guard record.request.hyperparameters[spec.name] ?? "auto" == "auto", let value = record.hyperparameters[spec.name],
                spec.accepts(value)
            else { continue }
            chosen[spec.name] = value
        }
        return chosen
    }

    private static func isHyperparameter(_ name: String, of learner: Learner) -> Bool {
        learner.hyperparameters.contains { $0.name == name } || JobSettings.names.contains(name)
    }

    /// Whether an algorithm has a use for missing features.
    static func takesMissing(_ request: JobRequest) -> Bool {
        Learner.all.first { $0.name == request.algorithm }?.takesMissing ?? false
    }

    /// Whether an algorithm learns the same from targets that are all less by one number.
    static func takesTargetOrigin(_ request: JobRequest) -> Bool {
        Learner.all.first { $0.name == request.algorithm }?.takesTargetOrigin(request.hyperparameters) ?? false
    }

    /// - Throws: `badRequest` when the algorithm multiplies matrices and there is no library for that, or no room for what it needs.
    static func checkLinearAlgebra(_ algorithm: String) throws(TrainingError) {
        // What finds its way by sums alone loads no library.
        let family = Learner.all.first { $0.name == algorithm }?.family
        if family == .trees || family == .linear { return }
        guard LinearAlgebraLibrary.isAvailable else {
            throw TrainingError(
                .badRequest, "the OpenBLAS library is not here: \(LinearAlgebraLibrary.advice)", operation: "load library")
        }
        guard LinearAlgebraLibrary.isUsable else {
            throw TrainingError(
                .badRequest, "too little memory may be used for products of matrices: raise the limit (ulimit -v)",
                operation: "load library")
        }
    }

    /// Checks names and values of hyperparameters.
    /// - Throws: `unknownAlgorithm`, `badHyperparameter`.
    public static func validate(_ hyperparameters: [String: String], of algorithm: String) throws(TrainingError) {
        if algorithm == JobRequest.scriptAlgorithm { return try validateScriptSettings(hyperparameters) }
        let learner = try learner(algorithm)
        do throws(LearnerError) {
            let specs = learner.hyperparameters + JobSettings.specs(learner)
            _ = try Hyperparameter.values(hyperparameters, specs: specs, learner: learner.name)
        } catch {
            throw TrainingError(.badHyperparameter, error.message, operation: "validate")
        }
        try checkLinearAlgebra(algorithm)
        do throws(LearnerError) { try learner.checkAvailability() } catch {
            throw TrainingError(.badRequest, error.message, operation: "validate")
        }
    }

    /// What the settings say is to be predicted; nil leaves it to the target's values.
    static func impliedTask(_ request: JobRequest) -> LearningTask? {
        request.task.flatMap(LearningTask.init(word:))
            ?? Learner.all.first { $0.name == request.algorithm }?.impliedTask(request.hyperparameters)
    }

    /// What may be predicted for the objective that a request names to be measured; empty where it names none.
    static func tasksOfObjective(_ request: JobRequest) -> [LearningTask] {
        guard let text = request.hyperparameters[JobSettings.objective], text != "auto",
            let learner = Learner.all.first(where: { $0.name == request.algorithm })
        else { return [] }
        let metric = text.contains(":") ? String(MetricName(text).metric) : text
        return learner.tasks.filter { learner.metrics($0, request.hyperparameters).contains(metric) }
    }

    /// Whether categories may come as codes.
    static func takesCodes(_ algorithm: String) -> Bool { Learner.all.first { $0.name == algorithm }?.takesCodes ?? false }

    /// How columns become features for a request's learner.
    static func featureOptions(_ request: JobRequest, isImage: Bool = false) -> FeatureOptions {
        guard let learner = Learner.all.first(where: { $0.name == request.algorithm }) else { return FeatureOptions() }
        // What prepares features takes no codes.
        let isPlain = request.prepare == nil
        // Codes are the last features, behind which nothing may stand.
        let takesCodes = isPlain && learner.takesCodes && request.stack.isEmpty
        return FeatureOptions(
            style: isPlain ? FeatureOptions.Style(learner.family) : .distances,
            codesFrom: takesCodes ? expandedCategoryLimit : nil, keepsConstants: isImage)
    }

    /// Categories of a column that become a feature each where the learner could take codes too.
    private static let expandedCategoryLimit = 64

    /// Whether rows may stay in their file.
    static func streams(_ algorithm: String) -> Bool { Learner.all.first { $0.name == algorithm }?.streams ?? false }

    /// Whether the features may be the pixels of an image.
    static func takesImages(_ algorithm: String) -> Bool {
        Learner.all.first { $0.name == algorithm }?.hyperparameters.contains { $0.name == "image_shape" } ?? false
    }

    static func learner(_ name: String) throws(TrainingError) -> Learner {
        do throws(LearnerError) {
            return try Learner.named(name)
        } catch {
            throw TrainingError(.unknownAlgorithm, error.message, operation: "find algorithm")
        }
    }

    private static func title(_ name: String) -> String {
        name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
    }
}

extension FeatureOptions.Style {
    fileprivate init(_ family: Learner.Family) {
        switch family {
        case .linear: self = .linear
        case .network: self = .network
        case .trees: self = .trees
        case .distances: self = .distances
        }
    }
}

extension LearningTask {
    /// What a word of `JobRequest.task` says; nil where the number of classes decides.
    fileprivate init?(word: String) {
        guard case .task(let task)? = TargetEncoding.Wish(word) else { return nil }
        self.init(rawValue: task.rawValue)
    }
}

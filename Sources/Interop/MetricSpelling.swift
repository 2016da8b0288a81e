import Events

/// Gives each of a run's metrics its name here: the split, a colon, and scikit-learn's word where there is one.
///
/// `val_loss`, `eval/loss`, `Loss/validation` → `validation:loss`; `train/acc`, `accuracy` → `train:accuracy`; what is no metric
/// of a model (`learning_rate`, `gpu/memory`) keeps its name. What a run cost is `system:…`.
package struct MetricSpelling {
    private let chosen: [String: MetricName]
    private let isOurs: Bool
    private var names: [String: MetricName] = [:]
    private var taken: Set<MetricName> = []

    /// - Parameters:
    ///   - chosen: what the user named himself.
    ///   - isOurs: whether Descent wrote the log, so that what stands behind an `@` is the number of a candidate model.
    package init(chosen: [String: MetricName] = [:], isOurs: Bool = false) {
        self.chosen = chosen
        self.isOurs = isOurs
    }

    /// The name for one of the log's own; two of them never get the same.
    package mutating func name(for source: String) -> MetricName {
        names[source] ?? take(source, as: chosen[source] ?? spelled(Self.guess(source)))
    }

    /// The name for one that says nothing about rows, whatever words it has, such as what another process measured: `rank1/val`.
    package mutating func name(keeping source: String) -> MetricName {
        names[source] ?? take(source, as: spelled(MetricName(source)))
    }

    private mutating func take(_ source: String, as wanted: MetricName) -> MetricName {
        var name = wanted
        if taken.contains(name) { name = spelled(MetricName(source)) }
        while taken.contains(name) { name = MetricName(name.text + "_") }
        taken.insert(name)
        names[source] = name
        return name
    }

    /// By the log's own names, those that have another here.
    var renamed: [String: MetricName] { names.filter { $0.key != $0.value.text } }

    /// In a name of ours `@` comes before the number of a model; in `recall@5` it says something else. A name is never empty.
    private func spelled(_ name: MetricName) -> MetricName {
        if name.metric.isEmpty { return MetricName(name.text + "unnamed") }
        guard !isOurs, name.isCandidate else { return name }
        return MetricName(name.text.split(separator: "@", omittingEmptySubsequences: false).joined(separator: "_at_"))
    }

    /// The split that a word stands for: `val` → `validation`.
    static func split(_ word: String) -> String? { splits[word.lowercased()] }

    private static func isSeparator(_ character: Character) -> Bool { "/_.-: ".contains(character) }

    /// Whether a log's name says itself which rows it was measured on.
    static func hasSplit(_ source: String) -> Bool {
        let words = source.lowercased().split(whereSeparator: isSeparator)
        return words.count > 1 && [words.first, words.last].contains { splits[$0.map(String.init) ?? ""] != nil }
    }

    private static let splits = [
        "train": "train", "training": "train", "tr": "train", "val": "validation", "valid": "validation",
        "validation": "validation", "eval": "validation", "evaluation": "validation", "dev": "validation", "test": "test",
        "testing": "test",
    ]
    private static let words = [
        "acc": "accuracy", "logloss": "log_loss", "nll": "log_loss", "auc": "roc_auc", "auroc": "roc_auc",
        "mean_squared_error": "mse", "mean_absolute_error": "mae", "root_mean_squared_error": "rmse", "r2_score": "r2",
        "f1_score": "f1", "ppl": "perplexity", "categorical_accuracy": "accuracy", "binary_accuracy": "accuracy",
    ]
    /// What a name without a split measures on the training rows.
    private static let measures: Set<String> = [
        "loss", "accuracy", "log_loss", "roc_auc", "mse", "rmse", "mae", "r2", "f1", "precision", "recall", "perplexity",
        "error", "mape", "cross_entropy", "top1", "top5", "hinge",
    ]

    /// Ours by MLflow's names for what the machine does; other system metrics have the same words in both.
    static let systemWords: [String: SystemMetric] = [
        "cpu_utilization_percentage": .machineCPUPercent, "system_memory_usage_percentage": .machineMemoryPercent,
    ]

    private static func guess(_ source: String) -> MetricName {
        if source.hasPrefix("system/") {
            let word = String(source.dropFirst(7))
            return systemWords[word]?.name ?? MetricName(split: "system", metric: word)
        }
        if MetricName(source).isSystem { return MetricName(source) }
        let known = source.split(separator: ":", maxSplits: 1).first.map(String.init) ?? ""
        if source.contains(":"), ["train", "validation", "test"].contains(known) { return MetricName(source) }
        let lowered = source.lowercased()
        let first = lowered.prefix { !isSeparator($0) }
        let last = lowered.reversed().prefix { !isSeparator($0) }.reversed()
        if let split = splits[String(first)], first.count < lowered.count {
            let rest = lowered.dropFirst(first.count).drop(while: isSeparator)
            return MetricName(split: split, metric: word(String(rest), or: source))
        }
        if let split = splits[String(last)], last.count < lowered.count {
            var rest = lowered.dropLast(last.count)
            while let end = rest.last, isSeparator(end) { rest.removeLast() }
            return MetricName(split: split, metric: word(String(rest), or: source))
        }
        let word = word(lowered, or: source)
        return measures.contains(word) ? MetricName(split: "train", metric: word) : MetricName(source)
    }

    private static func word(_ text: String, or source: String) -> String {
        let joined = String(text.map { $0 == " " || $0 == "-" ? "_" : $0 })
        if joined.isEmpty { return source }
        return words[joined] ?? joined
    }

    /// The metric that a run is best judged by: loss on validation rows, another error or score there, then on test and on
    /// training rows, then what no rows are named for. What nobody knows the direction of comes last; how steps are taken says
    /// nothing of how good a model is.
    package static func objective(among names: some Collection<MetricName>) -> Objective? {
        let best = names.filter { !$0.isSystem && !$0.isCandidate && !ofSteps.contains(String($0.metric)) }.min {
            (rank($0), $0.text) < (rank($1), $1.text)
        }
        return best.map { Objective(metric: $0, direction: $0.direction) }
    }

    private static let ofSteps: Set = [
        "learning_rate", "lr", "grad_norm", "gradient_norm", "weight_norm", "update_norm", "momentum", "weight_decay",
    ]

    private static func rank(_ name: MetricName) -> Int {
        let split = ["validation": 0, "test": 20, "train": 40][String(name.split)] ?? 60
        let metric = name.metric
        return switch name.direction {
        case .minimised: metric == "loss" ? split : metric.hasPrefix("loss") || metric.hasSuffix("loss") ? split + 1 : split + 2
        case .maximised: split + 3
        case .unknown: 100 + split
        }
    }
}

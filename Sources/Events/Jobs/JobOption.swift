import PipelineSteps

/// A choice about a job's data and how it is validated: on the command line `--NAME`, in the form a field, in a run's record a member.
public struct JobOption: Sendable {
    /// What its text may be.
    public enum Value: Sendable, Hashable {
        /// A column of the data, or several.
        case column, columns
        /// One of some words; any other word too where a column may stand there.
        case choice([String], orColumn: Bool = false)
        /// Columns, each with one of some words behind an equals sign.
        case columnWords([String])
        /// Yes, or not said: on the command line a flag.
        case flag
        /// A whole number of at least so much.
        case number(minimum: Int)
        /// Some of these words, with commas between.
        case words([String])
        /// Anything.
        case text
        /// Any number of texts.
        case texts
        /// A file.
        case file
    }

    /// What it is about.
    public enum Topic: Sendable, Hashable {
        /// Which rows and columns are learned from, and as what.
        case columns
        /// Which rows judge the model, and against what.
        case validation
        /// The program that trains, where that is the user's.
        case script
        /// What is recorded of how it trains, and looked for; the same for learners and scripts.
        case debugging
        /// The engine that goes over the rows, and its cluster.
        case cluster
    }

    /// The command line's, such as `validation-order`.
    public let name: String
    /// The member of JSON, such as `validationOrder`.
    public let member: String
    /// What people call it, such as `row weights`.
    public let label: String
    /// What stands for the value in a help text.
    public let placeholder: String
    public let value: Value
    /// What it means when nothing is said.
    public let unset: String
    /// One sentence, without a full stop.
    public let help: String
    public private(set) var topic = Topic.columns
    /// What is wrong with a text that is of the right kind.
    private var check: @Sendable (String) -> String? = { _ in nil }
    /// What people read instead of a value.
    private var words: @Sendable (String) -> String = { $0 }
    private let read: @Sendable (JobRequest) -> [String]
    private let write: @Sendable (inout JobRequest, [String]) -> Void

    /// Whether it is given once for each of several values.
    public var isRepeatable: Bool {
        switch value {
        case .columns, .columnWords, .texts: true
        case .column, .choice, .flag, .number, .words, .text, .file: false
        }
    }

    /// What a request says; empty = nothing.
    public func values(_ request: JobRequest) -> [String] { read(request) }

    /// The same as one text for people, with commas between.
    public func text(_ request: JobRequest) -> String { read(request).map(shown).joined(separator: ", ") }

    /// A value as people read it.
    public func shown(_ text: String) -> String { words(text) }

    public func set(_ values: [String], in request: inout JobRequest) { write(&request, values) }

    /// What is wrong with a text, as far as that shows without the data; nil = nothing.
    public func problem(with text: String) -> String? {
        switch value {
        case .column, .columns, .text, .texts, .file: return check(text)
        case .flag: return text == "yes" ? nil : "yes, or nothing"
        case .number(let minimum): return Int(text).map { $0 >= minimum } == true ? nil : "a whole number from \(minimum) on"
        case .words(let words):
            let given = Self.words(text)
            return !given.isEmpty && given.allSatisfy(words.contains) ? nil : "some of \(words.joined(separator: ","))"
        case .columnWords(let words):
            let pair = Self.pair(text)
            return pair.map { words.contains($0.word) } == true
                ? nil : "COL=HOW, HOW being one of \(words.joined(separator: ", "))"
        case .choice(let words, let orColumn):
            return orColumn || words.contains(text) ? nil : "one of \(words.joined(separator: ", "))"
        }
    }

    /// What is wrong with several texts beside each other; nil = nothing.
    public func problem(withAll texts: [String]) -> String? {
        guard case .columnWords = value else { return nil }
        var words: [String: String] = [:]
        for pair in texts.compactMap(Self.pair) {
            if let other = words[pair.column], other != pair.word {
                return "\(pair.column) is to be \(other) and \(pair.word): give one of them"
            }
            words[pair.column] = pair.word
        }
        return nil
    }

    /// The same, about validation.
    private var aboutValidation: JobOption {
        var option = self
        option.topic = .validation
        return option
    }

    /// The same, about a script.
    private var aboutScripts: JobOption {
        var option = self
        option.topic = .script
        return option
    }

    /// The same, whose text is looked at besides.
    private func checked(_ check: @escaping @Sendable (String) -> String?) -> JobOption {
        var option = self
        option.check = check
        return option
    }

    /// The same, whose text is told otherwise than it is kept.
    private func told(_ words: @escaping @Sendable (String) -> String) -> JobOption {
        var option = self
        option.words = words
        return option
    }

    /// The same, about what is recorded and looked for while a job trains.
    private var aboutDebugging: JobOption {
        var option = self
        option.topic = .debugging
        return option
    }

    /// The same, about the engine that goes over the rows.
    private var aboutClusters: JobOption {
        var option = self
        option.topic = .cluster
        return option
    }

    private init(
        _ name: String, member: String? = nil, _ label: String, _ placeholder: String, _ value: Value, unset: String,
        _ help: String,
        _ path: any WritableKeyPath<JobRequest, String?> & Sendable
    ) {
        (self.name, self.member, self.label, self.placeholder) = (name, member ?? name, label, placeholder)
        (self.value, self.unset, self.help) = (value, unset, help)
        read = { [$0[keyPath: path]].compactMap { $0 } }
        write = { $0[keyPath: path] = $1.first }
    }

    private init(
        columns name: String, _ label: String, _ help: String,
        _ path: any WritableKeyPath<JobRequest, [String]> & Sendable
    ) {
        (self.name, member, self.label, self.placeholder) = (name, name, label, "COL")
        (value, unset, self.help) = (.columns, "none", help)
        read = { $0[keyPath: path] }
        write = { $0[keyPath: path] = $1 }
    }

    private init(
        texts name: String, _ label: String, _ placeholder: String, unset: String, _ help: String,
        _ path: any WritableKeyPath<JobRequest, [String]> & Sendable
    ) {
        (self.name, member, self.label, self.placeholder) = (name, name, label, placeholder)
        (value, self.unset, self.help) = (.texts, unset, help)
        read = { $0[keyPath: path] }
        write = { $0[keyPath: path] = $1 }
    }

    private init(
        columnWords name: String, _ label: String, _ words: [String], unset: String, _ help: String,
        _ path: any WritableKeyPath<JobRequest, [String: String]> & Sendable
    ) {
        (self.name, member, self.label, self.placeholder) = (name, name, label, "COL=HOW")
        (value, self.unset, self.help) = (.columnWords(words), unset, help)
        read = { $0[keyPath: path].sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } }
        write = { request, texts in
            let pairs = texts.compactMap(Self.pair)
            request[keyPath: path] = Dictionary(pairs.map { ($0.column, $0.word) }, uniquingKeysWith: { $1 })
        }
    }

    /// Words with commas between.
    public static func words(_ text: String) -> [String] {
        text.split(separator: ",").map { String($0.filter { !$0.isWhitespace }) }.filter { !$0.isEmpty }
    }

    /// A column and a word with an equals sign between, which the column's name may have too.
    private static func pair(_ text: String) -> (column: String, word: String)? {
        guard let equals = text.lastIndex(of: "="), equals != text.startIndex else { return nil }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }

    /// Names of those that say which rows a split holds out, whoever learns from the others.
    public static let ofSplits: Set<String> = ["validation-order", "group"]

    /// Every one, in the order in which forms show them.
    public static let all: [JobOption] = [
        .init(
            "script", "script", "FILE", .file, unset: "none",
            "with --algorithm script: the program that trains, such as train.py, by SageMaker's script mode", \.script
        ).aboutScripts,
        .init(
            "command", "command", "COMMAND", .text, unset: "none",
            "with --algorithm script: a command for the shell instead, such as 'torchrun --nproc-per-node 2 train.py'", \.command
        ).aboutScripts,
        .init(
            "describe", "description", "FILE", .file, unset: "descent.json beside it",
            "what declares the script's settings: names, kinds, ranges, defaults (default: descent.json beside it)", \.description
        ).aboutScripts,
        .init(
            texts: "metric", "metrics", "NAME=REGEX", unset: "by the usual spellings",
            "a metric in the script's output: the pattern's first group is the number; groups named step and epoch say where "
                + "(default: JSON lines, and what Keras, Lightning, Hugging Face, XGBoost, LightGBM and others print)", \.metrics
        ).aboutScripts,
        .init(
            "task", "task", "TASK",
            .choice(["regression", "classification", "regressor", "binary_classifier", "multiclass_classifier"]),
            unset: "what its values say", "what the target is: a number (regression) or classes (default: what its values say)",
            \.task),
        .init(
            "positive", "positive class", "CLASS", .text, unset: "yes, true, 1 or the last",
            "the class that precision, recall and scores are about (default: yes, true, 1, … or the last one)", \.positive),
        .init(
            "validation-order", member: "validationOrder", "validation order", "ORDER",
            .choice(["random", "stratified", "time", "file"], orColumn: true),
            unset: "stratified for classes, else random",
            "which rows are held out: random, stratified by class, the last in time, the last of the file or by a column's values "
                + "(default: stratified for classes, else random)", \.validationOrder
        ).aboutValidation,
        .init(
            "group", "groups", "COL", .column, unset: "none",
            "a column whose equal values stay on one side of the split, such as the patient; it is no feature", \.group
        ).aboutValidation,
        .init(
            "folds", "folds", "K", .number(minimum: 2), unset: "one split",
            "validate on every row, by K models of which each leaves a part out; the model kept learns from all rows", \.foldsText
        ).aboutValidation,
        .init("weight", "row weights", "COL", .column, unset: "none", "the column that says how much each row counts", \.weight),
        .init(
            "reweigh", "reweighed by", "FACET", .text, unset: "no groups",
            "weigh training rows so that classes do not depend on these groups: a column, or rows and all others, such as sex=Female or "
                + "'age<30'", \.reweigh
        ).checked { $0.allSatisfy(\.isWhitespace) ? "a column, or COL=VALUE" : nil },
        .init(columns: "drop", "left out", "a column that is not to be learned from", \.drop),
        .init(
            columns: "keep", "kept", "a column to learn from even if it seems to name the rows or to be of no use", \.keep),
        .init(
            columnWords: "text", "text as", ["words", "ngrams", "chars", "hash", "none"], unset: "by what it holds",
            "what of a column's text is learned from: words, ngrams (pairs too), chars (pieces of words), hash or none "
                + "(default: by what it holds)", \.text),
        .init(
            "pipeline", "pipeline", "FILE", .file, unset: "none",
            "a file of steps that prepare the data, learned on the training rows and kept with the model (see descent data prepare --help)",
            \.pipeline
        ).checked(PipelineText.problem).told(PipelineText.words),
        .init(
            "prepare", "prepared by", "STEPS", .text, unset: "nothing",
            "learn from projections (pca=8) or distances to centres (kmeans=12) instead of the features", \.prepare),
        .init(
            "without", "prepared without", "STEPS", .words(["missing-flags", "category-means", "date-parts", "text-terms"]),
            unset: "nothing",
            "leave steps of preparing the features out, to see what they bring: missing-flags, category-means, date-parts, text-terms",
            \.without),
        .init(
            "baseline", "baselines", "", .flag, unset: "none",
            "trains beside it what a model must beat: a constant, and least squares or logistic regression", \.baselineText
        ).aboutValidation,
        .init(
            texts: "rule", "rules", "RULE", unset: "the usual ones",
            "a rule of its own for the debugger, such as 'spike: loss > 2 * rolling_min(loss, 100) for 20 steps', one of SageMaker's "
                + "such as 'DeadRelu(threshold_layer=40)', or 'off NAME'", \.rules
        ).aboutDebugging,
        .init(
            texts: "action", "actions", "ACTION", unset: "those of the workspace",
            "what is done when a rule finds something, such as 'Overfit: stop' or 'any issue: checkpoint, notify ops' "
                + "(see descent debug actions --help)", \.actions
        ).aboutDebugging,
        .init(
            "debug-save-interval", member: "debugSaveInterval", "tensors every", "N[,eval=M]", .text,
            unset: "auto: less than 2 % of the time",
            "of which steps tensors are summed up: every N steps, the first of every N epochs (Ne), off, or auto, as many as cost less "
                + "than 2 % of the time (default: auto); eval=M: of every Mth evaluation, eval=off of none", \.debugSaveInterval
        ).aboutDebugging.checked(CaptureInterval.problem),
        .init(
            "debug-collections", member: "debugCollections", "tensors of", "LIST", .words(TensorCollection.known.map(\.rawValue)),
            unset: "all collections",
            "collections of tensors that are summed up, such as weights,gradients (default: all)", \.debugCollections
        ).aboutDebugging,
        .init(
            "debug-save-whole", member: "debugSaveWhole", "whole tensors", "PATTERN[:N]", .text, unset: "none",
            "tensors that are saved whole besides, as files of NumPy: of the first captured step and the last, or every N steps, such as "
                + "'gradient/*:100'; several with commas between", \.debugSaveWhole
        ).aboutDebugging.checked(WholeTensorWish.problem),
        .init(
            "debug-limit", member: "debugLimit", "MB of tensors", "MB", .number(minimum: 1), unset: "50",
            "megabytes that tensors may take before older steps are thinned out; half of it whole ones (default: 50)",
            \.debugLimitText
        ).aboutDebugging,
        .init(
            "engine", "engine", "ENGINE", .choice([JobRequest.sparkEngine]), unset: "this program",
            "what goes over the rows: spark, for data that outgrow one machine (see descent engine install spark; default: this program)",
            \.engine
        ).aboutClusters,
        .init(
            "master", "cluster", "URL", .text, unset: "this machine",
            "with --engine: the cluster, such as local[2], spark://HOST:7077 or yarn (default: local[*], this machine)", \.master
        ).aboutClusters.checked { $0.contains { $0.isWhitespace } || $0.isEmpty ? "such as spark://HOST:7077" : nil },
        .init(
            "executors", "executors", "N", .number(minimum: 1), unset: "as the cluster has it",
            "with --engine: processes that hold the rows (default: as the cluster has it)", \.executorsText
        ).aboutClusters,
        .init(
            "executor-cores", member: "executorCores", "cores an executor", "N", .number(minimum: 1),
            unset: "as the cluster has it", "with --engine: cores of each of them (default: as the cluster has it)",
            \.executorCoresText
        ).aboutClusters,
        .init(
            "executor-memory", member: "executorMemory", "memory an executor", "SIZE", .text, unset: "1g",
            "with --engine: memory of each of them, such as 4g (default: 1g)", \.executorMemory
        ).aboutClusters.checked(Self.memoryProblem),
    ]

    /// What is wrong with a size of memory as Spark has it; nil = nothing.
    @Sendable private static func memoryProblem(_ text: String) -> String? {
        let number = text.dropLast()
        return text.last.map { "kmgt".contains($0) } == true && Int(number).map { $0 > 0 } == true
            ? nil : "a size such as 4g or 512m"
    }
}

extension JobRequest {
    /// The same as text, as options have it.
    fileprivate var foldsText: String? {
        get { folds.map(String.init) }
        set { folds = newValue.flatMap { Int($0) } }
    }

    fileprivate var executorsText: String? {
        get { executors.map(String.init) }
        set { executors = newValue.flatMap { Int($0) } }
    }

    fileprivate var executorCoresText: String? {
        get { executorCores.map(String.init) }
        set { executorCores = newValue.flatMap { Int($0) } }
    }

    fileprivate var debugLimitText: String? {
        get { debugLimit.map(String.init) }
        set { debugLimit = newValue.flatMap { Int($0) } }
    }

    fileprivate var baselineText: String? {
        get { wantsBaselines ? "yes" : nil }
        set { wantsBaselines = newValue != nil }
    }

    /// How rows to validate on are chosen, in words.
    public var validationText: String {
        if let validationPath { return validationPath }
        var parts: [String] = []
        if let folds {
            parts.append("\(folds) folds")
        } else if validationSplit > 0 {
            parts.append("\((validationSplit * 1000).rounded() / 10) % of the rows".replacing(".0 %", with: " %"))
        } else {
            return "none"
        }
        switch validationOrder {
        case nil: break
        case "time": parts.append("the last in time")
        case "file": parts.append("the last of the file")
        case "random", "stratified": parts.append(validationOrder ?? "")
        case let column?: parts.append("by \(column)")
        }
        if let group { parts.append("groups of \(group) kept together") }
        return parts.joined(separator: ", ")
    }
}

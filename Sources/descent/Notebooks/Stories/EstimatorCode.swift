import Events

/// What trains as a run did, in Python: an estimator of the package `descent.sagemaker`, and its channels.
struct EstimatorCode {
    let request: JobRequest

    private static let classes = [
        "linear-learner": "LinearLearner", "xgboost": "XGBoost", "knn": "KNN", "kmeans": "KMeans", "pca": "PCA",
    ]

    private var type: String { request.isScript ? "Estimator" : Self.classes[request.algorithm] ?? "Estimator" }

    /// What is imported besides `others`.
    func imports(_ others: [String] = []) -> String {
        "from descent.sagemaker import " + Set([type] + others).sorted().joined(separator: ", ")
    }

    /// Where the data is, as `DATA` and `VALIDATION`.
    var files: String {
        var lines = request.datasetPath.isEmpty ? [] : ["DATA = " + NotebookCode.text(Engine.absolute(request.datasetPath))]
        if let path = request.validationPath { lines.append("VALIDATION = " + NotebookCode.text(Engine.absolute(path))) }
        return lines.joined(separator: "\n")
    }

    var channels: String {
        var channels = request.datasetPath.isEmpty ? [] : ["\"train\": DATA"]
        if request.validationPath != nil { channels.append("\"validation\": VALIDATION") }
        return "{" + channels.joined(separator: ", ") + "}"
    }

    /// - Parameter hidden: hyperparameters that are said elsewhere.
    func estimator(without hidden: Set<String> = []) -> String {
        var arguments: [String] = []
        if request.isScript {
            arguments += [
                request.script.map { "entry_point=" + NotebookCode.text($0) },
                request.command.map { "command=" + NotebookCode.text($0) },
            ].compactMap { $0 }
        } else if Self.classes[request.algorithm] == nil {
            arguments.append(NotebookCode.text(request.algorithm))
        }
        if let target = request.target { arguments.append("target=" + NotebookCode.text(target)) }
        let settings = request.hyperparameters.filter { !hidden.contains($0.key) }.sorted { $0.key < $1.key }
        arguments.append(PythonText.dictionary("hyperparameters", settings.map { ($0.key, PythonText.value($0.value)) }))
        arguments.append(PythonText.dictionary("options", options))
        let given = arguments.filter { !$0.isEmpty }
        return "estimator = \(type)(\n" + given.map { "    \($0),\n" }.joined() + ")"
    }

    /// What else the command line would be told, by the names of its options.
    private var options: [(String, String)] {
        var options = [("seed", String(request.seed))]
        // Of folds each part is held out once.
        if !request.isScript, request.validationPath == nil, request.folds == nil {
            options.append(("validation-split", PythonText.number(request.validationSplit)))
        }
        for option in JobOption.all where !["script", "command"].contains(option.name) {
            let values = option.values(request)
            guard let first = values.first else { continue }
            let text = option.isRepeatable ? NotebookCode.list(values) : PythonText.value(first)
            options.append((option.name, option.value == .flag ? "True" : text))
        }
        return options + request.reading.sorted { $0.key < $1.key }.map { ($0.key, PythonText.value($0.value)) }
    }
}

/// Values as Python writes them.
enum PythonText {
    /// A text, or a number where writing that gives the text again.
    static func value(_ text: String) -> String {
        if let whole = Int(text), String(whole) == text { return text }
        if let number = Double(text), number.isFinite, "\(number)" == text, !text.contains("e") { return text }
        return NotebookCode.text(text)
    }

    static func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "float(\"\(value)\")" }

    /// `name={…}`, a member a line; empty where there is none.
    static func dictionary(_ name: String, _ members: [(String, String)]) -> String {
        guard !members.isEmpty else { return "" }
        let lines = members.map { "        \(NotebookCode.text($0.0)): \($0.1),\n" }
        return "\(name)={\n" + lines.joined() + "    }"
    }
}

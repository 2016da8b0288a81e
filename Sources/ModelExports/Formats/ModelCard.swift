import JSON
import Training

/// What somebody should know of a model before using it, in the forms of Hugging Face and of SageMaker.
public struct ModelCard {
    public var name: String
    public var model: Model
    /// Where it comes from: the program's version, and the run's or job's id.
    public var version: String, sourceID: String
    /// The training data's name; empty where it is not known.
    public var dataName: String
    /// What was measured, such as `validation:rmse`.
    public var metrics: [(name: String, value: Double)]
    public var hyperparameters: [(name: String, value: String)]
    /// What somebody said about it.
    public var note: String

    public init(
        name: String, model: Model, version: String, sourceID: String, dataName: String,
        metrics: [(name: String, value: Double)], hyperparameters: [(name: String, value: String)], note: String
    ) {
        (self.name, self.model, self.version, self.sourceID) = (name, model, version, sourceID)
        (self.dataName, self.metrics, self.hyperparameters) = (dataName, metrics, hyperparameters)
        self.note = note
    }

    /// `README.md` with the front matter that Hugging Face reads.
    public var huggingFace: String {
        var lines = [
            "---", "library_name: descent", "pipeline_tag: \(pipelineTag)", "tags:", "- tabular", "- \(model.algorithm)",
        ]
        let named = metrics.filter { $0.value.isFinite }
        if !named.isEmpty {
            lines += ["model-index:", "- name: \(quoted(name))", "  results:", "  - task:", "      type: \(pipelineTag)"]
            let data = dataName.isEmpty ? "training data" : dataName
            lines += ["    dataset:", "      name: \(quoted(data))", "      type: \(quoted(data))", "    metrics:"]
            for metric in named {
                lines += [
                    "    - type: \(quoted(metric.name.split(separator: ":").last.map(String.init) ?? metric.name))",
                    "      value: \(JSONValue.text(metric.value))", "      name: \(quoted(metric.name))",
                ]
            }
        }
        lines += ["---", "", "# \(name)", "", overview, ""]
        if !note.isEmpty { lines += [note, ""] }
        lines += ["## Inputs", "", "| column |", "| --- |"] + columns.map { "| \(cell($0)) |" } + [""]
        if let classes = model.target?.classes { lines += ["## Classes", "", classes.map(cell).joined(separator: ", "), ""] }
        if !metrics.isEmpty {
            lines += ["## Measured", "", "| metric | value |", "| --- | --- |"]
            lines += metrics.map { "| \(cell($0.name)) | \(JSONValue.text($0.value)) |" } + [""]
        }
        if !hyperparameters.isEmpty {
            lines += ["## Settings", "", "| name | value |", "| --- | --- |"]
            lines += hyperparameters.map { "| \(cell($0.name)) | \(cell($0.value)) |" } + [""]
        }
        return lines.joined(separator: "\n")
    }

    /// The content of a SageMaker model card (schema 1.0).
    public var sageMaker: JSONValue {
        let measured = metrics.filter { $0.value.isFinite }.prefix(Self.mostMetrics).map { metric in
            JSONValue.object(["name": .string(metric.name), "type": .string("number"), "value": .number(metric.value)])
        }
        let settings = hyperparameters.prefix(Self.mostSettings).map {
            JSONValue.object(["name": .string($0.name), "value": .string($0.value)])
        }
        return .object([
            "model_overview": .object([
                "model_name": .string(name), "model_description": .string(overview), "algorithm_type": .string(model.algorithm),
                "problem_type": .string(problem), "model_id": .string(sourceID), "model_creator": .string("descent \(version)"),
            ]),
            "intended_uses": .object([
                "purpose_of_model": .string(note.isEmpty ? overview : note), "risk_rating": .string("Unknown"),
            ]),
            "training_details": .object([
                "training_observations": .string(dataName.isEmpty ? "" : "trained on \(dataName)"),
                "training_job_details": .object([
                    "training_datasets": dataName.isEmpty ? nil : .array([.string(dataName)]),
                    "hyper_parameters": settings.isEmpty ? nil : .array(Array(settings)),
                ]),
            ]),
            "evaluation_details": measured.isEmpty
                ? nil
                : .array([
                    .object([
                        "name": .string("measured by descent"),
                        "metric_groups": .array([
                            .object(["name": .string("metrics"), "metric_data": .array(Array(measured))])
                        ]),
                    ])
                ]),
        ])
    }

    /// SageMaker's limits.
    private static let mostMetrics = 50, mostSettings = 100

    private var columns: [String] {
        var seen: Set<String> = []
        return model.pipeline.columnNames.filter { seen.insert($0).inserted }
    }

    private var overview: String {
        let goal = model.target.map { "predicts \($0.column) (\(problem))" } ?? "does \(problem)"
        return "A model of \(model.algorithm) that \(goal) from \(columns.count) columns"
            + (dataName.isEmpty ? "." : ", trained on \(dataName).")
    }

    private var problem: String {
        switch model.predicts {
        case .regressor: "regression"
        case .binaryClassifier: "binary classification"
        case .multiclassClassifier: "multiclass classification"
        case .clustering: "clustering"
        case .decomposition: "dimensionality reduction"
        }
    }

    private var pipelineTag: String {
        switch model.predicts {
        case .regressor: "tabular-regression"
        case .binaryClassifier, .multiclassClassifier: "tabular-classification"
        case .clustering, .decomposition: "feature-extraction"
        }
    }

    private func quoted(_ text: String) -> String { JSONValue.string(text).text }

    /// Text in a table's cell.
    private func cell(_ text: String) -> String {
        String(text.flatMap { $0 == "|" ? ["\\", "|"] : $0.isNewline ? [" "] : [$0] })
    }
}

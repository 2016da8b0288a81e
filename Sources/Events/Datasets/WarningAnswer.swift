import PipelineSteps

/// What answers a warning about data: a step of its pipeline, or a setting of the run that learns from it.
public enum WarningAnswer: Hashable, Sendable {
    case step(PipelineStep)
    case setting(name: String, value: String)

    /// In one line, such as `step drop id` and `--set shuffle=true`.
    public var words: String {
        switch self {
        case .step(let step): "step \(step.words)"
        case .setting(let name, let value): "--set \(name)=\(value)"
        }
    }
}

extension DataWarning {
    /// What answers the warning; nil where nothing does, or its words say it.
    public var answer: WarningAnswer? {
        switch code {
        case "constantColumn", "allMissing", "rowName", "keyLike", "leakage": Self.step(.drop, column)
        case "manyMissing": Self.step(.impute, column)
        // A number that stands for a missing value is no outlier: the words say how it is read as one.
        case "outliers" where !message.contains("--missing"): Self.step(.clip, column, ["quantiles": ["0.01", "0.99"]])
        case "scaleSpread": Self.step(.scale, nil, isOfAll: true)
        case "imbalance": Self.step(.weights, nil, isOfAll: true)
        case "orderedByTarget", "orderedColumn": .setting(name: "shuffle", value: "true")
        default: nil
        }
    }

    private static func step(
        _ kind: StepKind, _ column: String?, _ more: [String: [String]] = [:], isOfAll: Bool = false
    ) -> WarningAnswer? {
        guard column != nil || isOfAll else { return nil }
        var values = more
        if let column { values["columns"] = [column] }
        do throws(PipelineError) { return .step(try PipelineStep(kind, values)) } catch { return nil }
    }
}

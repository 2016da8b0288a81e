/// What a training step tells besides its loss. Such metrics are recorded of some of the steps and drawn behind the others. They say
/// how training goes and not how good a model is, so no objective, verdict or comparison looks at them; rules give them as evidence.
public enum StepMetric: String, CaseIterable, Sendable {
    /// L2 norm of the gradient that the optimiser saw.
    case gradientNorm = "gradient_norm"
    /// That of the step, whatever schedule or steering made of the setting.
    case learningRate = "learning_rate"

    public var name: MetricName {
        switch self {
        case .gradientNorm: Self.gradientNormName
        case .learningRate: Self.learningRateName
        }
    }

    private static let gradientNormName = MetricName(split: "train", metric: gradientNorm.rawValue)
    private static let learningRateName = MetricName(split: "train", metric: learningRate.rawValue)
}

extension MetricName {
    /// Whether it says how a step was taken.
    public var isOfSteps: Bool { self == StepMetric.gradientNorm.name || self == StepMetric.learningRate.name }

    /// Whether it says how good a model is, rather than how it was trained or what that cost.
    public var isOfModels: Bool { !isSystem && !isOfSteps }
}

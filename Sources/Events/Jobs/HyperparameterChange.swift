import JSON

/// What was steered, and where.
public struct HyperparameterChange: Sendable, Hashable {
    /// The new values, by name.
    public var values: [String: String]
    /// Steps that were done when it was made; nil in events written before steps were kept.
    public var step: Int?
    /// Epochs done at that step, with fraction.
    public var epoch: Double?

    public init(_ values: [String: String], step: Int? = nil, epoch: Double? = nil) {
        self.values = values
        self.step = step
        self.epoch = epoch
    }

    /// `learning_rate = 0.01, wd = 0.1`
    public var text: String { values.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ") }
}

extension HyperparameterChange {
    var json: JSONValue {
        .object([
            "hyperparameters": JSONValue(values), "step": step.map { .integer($0) },
            "epoch": epoch.map { .epoch($0) },
        ])
    }

    init?(json: JSONValue) {
        guard let values = json["hyperparameters"]?.strings else { return nil }
        self.init(values, step: json["step"]?.integer, epoch: json["epoch"]?.double)
    }
}

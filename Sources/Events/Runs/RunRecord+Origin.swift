extension RunRecord {
    /// The programs whose logs are watched, as the algorithm of their runs.
    private static let writers: Set<String> = ["csv", "json-lines", "tensorboard", "mlflow", "wandb", "optuna"]

    /// Where a run comes from that was stored before runs said so. A log of Descent's own has no name of its own here: the
    /// workspace's migration tells such runs by what their jobs never said.
    static func origin(ofAlgorithm algorithm: String) -> RunOrigin { writers.contains(algorithm) ? .watched : .trained }

    /// Why what the run did cannot be changed or gone on with here; nil for a run that was trained here.
    public var refusal: String? {
        guard origin == .watched else { return nil }
        let writer = Self.writers.contains(algorithm) ? algorithm : "a Descent elsewhere"
        return "\(name) was written by \(writer) and is only watched: go on with it where it was trained"
    }
}

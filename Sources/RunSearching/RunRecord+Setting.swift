import Events

extension RunRecord {
    private static let synonyms = ["lr": "learning_rate", "learning_rate": "lr"]

    /// A hyperparameter by its name, or by the other of its usual names where the run has only that.
    func setting(_ name: String) -> String? {
        hyperparameters[name] ?? Self.synonyms[name].flatMap { hyperparameters[$0] }
    }
}

import Events

/// Makes a run's name from what tells it apart: the data and the hyperparameters set by hand.
enum RunNaming {
    private static let short = [
        "learning_rate": "lr", "mini_batch_size": "batch", "optimizer": "", "epochs": "ep", "normalize_data": "norm",
        "early_stopping_patience": "patience", "early_stopping_tolerance": "tol", "momentum": "mom",
    ]

    /// `brokerage-lr0.1-no-shuffle`; at most three hyperparameters are named.
    static func name(for request: JobRequest) -> String {
        let file = request.datasetPath.split(separator: "/").last.map(String.init) ?? "run"
        let stem = file.split(separator: ".").first.map(String.init) ?? file
        let parts = request.hyperparameters.sorted { $0.key < $1.key }.prefix(3).map { name, value in
            switch value {
            case "true": name
            case "false": "no-" + (short[name] ?? name)
            default: (short[name] ?? name) + value
            }
        }
        return ([stem] + parts).joined(separator: "-").filter { !$0.isWhitespace }
    }
}

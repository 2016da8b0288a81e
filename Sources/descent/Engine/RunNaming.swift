import Events
import Training

/// Makes a run's name from what tells it apart: the data and the hyperparameters set by hand.
enum RunNaming {
    private static let short = [
        "learning_rate": "lr", "mini_batch_size": "batch", "optimizer": "", "epochs": "ep", "normalize_data": "norm",
        "momentum": "mom",
    ]

    /// What a command runs: its first word that names a script, else the first.
    private static func program(in command: String) -> String {
        let words = command.split { $0.isWhitespace || ";&|()'\"".contains($0) }.map(String.init)
        let script = words.first { word in [".py", ".sh", ".r", ".R", ".jl"].contains { word.hasSuffix($0) } }
        return script ?? words.first { $0.first?.isLetter == true } ?? "script"
    }

    /// `brokerage-lr0.1-no-shuffle`; at most three hyperparameters are named, and none that says only when to stop.
    static func name(for request: JobRequest) -> String {
        let named = request.isScript ? request.script ?? request.command.map { program(in: $0) } : nil
        let file = (named ?? request.datasetPath).split(separator: "/").last.map(String.init) ?? "run"
        let stem = file.split(separator: ".").first.map(String.init) ?? file
        let algorithm = Algorithms.all.first { $0.name == request.algorithm }
        let jobSettings = Set(algorithm?.hyperparameters.filter(\.isJobSetting).map(\.name) ?? [])
        let parts = request.hyperparameters.filter { !jobSettings.contains($0.key) }.sorted { $0.key < $1.key }.prefix(3).map {
            name, value in
            switch value {
            case "true": name
            case "false": "no-" + (short[name] ?? name)
            default: (short[name] ?? name) + value
            }
        }
        let steps = request.prepare.map { [$0.filter { $0 != "=" }.split(separator: ",").joined(separator: "-")] } ?? []
        let dropped = request.drop.prefix(2).map { "no-" + $0 }
        let kept = request.keep.prefix(2).map { "with-" + $0 }
        let texts = request.text.values.sorted().prefix(2)
        return ([stem] + dropped + kept + texts + steps + parts).joined(separator: "-").filter { !$0.isWhitespace }
    }
}

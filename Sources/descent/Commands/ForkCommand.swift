import Events
import Experiments
import Training

/// `descent runs fork`: a new run from a checkpoint of another one.
enum ForkCommand {
    static let specification = CommandSpecification(
        words: ["runs", "fork"], summary: "start a new run from a checkpoint of another one, with other hyperparameters",
        details: """
            The new run has the weights, the optimiser's state and the row order of the checkpoint; without --set it repeats what \
            its parent did from there, to the bit. A run keeps its newest two checkpoints, so those are the places to fork at. \
            What --set can change is what `descent runs steer` can.
            """,
        positionals: [RunsCommands.runArgument],
        options: [
            .init(name: "--at", value: "STEP", help: "fork at the newest kept checkpoint not after STEP (default: the newest)"),
            .init(name: "--set", value: "NAME=VALUE", help: "a hyperparameter to change at the fork", isRepeatable: true),
            .init(name: "--name", value: "N", help: "the new run's name (default: the parent's with -fork)"),
        ],
        examples: ["descent runs fork @latest --set learning_rate=0.001", "descent runs fork adam --at 1200 --name adam-again"],
        run: { arguments in
            let step = try arguments.value("--at").map { text throws(CommandError) in
                guard let step = Int(text), step >= 0 else { throw .usage("--at is '\(text)': give a step, such as 1200") }
                return step
            }
            let engine = try Engine(workspace: try WorkspaceChoice.open(arguments))
            defer { engine.close() }
            let parent = try engine.store.run(named: arguments.positionals[0])
            let words = arguments.values("--set")
            let settings = words.isEmpty ? [:] : try SteerCommands.settings(words, of: parent.record.algorithm)
            try DataFile.check(parent.record.request.datasetPath)
            return try ForegroundJob(engine: engine, arguments: arguments).run {
                try engine.fork(parent.record.id, at: step, settings, name: arguments.value("--name")).id
            }
        })
}

import Events
import Experiments
import Training

/// `descent runs fork`: a new run from a checkpoint of another one.
enum ForkCommand {
    static let specification = CommandSpecification(
        words: ["runs", "fork"], summary: "start a new run from a checkpoint of another one, with other hyperparameters",
        details: """
            The new run has the weights, the optimiser's state and the row order of the checkpoint; without --set it repeats what \
            its parent did from there, to the bit. A run keeps up to eight checkpoints, close together near its end and \
            further apart before, and its best evaluation; a script's run all that the script announced and left there: \
            `descent runs show RUN` lists them. What --set can change is what \
            `descent runs steer` can, and how many epochs (rounds of xgboost) there are, counted from the parent's beginning; at \
            the end of a finished run the fork gets as many again.
            """,
        positionals: [RunArgument.positional],
        options: [
            .init(
                name: "--at", value: "STEP", help: "the newest checkpoint not after STEP, or: newest, best (default: newest)"),
            .init(name: "--set", value: "NAME=VALUE", help: "a hyperparameter to change at the fork", isRepeatable: true),
            .init(name: "--name", value: "N", help: "the new run's name (default: the parent's with -fork)"),
        ] + QueueArguments.options.filter { $0.name != QueueArguments.time },
        examples: [
            "descent runs fork @latest --set learning_rate=0.001", "descent runs fork adam --set epochs=60",
            "descent runs fork adam --at 1200 --name adam-again",
        ],
        run: { arguments in
            let at = arguments.value("--at") ?? "newest"
            guard let place = ForkPlace(at) else {
                throw CommandError.usage("--at is '\(at)': give a step such as 1200, newest or best")
            }
            if let name = arguments.value("--name"), let problem = RunEdit.problem(withName: name) {
                throw CommandError.usage("--name '\(name)': \(problem)")
            }
            let engine = try Engine(workspace: try WorkspaceChoice.existing(arguments))
            defer { engine.close() }
            let parent = try engine.store.run(named: arguments.positionals[0])
            try Engine.checkIsTrainedHere(parent.record)
            let settings = try SteerCommands.settings(arguments.values("--set"), of: parent.record, goesOn: true)
            if !parent.record.request.datasetPath.isEmpty { try DataFile.check(parent.record.request.datasetPath) }
            return try ForegroundJob(engine: engine, arguments: arguments, takesTime: false).run {
                try engine.fork(parent.record.id, at: place, settings, name: arguments.value("--name")).id
            }
        })
}

import Events
import JSON
import Tables

/// `descent evaluate`: how good a run's model is on other rows.
enum EvaluateCommand {
    static let specification = CommandSpecification(
        words: ["evaluate"], summary: "measure a run's model on a file that has the target",
        positionals: [
            .init(name: "RUN", help: "a run's name, its id, a unique prefix of either, @latest, @best or @best:TARGET"),
            .init(name: "FILE", help: "rows with the target column"),
        ],
        examples: ["descent evaluate @latest sample-data/insurance.csv"],
        readsData: true,
        run: { arguments in
            let options = try arguments.readOptions()
            let input = try DataInput(arguments.positionals[1])
            let workspace = try WorkspaceChoice.existing(arguments)
            let (run, model) = try ModelChoice.load(arguments.positionals[0], workspace: workspace)
            let table = try model.read(input.path, options: options)
            arguments.say(table, input)
            if !arguments.flag("--quiet") {
                for warning in model.warnings(for: table) { Console.note("warning: \(warning.message)") }
            }
            let metrics = try model.evaluate(table)
            if metrics[MetricName("test:r2")]?.isNaN == true, !arguments.flag("--quiet") {
                Console.note("warning: r2 is not defined for fewer than two rows, or for predictions that are no numbers")
            }
            if arguments.flag("--json") {
                let line = JSONValue.object([
                    "kind": .string("evaluated"), "run": .string(run.record.id.text), "metrics": JSONValue(metrics),
                ])
                Console.print(line.text)
            } else {
                Console.printRaw("\(run.record.name) on \(input.name)\n" + RunText.metricLines(metrics))
            }
            return .done
        })
}

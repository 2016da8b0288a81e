import Cells
import Events
import JSON
import PrintableText
import Tables

/// `descent evaluate`: how good a run's model is on other rows.
enum EvaluateCommand {
    static let specification = CommandSpecification(
        words: ["evaluate"], summary: "measure a model on a file that has the target",
        positionals: [
            .init(
                name: "MODEL",
                help: "a run's name, its id, a unique prefix of either, @latest, @best, @best:TARGET, or an AutoML job"),
            .init(name: "FILE", help: "rows with the target column"),
        ],
        examples: ["descent evaluate @latest sample-data/insurance.csv"],
        readsData: true,
        run: { arguments in
            let given = try ModelOnRows(arguments), (chosen, model, table) = (given.chosen, given.model, given.table)
            for warning in model.warnings(for: table) { Console.note(warning.line) }
            var evaluation = try model.evaluation(of: table)
            if evaluation.metrics[MetricName("test:r2")]?.isNaN == true {
                evaluation.notes.append("r2 is not defined for fewer than two rows, or for predictions that are no numbers")
            }
            for note in evaluation.notes { Console.note("warning: \(note.printable)") }
            if arguments.flag("--json") {
                let members: [JSONValue.Member] = [
                    .init("kind", .string("evaluated")), .init("run", .string(chosen.id)),
                ]
                Console.print(JSONValue.object(members + evaluation.members).text)
            } else {
                let rows = evaluation.rowCount == 1 ? "1 row" : "\(NumberFormat.grouped(evaluation.rowCount)) rows"
                Console.printRaw(
                    "\(chosen.name.printable) on \(given.input.name.printable), \(rows)\n"
                        + RunText.metricLines(evaluation.metrics, baseline: evaluation.baseline)
                        + RunText.evaluation(evaluation))
            }
            return .done
        })
}

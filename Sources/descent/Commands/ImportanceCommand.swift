import Cells
import Events
import Experiments
import JSON
import Training

/// `descent runs importance`: which settings bear on a metric.
enum ImportanceCommand {
    static let specification = CommandSpecification(
        words: ["runs", "importance"], summary: "which hyperparameters matter, over all runs or those named",
        details: """
            Over the runs that share the newest one's objective and target. The importance of a setting is how much worse a \
            forest of trees guesses runs it has not seen when the setting is exchanged among them, as a share of all; the \
            correlation is Spearman's, of ranks. What the forest explains says how far to trust it.
            """,
        positionals: [.init(name: "RUN", help: RunArgument.positional.help, isOptional: true, isRepeatable: true)],
        options: [.init(name: "--metric", value: "M", help: "such as validation:f1 (default: the objective)")],
        examples: ["descent runs importance", "descent runs importance --metric validation:accuracy --json"],
        run: { arguments in
            let store = try WorkspaceChoice.reading(arguments)
            let named = try arguments.positionals.map { try store.run(named: $0) }
            let runs = named.isEmpty ? try store.runs().filter { $0.status.isFinal } : named
            let found: ParameterImportance
            do throws(TrainingError) {
                found = try ImportanceComparing.importance(of: runs, metric: arguments.value("--metric").map { MetricName($0) })
            } catch { throw CommandError.failed(error.message) }
            if arguments.flag("--json") {
                Console.print(found.json.text)
            } else {
                Console.printRaw(text(found))
            }
            return .done
        })

    private static func text(_ found: ParameterImportance) -> String {
        let better = found.minimises ? "lower" : "higher"
        var out = "\(found.metric) of \(found.runs.count) runs (\(better) is better); "
        out += "the forest explains \(NumberFormat.percent(max(0, found.explained)))\n"
        let rows = found.parameters.map { parameter in
            [
                parameter.name, NumberFormat.percent(parameter.importance),
                parameter.correlation.map { NumberFormat.delta($0, decimals: 2) } ?? "words",
            ]
        }
        out += RunText.table([["setting", "importance", "correlation"]] + rows, rightAligned: [1, 2])
        return out
    }
}

extension ParameterImportance {
    fileprivate var json: JSONValue {
        .object([
            "kind": .string("importanceFound"), "metric": .string(metric.text), "runs": .array(runs.map { .string($0.text) }),
            "explained": .number(explained),
            "parameters": .array(
                parameters.map { parameter in
                    .object([
                        "name": .string(parameter.name), "importance": .number(parameter.importance),
                        "correlation": parameter.correlation.map { .number($0) },
                    ])
                }),
        ])
    }
}

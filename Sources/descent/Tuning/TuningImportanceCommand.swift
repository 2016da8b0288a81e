import Cells
import Events
import Experiments
import JSON
import OutputFiles
import Tuning

/// `descent tune importance`: which of the searched parameters matter.
enum TuningImportanceCommand {
    static let specification = CommandSpecification(
        words: ["tune", "importance"], summary: "which searched parameters matter, alone and in pairs",
        details: """
            Shares of the variance of the objective over the whole search space, by a Gaussian process of the trials: what each \
            parameter explains alone, and what two explain only together. ± is how much halves of the trials differ; what is no \
            more than a parameter gets that nothing depends on may be chance. What the model foretells for trials that it was not \
            shown says how far to trust all of it.
            """,
        positionals: [TuningCommands.named],
        options: [.init(name: "--svg", value: "FILE", help: "write the shares as an SVG image")],
        examples: ["descent tune importance @latest", "descent tune importance tune-insurance --json"],
        run: { arguments in
            let store = try WorkspaceChoice.reading(arguments)
            let record = try store.tunings.tuning(named: arguments.positionals[0])
            let search = try TuningSetup.search(record, try store.tunings.trials(of: record.id))
            let found: SearchImportance
            do throws(TuningError) { found = try search.importance() } catch {
                throw CommandError.failed("\(record.name): \(error.message)")
            }
            if let path = arguments.value("--svg") {
                try OutputFile.write(image(found), to: path)
                if !arguments.flag("--quiet"), path != OutputFile.standardOutput { Console.note("wrote \(path)") }
            } else if arguments.flag("--json") {
                Console.print(json(found, of: record).text)
            } else {
                Console.printRaw(text(found, of: record))
            }
            return .done
        })

    /// Pairs that bring less are only told with --json.
    private static let leastShown = 0.01

    /// What each parameter explains alone, as bars.
    static func image(_ found: SearchImportance) -> String {
        let bars = found.parameters.map { effect in
            BarChart.Bar(effect.parameters.joined(separator: " with "), effect.share, text: NumberFormat.percent(effect.share))
        }
        return BarChart(bars).svg(title: "share of what differs between trials", theme: .descentLight)
    }

    static func text(_ found: SearchImportance, of record: TuningRecord) -> String {
        var out = "\(record.name): \(record.objective.metric) of \(found.trialCount) trials; "
        out += "the model foretells \(NumberFormat.percent(max(0, found.explained))) of what differs in trials it was not shown\n"
        let pairs = found.pairs.filter { $0.share >= leastShown && $0.certainty != .unclear }
        let rows = (found.parameters + pairs).map { effect in
            [
                effect.parameters.joined(separator: " with "), NumberFormat.percent(effect.share),
                "± " + NumberFormat.percent(effect.deviation), effect.certainty.rawValue,
            ]
        }
        out += RunText.table([["parameter", "share", "", ""]] + rows, rightAligned: [1, 2])
        return out
    }

    private static func json(_ found: SearchImportance, of record: TuningRecord) -> JSONValue {
        .object([
            "kind": .string("tuningImportanceFound"), "tuning": .string(record.id), "name": .string(record.name),
            "metric": .string(record.objective.metric.text), "trials": .integer(found.trialCount),
            "explained": .number(found.explained), "parameters": .array(found.parameters.map(json)),
            "pairs": .array(found.pairs.map(json)),
        ])
    }

    private static func json(_ effect: SearchImportance.Effect) -> JSONValue {
        .object([
            "names": .array(effect.parameters.map { .string($0) }), "share": .number(effect.share),
            "deviation": .number(effect.deviation), "certainty": .string(effect.certainty.rawValue),
        ])
    }
}

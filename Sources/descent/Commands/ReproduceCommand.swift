import Cells
import Events
import Experiments

/// `descent runs reproduce`: does a run again and says whether it is the same.
enum ReproduceCommand {
    static let specification = CommandSpecification(
        words: ["runs", "reproduce"],
        summary: "run a run again from what was captured, and say whether it is the same to the bit",
        details: """
            Says first what stands in the way: data that is gone or has changed, another version, a missing library. Steering \
            is done again at the same steps, a run that was stopped is stopped at the same step, a fork begins at its \
            checkpoint. Ends with 0 when curves and model are the same to the bit, else with 1.
            """,
        positionals: [RunsCommands.runArgument],
        options: [
            .init(name: "--check", value: nil, help: "only say what stands in the way"),
            .init(name: "--anyway", value: nil, help: "run it although the result cannot be the same"),
        ],
        examples: ["descent runs reproduce @best", "descent runs reproduce adam --check"],
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let engine = try Engine(workspace: try WorkspaceChoice.open(arguments))
        defer { engine.close() }
        let original = try engine.store.run(named: arguments.positionals[0])
        let reproduction = try Reproduction(of: original, store: engine.store)
        let name = original.record.name
        if arguments.flag("--json") {
            Console.print(json(reproduction).text)
        } else if !arguments.flag("--quiet") {
            for text in reproduction.obstacles { Console.note("cannot be run: \(text)") }
            for text in reproduction.differences { Console.note("will differ: \(text)") }
            for text in reproduction.notes { Console.note("note: \(text)") }
        }
        if let first = reproduction.obstacles.first { throw CommandError.data("\(name) cannot be reproduced: \(first)") }
        if arguments.flag("--check") {
            if reproduction.differences.isEmpty, !arguments.flag("--json") {
                Console.print("nothing stands in the way of \(name)")
            }
            return reproduction.differences.isEmpty ? .done : .failed
        }
        if let first = reproduction.differences.first, !arguments.flag("--anyway") {
            throw CommandError.data("\(name) would not come out the same: \(first): run it with --anyway")
        }
        var again: RunID?
        let code = try ForegroundJob(engine: engine, arguments: arguments).run {
            let record = try reproduction.start(on: engine)
            again = record.id
            return record.id
        }
        guard code == .done, let again else { return code }
        let result = try ReproductionResult(of: original, again: again, engine: engine)
        Console.print(arguments.flag("--json") ? json(result, of: original, again: again).text : text(result, of: name))
        return result.isSame ? .done : .failed
    }

    private static func text(_ result: ReproductionResult, of name: String) -> String {
        let size = "\(NumberFormat.grouped(result.pointCount)) points of \(result.curveCount) curves"
        let model =
            switch result.isModelSame {
            case true?: "the model is the same to the bit"
            case false?: "the model differs"
            case nil: "there is no model to compare"
            }
        guard let first = result.first, let largest = result.largest else {
            return "\(result.isSame ? "=" : "≠") \(name): \(size) are the same to the bit; \(model)"
        }
        let value = { (number: Double?) in number.map { JSONValue.text($0) } ?? "none" }
        let place = "\(first.metric) at step \(NumberFormat.grouped(first.step)): \(value(first.before)), now \(value(first.now))"
        let most = "\(largest.metric) by \(NumberFormat.significant(largest.size)) at step \(NumberFormat.grouped(largest.step))"
        return "≠ \(name): first differs in \(place); most in \(most); \(model)"
    }

    private static func json(_ reproduction: Reproduction) -> JSONValue {
        let texts = { (texts: [String]) in JSONValue.array(texts.map { .string($0) }) }
        return .object([
            "kind": .string("reproductionChecked"), "run": .string(reproduction.original.record.id.text),
            "obstacles": texts(reproduction.obstacles), "differences": texts(reproduction.differences),
            "notes": texts(reproduction.notes),
        ])
    }

    private static func json(_ result: ReproductionResult, of original: RunSummary, again: RunID) -> JSONValue {
        .object([
            "kind": .string("reproduced"), "run": .string(again.text), "of": .string(original.record.id.text),
            "same": .boolean(result.isSame), "points": .integer(result.pointCount), "curves": .integer(result.curveCount),
            "modelSame": result.isModelSame.map { .boolean($0) }, "firstMetric": result.first.map { .string($0.metric.text) },
            "firstStep": result.first.map { .integer($0.step) }, "largestDifference": result.largest.map { .number($0.size) },
        ])
    }
}

import Cells
import Databases
import Events
import Experiments
import Files
import JSON
import NearestNames

/// `descent debug tensors`: what weights, gradients, updates and activations of a run were like.
enum DebugTensorsCommand {
    static let specification = CommandSpecification(
        words: ["debug", "tensors"], summary: "what weights, gradients, updates and activations of a run were like, step by step",
        details: """
            Tensors of some steps are summed up while a run trains (--debug-save-interval of `descent train`). One line a tensor, \
            with its numbers at the last captured step; with --step all tensors of that step, or of the last one before it. JSON \
            has a line for each summary of each step. What a model makes of the rows that it is judged by is captured at evaluations \
            and has lines of its own. PATTERN may have * and ?; a plain word is looked for in names.

            Tensors that were saved whole (--debug-save-whole of `descent train`, or --save while it trains) are listed behind them; --whole \
            writes one of them to a file of NumPy's, or to standard output with `-`.
            """,
        positionals: [RunArgument.positional],
        options: [
            .init(name: "--name", value: "PATTERN", help: "tensors of these names, such as 'gradient/*'"),
            .init(name: "--collection", value: "C", help: "tensors of this collection, such as weights or activations"),
            .init(name: "--step", value: "N", help: "what they were like at this step"),
            .init(name: "--mode", value: "train|eval", help: "of training steps alone, or of evaluations"),
            .init(
                name: "--save", value: nil,
                help:
                    "have the tensors that --name names saved whole at the next captured step of a run that trains, and wait for that"
            ),
            .init(
                name: "--whole", value: "FILE",
                help: "write the whole tensor that --name names to FILE (.npy), of --step or the last"),
        ],
        examples: [
            "descent debug tensors @latest", "descent debug tensors mlp --collection updates",
            "descent debug tensors mlp --name 'dense1.*' --json", "descent debug tensors @latest --name dense1.weight --save",
            "descent debug tensors mlp --name dense1.weight --step 500 --whole weight.npy",
        ],
        run: run)

    /// Captured steps that are read at a time.
    private static let portion = 64

    private static func run(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let store = try WorkspaceChoice.reading(arguments)
        let run = try store.run(named: arguments.positionals[0])
        if arguments.flag("--save") { return try WholeTensorAnswers.save(run, store, arguments) }
        if arguments.value("--whole") != nil { return try WholeTensorAnswers.export(run, store, arguments) }
        let mode = try arguments.value("--mode").map { text in
            guard let mode = TensorsOfStep.Mode(rawValue: text) else {
                throw CommandError.usage("--mode '\(text)': say train or eval")
            }
            return mode
        }
        let choice = TensorChoice(name: arguments.value("--name"), collection: arguments.value("--collection"), mode: mode)
        let known = try store.tensors.names(of: run.record.id)
        guard !known.isEmpty else {
            if arguments.flag("--json") { return .done }
            throw CommandError.failed("nothing is known of the tensors of \(run.record.name): \(reason(run))")
        }
        guard known.contains(where: { choice.matches($0.name, $0.collection) }) else {
            throw CommandError.usage(choice.nothing(among: known))
        }
        if let text = arguments.value("--step") {
            guard let number = Int(text), number >= 0 else {
                throw CommandError.usage("--step '\(text)': give a whole number from 0 on")
            }
            try show(number, of: run, choice, store, arguments)
        } else if arguments.flag("--json") {
            try forEachPortion(of: run, store) { for step in $0 { print(step, of: run, choice) } }
            WholeTensorAnswers.print(run, choice, store)
        } else {
            try list(run, choice, store)
            WholeTensorAnswers.list(run, choice, store)
        }
        return .done
    }

    private static func reason(_ run: RunSummary) -> String {
        if run.record.request.capturesNothing { return "it was trained with --debug-save-interval off" }
        if run.record.request.isScript {
            return "its script does not tell: `hook = descent.Hook(model, optimizer)` in it does (python/README.md)"
        }
        return "none were captured, or its algorithm has none that change step by step"
    }

    private static func forEachPortion(
        of run: RunSummary, _ store: RunStore, _ body: ([TensorsOfStep]) -> Void
    ) throws(StoreError) {
        let steps = try store.tensors.steps(of: run.record.id)
        for start in stride(from: 0, to: steps.count, by: portion) {
            let part = steps[start..<min(start + portion, steps.count)]
            guard let first = part.first, let last = part.last else { return }
            // A step may have been captured in training and in an evaluation.
            body(
                try store.tensors.tensors(of: run.record.id, from: first, atMost: 2 * portion).filter { $0.step <= last })
        }
    }

    // MARK: - As JSON

    private static func print(_ step: TensorsOfStep, of run: RunSummary, _ choice: TensorChoice) {
        let place: [JSONValue.Member] = [
            .init("kind", .string("tensor")), .init("run", .string(run.record.id.text)), .init("step", .integer(step.step)),
            .init("epoch", .number(step.epoch)), .init("mode", .string(step.mode.rawValue)),
        ]
        guard choice.matches(step.mode) else { return }
        for summary in step.summaries where choice.matches(summary.name, summary.collection) {
            Console.print(JSONValue.object(place + (summary.json.members ?? [])).text)
        }
        guard choice.isAll else { return }
        Console.print(
            JSONValue.object([
                "kind": .string("capturedStep"), "run": .string(run.record.id.text), "step": .integer(step.step),
                "mode": .string(step.mode.rawValue), "passedOver": .integer(step.passedOver),
                "spent": .object(sorted: Dictionary(step.spent.map { ($0.key.rawValue, .number($0.value)) }) { $1 }),
            ]).text)
    }

    // MARK: - As text

    private static func show(
        _ number: Int, of run: RunSummary, _ choice: TensorChoice, _ store: RunStore, _ arguments: ParsedArguments
    ) throws {
        let captured = try store.tensors.steps(of: run.record.id, mode: choice.mode)
        guard let step = captured.last(where: { $0 <= number }) else {
            throw CommandError.usage(
                "nothing was captured up to step \(number)" + (captured.first.map { ": the first captured step is \($0)" } ?? ""))
        }
        let found = try store.tensors.tensors(of: run.record.id, from: step, atMost: 2).filter { $0.step == step }
        if arguments.flag("--json") { return found.forEach { print($0, of: run, choice) } }
        for one in found where choice.matches(one.mode) {
            Console.print(
                "step \(NumberFormat.grouped(step)), epoch \(NumberFormat.significant(one.epoch))"
                    + (one.mode == .train ? "" : ", while it was evaluated"))
            var rows = [["name", "collection", "shape"] + TensorText.heads + ["median", "ratio", "inactive", "saturated"]]
            for summary in one.summaries where choice.matches(summary.name, summary.collection) {
                rows.append(
                    [summary.name, summary.collection.rawValue, summary.shape.map(String.init).joined(separator: "×")]
                        + TensorText.numbers(summary)
                        + [
                            summary.quantile(0.5).map { TensorText.number($0) } ?? "",
                            summary.updateRatio.map { TensorText.number($0) } ?? "",
                            summary.units.map { "\($0.inactive) of \($0.count)" } ?? "",
                            summary.units.map { "\($0.saturated) of \($0.count)" } ?? "",
                        ])
            }
            Console.printRaw(RunText.table(rows, rightAligned: Set(2..<rows[0].count)))
            if choice.isAll, let line = TensorText.spent([one]) { Console.print(line) }
        }
    }

    private static func list(_ run: RunSummary, _ choice: TensorChoice, _ store: RunStore) throws {
        struct Known: Hashable {
            var name: String, collection: TensorCollection, mode: TensorsOfStep.Mode
        }
        var order: [Known] = [], lines: [Known: (first: Int, last: Int, count: Int, summary: TensorSummary)] = [:]
        var steps: [TensorsOfStep] = []
        try forEachPortion(of: run, store) { portion in
            for step in portion where choice.matches(step.mode) {
                for summary in step.summaries where choice.matches(summary.name, summary.collection) {
                    let known = Known(name: summary.name, collection: summary.collection, mode: step.mode)
                    if lines[known] == nil { order.append(known) }
                    let former = lines[known]
                    lines[known] = (former?.first ?? step.step, step.step, (former?.count ?? 0) + 1, summary)
                }
                var light = step
                light.summaries = []
                steps.append(light)
            }
        }
        var rows = [["name", "collection", "steps", "captured"] + TensorText.heads]
        let place = { (known: Known) in (known.mode == .train ? 0 : 1, known.collection) }
        for known in order.enumerated().sorted(by: {
            place($0.element) == place($1.element) ? $0.offset < $1.offset : place($0.element) < place($1.element)
        }) {
            guard let line = lines[known.element] else { continue }
            rows.append(
                [
                    known.element.name,
                    known.element.collection.rawValue + (known.element.mode == .eval ? " (evaluated)" : ""),
                    "\(NumberFormat.grouped(line.first))–\(NumberFormat.grouped(line.last))", NumberFormat.grouped(line.count),
                ] + TensorText.numbers(line.summary))
        }
        Console.printRaw(RunText.table(rows, rightAligned: Set(2..<rows[0].count)))
        let usage = try store.tensors.usage(of: run.record.id)
        // A script may log by epoch while its optimizer's steps are captured.
        let stepCount = max(run.step, usage.steps?.upperBound ?? 0)
        var words =
            "\(NumberFormat.grouped(usage.stepCount)) of \(NumberFormat.grouped(stepCount)) steps captured, "
            + (usage.evaluationCount > 0 ? "\(NumberFormat.grouped(usage.evaluationCount)) evaluations, " : "")
            + NumberFormat.bytes(usage.byteCount)
        if usage.thinnedCount > 0 {
            words += "; \(NumberFormat.grouped(usage.thinnedCount)) more were left out again for want of room (--debug-limit)"
        }
        Console.print(words)
        if let line = TensorText.spent(steps) { Console.print(line) }
    }
}

/// Which tensors are meant.
struct TensorChoice {
    private let word: String?
    private let pattern: NamePattern?
    private let collection: TensorCollection?
    /// nil for steps and evaluations alike.
    let mode: TensorsOfStep.Mode?

    init(name: String?, collection: String?, mode: TensorsOfStep.Mode? = nil) {
        self.mode = mode
        word = name.flatMap { NamePattern.isPattern($0) ? nil : $0 }
        pattern = name.flatMap { NamePattern.isPattern($0) ? NamePattern($0) : nil }
        self.collection = collection.map { TensorCollection(rawValue: $0) }
    }

    func matches(_ mode: TensorsOfStep.Mode) -> Bool { self.mode.map { $0 == mode } ?? true }

    /// Whether all of a step are meant.
    var isAll: Bool { word == nil && pattern == nil && collection == nil }

    func matches(_ name: String, _ collection: TensorCollection) -> Bool {
        if let own = self.collection, own != collection { return false }
        if let word { return name.contains(word) }
        return pattern?.matches(name) ?? true
    }

    /// The same of what has no collection.
    func matchesName(_ name: String) -> Bool {
        guard collection == nil else { return false }
        return matches(name, TensorCollection(rawValue: ""))
    }

    /// Why none of those there are is meant.
    func nothing(among known: [(name: String, collection: TensorCollection)]) -> String {
        let collections = Set(known.map(\.collection)).sorted().map(\.rawValue)
        if let collection, !collections.contains(collection.rawValue) {
            return "no tensor is of the collection '\(collection)': there are \(collections.joined(separator: ", "))"
        }
        let near = word.flatMap { NearestName.suggestions(for: $0, among: known.map(\.name)).first }
        return "no tensor has such a name"
            + (near.map { ": did you mean \($0)?" } ?? ": `descent debug tensors RUN` lists those there are")
    }
}

/// Numbers of tensors in words.
enum TensorText {
    static let heads = ["mean", "std", "min", "max", "zeros", "NaN"]

    static func number(_ value: Double) -> String { NumberFormat.significant(value, digits: 3) }

    static func numbers(_ summary: TensorSummary) -> [String] {
        [
            // Moments are of finite values: where there are none, there are no moments.
            summary.minimum == nil ? "NaN" : number(summary.mean),
            summary.minimum == nil ? "NaN" : number(summary.standardDeviation),
            summary.minimum.map { number($0) } ?? "",
            summary.maximum.map { number($0) } ?? "", share(summary.shareOfZeros),
            share(summary.shareOfNaNs + summary.shareOfInfinities),
        ]
    }

    private static func share(_ part: Double) -> String {
        part == 0 ? "0" : NumberFormat.percent(part, decimals: part < 0.1 ? 1 : 0)
    }

    /// What steps spend their time on, by the sums over those that were captured; nil where nobody took it.
    static func spent(_ steps: [TensorsOfStep]) -> String? {
        var sums: [StepPart: Double] = [:]
        for step in steps { for (part, seconds) in step.spent where part != .record { sums[part, default: 0] += seconds } }
        let total = sums.values.reduce(0, +)
        guard total > 0 else { return nil }
        let parts = StepPart.allCases.compactMap { part in
            sums[part].map { "\(part.rawValue) \(NumberFormat.percent($0 / total))" }
        }
        return "of a captured step's time: " + parts.joined(separator: ", ")
    }
}

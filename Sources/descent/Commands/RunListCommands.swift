import Cells
import Clocks
import Events
import Experiments
import NearestNames
import RunSearching
import Studio

/// `descent runs list` and `descent runs search`: tables of runs.
enum RunListCommands {
    private static let options: [OptionSpecification] = [
        .init(name: "--sort", value: "NAME", help: "order by a name, best or newest first (default: created); -NAME reverses"),
        .init(name: "--columns", value: "A,B,…", help: "what to show of each run: names as in a search"),
        .init(name: "--archived", value: nil, help: "archived runs too"),
    ]

    static let list = CommandSpecification(
        words: ["runs", "list"], summary: "the runs of a workspace, newest first",
        options: options + [.init(name: "--deleted", value: nil, help: "those in the bin instead")],
        examples: [
            "descent runs list", "descent runs list --sort best --columns name,best,learning_rate,duration",
            "descent runs list --json",
        ],
        run: { arguments in
            let store = try WorkspaceChoice.readingIfAny(arguments)
            let isBin = arguments.flag("--deleted")
            let runs =
                try store?.runs(includingDeleted: isBin).filter { run in
                    run.isDeleted == isBin && (isBin || !run.isArchived || arguments.flag("--archived"))
                } ?? []
            if let store, !arguments.flag("--quiet") { try noteMissing(store) }
            try print(
                runs, arguments,
                whenEmpty: isBin ? "the bin is empty" : "no runs yet: `descent train FILE --target COL` makes one")
            return .done
        })

    static let search = CommandSpecification(
        words: ["runs", "search"], summary: "the runs that meet a condition",
        details: """
            Conditions compare a name with a value: = != < <= > >= ~ (a pattern such as "base*"), `in (a, b)`, `in 0.01..0.1`, `between 0.01 and 0.1`. \
            Side by side, or with `and`, all must hold; `or`, `not`, parentheses and quotes work as expected, -word leaves out, \
            `has:tag` asks whether there is one, `note:word` looks into one field, and a bare word is looked for in names, tags \
            and notes.

            Names: \(RunField.fixed.map(\.word).joined(separator: ", ")); any hyperparameter (config:NAME where something else \
            is called so); any metric, by its name here or in its log, alone (its newest value) or after best: min: max: last: \
            or step: (of its best). A name that no run has is an error.

            Values: 1e-3, 10k, 5% (without a space); lengths of time 90s, 5m, 1h30m; times -2d, today, yesterday, 2026-11-20, \
            2026-11-20T14:02.
            """,
        positionals: [.init(name: "EXPR", help: "the condition, in quotes; after -- if it begins with -", isRepeatable: true)],
        options: options,
        examples: [
            "descent runs search 'validation:rmse < 4000 and algorithm = xgboost'",
            "descent runs search '(learning_rate in 0.01..0.1 or tag ~ \"base*\") created > -2d' --sort best",
        ],
        run: { arguments in
            let text = arguments.positionals.joined(separator: " ")
            let clock = SearchClock(now: WallClock.now(), utcOffsetSeconds: LocalTime.utcOffsetSeconds())
            let search: RunSearch
            do throws(SearchError) { search = try RunSearch(parsing: text) } catch { throw usage(error, text) }
            let runs = try WorkspaceChoice.readingIfAny(arguments)?.runs() ?? []
            let all = runs.filter { !$0.isArchived || arguments.flag("--archived") }
            if !runs.isEmpty, let problem = search.unknownName(among: runs, clock: clock) { throw usage(problem, text) }
            let found = all.filter { search.accepts($0, clock: clock) }
            try print(found, arguments, whenEmpty: "no run meets this; \(all.count) do not")
            return .done
        })

    /// A database that was emptied or damaged does not pass for one in which there is nothing.
    private static func noteMissing(_ store: RunStore) throws {
        let count = try store.missingRuns().count
        guard count > 0 else { return }
        Console.note(
            "descent: files of \(count) run\(count == 1 ? "" : "s") are here that the database does not know: "
                + "`descent doctor --recover` brings back what they tell")
    }

    /// The message with the text and the place under it.
    private static func usage(_ problem: SearchError, _ text: String) -> CommandError {
        .usage("the search cannot be answered:\n  \(text)\n  \(problem.underline)")
    }

    private static let columns: [RunField] = [
        .id, .name, .experiment, .algorithm, .status, .metric, .objective, .step, .alerts, .created,
    ]

    private static func print(_ runs: [RunSummary], _ arguments: ParsedArguments, whenEmpty: String) throws {
        let now = WallClock.now()
        let sort = RunSort(word: arguments.value("--sort") ?? "created")
        let fields =
            arguments.value("--columns").map { text in
                text.split(separator: ",").map { RunField(word: String($0.trimmingSpaces)) }
            } ?? columns
        for (option, asked) in [("--sort", [sort.field]), ("--columns", fields)] {
            for field in asked { try check(field, option, runs) }
        }
        let ordered = sort.sorted(runs, now: now)
        if arguments.flag("--json") {
            for run in ordered { Console.print(RunText.json(run).text) }
        } else if runs.isEmpty {
            Console.print(whenEmpty)
        } else {
            let offset = LocalTime.utcOffsetSeconds()
            let rows = ordered.map { run in
                fields.map { field in
                    let text = field.cellText(run, now: now, utcOffsetSeconds: offset) ?? "–"
                    return field == .status ? RunText.glyph(run.status) + " " + text : text
                }
            }
            let right = fields.indices.filter { fields[$0].kind != .time && fields[$0].isRightAligned(ordered) }
            Console.printRaw(RunText.table([fields.map(\.word)] + rows, rightAligned: Set(right)))
        }
    }

    /// A name that no run has is a slip, and not an empty column.
    private static func check(_ field: RunField, _ option: String, _ runs: [RunSummary]) throws {
        let known: Bool
        switch field {
        case .named, .statistic, .setting: known = runs.isEmpty || runs.contains { field.value(of: $0, now: 0) != nil }
        default: known = true
        }
        guard !known else { return }
        let near = NearestName.suggestions(for: field.word, among: RunNames.fields(of: runs).map(\.word), limit: 1).first
        throw CommandError.usage(
            "\(option): no run has \(field.word): \(near.map { "did you mean \($0)?" } ?? "see descent runs search --help")")
    }
}

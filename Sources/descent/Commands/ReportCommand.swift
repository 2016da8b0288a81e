import Clocks
import Events
import Experiments
import OutputFiles

/// `descent report`: runs as one page for a colleague.
enum ReportCommand {
    static let specification = CommandSpecification(
        words: ["report"], summary: "write runs as one self-contained HTML page",
        details: """
            Runs with their differences to the first one, the settings that differ, overlaid curves, alerts with what to do, \
            data and environment. The page loads nothing from anywhere, follows the reader's light or dark setting, and prints.
            """,
        positionals: [.init(name: "RUN", help: RunArgument.positional.help, isRepeatable: true)],
        options: [
            .init(name: "--out", value: "FILE", help: "the page to write"),
            .init(name: "--title", value: "TEXT", help: "the page's title (default: the runs' names)"),
        ],
        examples: ["descent report adam sgd --out churn.html"],
        run: { arguments in
            guard let path = arguments.value("--out") else {
                throw CommandError.usage("descent report: --out is missing: name the page to write")
            }
            let store = try WorkspaceChoice.reading(arguments)
            var entries: [RunReport.Entry] = []
            for name in arguments.positionals {
                let run = try store.run(named: name)
                guard !entries.contains(where: { $0.record.id == run.record.id }) else { continue }
                entries.append(try RunReport.Entry(run, store: store))
            }
            let names = entries.prefix(3).map(\.record.name).joined(separator: ", ") + (entries.count > 3 ? ", …" : "")
            let report = RunReport(title: arguments.value("--title") ?? names, entries: entries, madeAt: WallClock.now())
            try OutputFile.write(report.html, to: path)
            if !arguments.flag("--quiet"), path != OutputFile.standardOutput { Console.note("wrote \(path)") }
            return .done
        })
}

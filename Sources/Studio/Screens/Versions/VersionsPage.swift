import Cells
import Events
import PrintableText

/// What was in a data set's file at other times: what changed from one to the next, and which runs learned from which.
package struct VersionsPage: Screen {
    package let path: String
    package internal(set) var versions: [DatasetVersion]?
    package var reading = Reading()

    init(_ path: String) { self.path = path }

    private var name: String { String(path.split(separator: "/").last ?? path[...]) }

    package func title(_ state: AppState) -> String { "Versions: \(name)" }
    package func crumb(_ state: AppState) -> String { "versions of \(name)" }
    package func query(_ state: AppState) -> (any StudioQuery)? { ReadVersions(path: path) }
    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool {
        events.contains { if case .dataset(.profiled(let profile)) = $0.kind { profile.path == path } else { false } }
    }

    package func document(_ state: AppState, width: Int) -> Document {
        guard let versions else { return Document([TextLine("looking …", .muted)]) }
        guard !versions.isEmpty else { return Document([TextLine("nothing was kept of what was in the file before", .muted)]) }
        var document = Document()
        document.head = [TextLine("\(versions.count) version\(versions.count == 1 ? "" : "s") of \(path.printable)", .muted)]
        for version in versions.reversed() {
            document.add("version \(version.number)", blocks(version, state, width))
        }
        return document
    }

    private func blocks(_ version: DatasetVersion, _ state: AppState, _ width: Int) -> [Document.Block] {
        let dataset = version.dataset
        var facts = TextLine()
        facts.add(dataset.rowCount.map { "\(NumberFormat.grouped($0)) rows" } ?? "", .text, .bold)
        facts.add(dataset.profile.map { "   \(NumberFormat.grouped($0.columns.count)) columns" } ?? "", .text)
        facts.add(dataset.byteCount.map { "   \(NumberFormat.bytes($0))" } ?? "", .muted)
        facts.add("   seen \(EndpointWords.ago(version.lastSeen, state.now))", .muted)
        facts.add("   \(dataset.id.text)", .faint)
        if version.isLatest { facts.add("   latest", .good, .bold) }
        var lines = [facts]
        if !dataset.labels.note.isEmpty { lines.append(TextLine(dataset.labels.note.printable, .accent)) }
        for change in version.changes {
            for (row, text) in TextWrap.lines(change.words.printable, width: max(8, width - 2)).enumerated() {
                lines.append(
                    TextLine((row == 0 ? "~ " : "  ") + text, [.added, .removed, .kind].contains(change.kind) ? .warning : .text))
            }
        }
        if version.number > 1, version.changes.isEmpty {
            let words = dataset.profile == nil ? "it was never profiled" : "other values, with the same columns and figures"
            lines.append(TextLine("~ " + words, .muted))
        }
        if let steps = version.steps { lines += self.lines(of: steps, state, width) }
        guard !version.uses.isEmpty else { return [.text(lines + [TextLine("no run read it", .muted)])] }
        let columns = [
            TableColumn(title: "run", width: 30, isRight: false, priority: 0),
            TableColumn(title: "read to", width: 8, isRight: false, priority: 1),
            TableColumn(title: "id", width: 16, isRight: false, priority: 2),
        ]
        let cells = version.uses.map { use in
            [
                TableCell(text: use.name.printable, role: .accent),
                TableCell(text: use.isValidation ? "judge" : "learn", role: .text),
                TableCell(text: use.run.text, role: .muted),
            ]
        }
        let table = DocumentTable(
            "runs", columns, cells, links: version.uses.map { .run($0.run, .overview) }, width: width)
        return [.text(lines), .table(table)]
    }

    /// How many steps are kept and when, with what they are; the first word leads to their page.
    private func lines(of steps: DatasetVersion.KeptSteps, _ state: AppState, _ width: Int) -> [TextLine] {
        let link = "pipeline", words = "\(steps.words.printable), kept \(EndpointWords.ago(steps.time, state.now))"
        return TextWrap.lines(words, width: max(8, width - link.count - 3)).enumerated().map { row, text in
            guard row == 0 else { return TextLine(text, indent: link.count + 3) }
            return TextLine().adding(link, .accent, link: .pipeline(path)).adding("   " + text)
        }
    }
}

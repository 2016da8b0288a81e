import Cells
import Events

/// Where a run comes from and what came of it.
extension RunPageText {
    /// The data, the runs this one was forked from, the run, and what came of it: each stands under what it was made from.
    var lineage: [TextLine] {
        var lines = dataset
        var depth = 0
        for ancestor in ancestors {
            lines.append(
                state.runs[ancestor].map { node($0, depth) }
                    ?? node("\(ancestor)", .muted, "not in this workspace any more", depth))
            depth += 1
        }
        var own = node(run, depth)
        own.add("  ◂ this run", .accent, .bold)
        lines.append(own)
        if let model = details?.files.first(where: { $0.name.hasPrefix("model") }) {
            let step = run.bestStep.map { ", best at step \(NumberFormat.grouped($0))" } ?? ""
            lines.append(node(model.name, .good, "the model, \(NumberFormat.bytes(model.byteCount))\(step)", depth + 1))
        }
        for (child, generation) in descendants { lines.append(node(child, depth + generation)) }
        return lines
    }

    private var dataset: [TextLine] {
        let record = run.record
        var lines = pair("dataset", record.request.datasetPath)
        lines += pair("fingerprint", record.dataFingerprint.isEmpty ? "not read yet" : record.dataFingerprint)
        if let profile = state.datasets.profile(path: record.request.datasetPath) {
            let size = "\(NumberFormat.grouped(profile.rowCount)) rows, \(NumberFormat.grouped(profile.columns.count)) columns"
            lines += pair("", "\(size), \(NumberFormat.bytes(profile.byteCount))", .muted)
            if !record.dataFingerprint.isEmpty, profile.fingerprint != record.dataFingerprint {
                lines += pair("", "the file has changed since: it is \(profile.fingerprint) now", .warning)
            }
        }
        if let path = record.request.validationPath { lines += pair("validation", path) }
        if let prepare = record.request.prepare { lines += pair("prepared by", prepare) }
        return lines
    }

    /// The run it does again, else the one it was forked from.
    private static func origin(of run: RunSummary) -> RunID? { run.record.reproduces ?? run.record.fork?.parent }

    /// From the first to the one this run was forked from or does again.
    private var ancestors: [RunID] {
        var ids: [RunID] = []
        var next = Self.origin(of: run)
        while let parent = next, !ids.contains(parent), parent != id {
            ids.insert(parent, at: 0)
            next = state.runs[parent].flatMap(Self.origin)
        }
        return ids
    }

    /// Forks of this run and runs that do it again, and theirs, each with how many steps it is away.
    private var descendants: [(RunSummary, Int)] {
        let others = state.runs.entries.values.map(\.summary).filter { Self.origin(of: $0) != nil && !$0.isDeleted }
        let byParent = Dictionary(grouping: others, by: Self.origin)
        var found: [(RunSummary, Int)] = []
        var seen: Set<RunID> = [id]
        func visit(_ parent: RunID, _ generation: Int) {
            for child in (byParent[parent] ?? []).sorted(by: {
                ($0.record.createdAt, $0.record.id) < ($1.record.createdAt, $1.record.id)
            })
            where seen.insert(child.record.id).inserted {
                found.append((child, generation))
                visit(child.record.id, generation + 1)
            }
        }
        visit(id, 1)
        return found
    }

    private func node(_ run: RunSummary, _ depth: Int) -> TextLine {
        var note = run.statusWord
        if let best = run.bestObjective {
            note += ", best \(run.record.objective.metric) \(NumberFormat.significant(best, digits: 5))"
        }
        if run.record.reproduces != nil {
            note += ", done again"
        } else if let fork = run.record.fork {
            let settings = HyperparameterChange(fork.settings).text
            note += ", from step \(NumberFormat.grouped(fork.step))" + (settings.isEmpty ? "" : " with \(settings)")
        }
        return node(run.record.name, run.record.id == id ? .accent : .text, note, depth)
    }

    private func node(_ name: String, _ role: ColorRole, _ note: String, _ depth: Int) -> TextLine {
        TextLine("└─ ", .muted, indent: 2 + 3 * depth).adding(name, role, .bold).adding("  " + note, .muted)
    }
}

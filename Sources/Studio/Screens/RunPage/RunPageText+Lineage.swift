import Cells
import Events

/// Where a run comes from and what came of it.
extension RunPageText {
    /// The data, the runs this one was forked from, the run, and what came of it: each stands under what it was made from.
    var lineage: [TextLine] {
        var lines = dataset + sources
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
            lines.append(
                node(
                    model.name, .good, "the model, \(NumberFormat.bytes(model.byteCount))\(step)", depth + 1, .run(id, .artifacts)
                ))
        }
        let descendants = descendants
        for (child, generation) in descendants { lines.append(node(child, depth + generation)) }
        return lines + remedies(depth + 1, besides: Set(descendants.map(\.0.record.id))) + baselines(depth + 1)
    }

    /// The simple runs that were started beside this one.
    private func baselines(_ depth: Int) -> [TextLine] {
        (details?.lineage.results ?? []).filter { $0.link.kind == .baselineOf }.map { result in
            state.runs[RunID(result.link.to.id)].map { node($0, depth) } ?? node(result.name, .muted, "baseline", depth)
        }
    }

    /// What only links tell: what the data sets are called, and which alert the run was started to mend.
    private var sources: [TextLine] {
        (details?.lineage.sources ?? []).flatMap { source in
            switch source.link.kind {
            case .trainedOn: pair("trained on", "\(source.name) (\(source.link.from.id))", link: dataset(source.link.from.id))
            case .validatedOn: pair("validated on", "\(source.name) (\(source.link.from.id))", link: dataset(source.link.from.id))
            case .remedies: pair("remedies", source.name, link: alert(source.link.from))
            case .baselineOf: pair("baseline of", source.name)
            case .forkedFrom, .reproduces: [TextLine]()
            }
        }
    }

    /// To a data set by its content, where the studio knows a file that has it.
    private func dataset(_ id: String) -> ObjectLink? {
        state.datasets.datasets.first { $0.id?.text == id }.map { .dataset($0.path) }
    }

    /// To the run that an alert was raised in; of bias, which is measured and raises none, to the run itself.
    private func alert(_ end: EntityReference) -> ObjectLink? {
        AlertReference(end).flatMap { reference in
            state.runs[reference.run].map { .run($0.record.id, reference.rule == AlertReference.bias ? .overview : .alerts) }
        }
    }

    /// The runs that were started to mend what was found in this one.
    private func remedies(_ depth: Int, besides shown: Set<RunID>) -> [TextLine] {
        (details?.lineage.results ?? []).compactMap { result in
            let child = RunID(result.link.to.id)
            guard result.link.kind == .remedies, let alert = AlertReference(result.link.from), !shown.contains(child) else {
                return nil
            }
            guard let run = state.runs[child] else { return node(result.name, .muted, "remedies \(alert.rule)", depth) }
            return run.isDeleted ? nil : node(run, depth, remedying: alert.rule)
        }
    }

    private var dataset: [TextLine] {
        let record = run.record
        var lines = pair("dataset", record.request.datasetPath, link: dataLink)
        lines += pair("fingerprint", record.dataFingerprint.isEmpty ? "not read yet" : record.dataFingerprint)
        if let profile = state.datasets.profile(path: record.request.datasetPath) {
            let size = "\(NumberFormat.grouped(profile.rowCount)) rows, \(NumberFormat.grouped(profile.columns.count)) columns"
            lines += pair("", "\(size), \(NumberFormat.bytes(profile.byteCount))", .muted)
            if !record.dataFingerprint.isEmpty, !record.dataFingerprint.hasPrefix(profile.fingerprint) {
                lines += pair("", "the file has changed since: it is \(profile.fingerprint) now", .warning)
            }
        }
        lines += pair("validation", record.request.validationText)
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

    private func node(_ run: RunSummary, _ depth: Int, remedying rule: String? = nil) -> TextLine {
        var note = run.statusWord
        if let best = run.bestObjective {
            note += ", best \(run.record.objective.metric) \(NumberFormat.significant(best, digits: 5))"
        }
        if let rule {
            note += ", remedies \(rule)"
        } else if run.record.reproduces != nil {
            note += ", done again"
        } else if let fork = run.record.fork {
            let settings = HyperparameterChange(fork.settings).text
            note += ", from step \(NumberFormat.grouped(fork.step))" + (settings.isEmpty ? "" : " with \(settings)")
        }
        let isOwn = run.record.id == id
        return node(run.record.name, isOwn ? .accent : .text, note, depth, isOwn ? nil : .run(run.record.id))
    }

    private func node(_ name: String, _ role: ColorRole, _ note: String, _ depth: Int, _ link: ObjectLink? = nil) -> TextLine {
        TextLine("└─ ", .muted, indent: 2 + 3 * depth).adding(name, role, .bold, link: link).adding("  " + note, .muted)
    }
}

import Events
import RunSearching

extension AppState {
    mutating func performRunEdit(_ action: StudioAction) -> [Effect] {
        switch action {
        case .renameRun: if let run = subjectRun { open(renaming(run)) }
        case .tagRun: open(tagging(targetRuns))
        case .noteRun: open(noting(targetRuns))
        case .archiveRun: return toggleArchived()
        default: unhandled(action)
        }
        return []
    }

    private static func subject(_ runs: [RunSummary]) -> String {
        runs.count == 1 ? runs[0].record.name : "\(runs.count) runs"
    }

    private func renaming(_ run: RunSummary) -> LinePrompt {
        let id = run.record.id
        return LinePrompt(
            "Rename " + run.record.name, help: "The new name; no other run may have it.", text: run.record.name,
            check: { text, state in
                if let problem = RunEdit.problem(withName: text) { return .init(problem) }
                let isTaken = state.runs.entries.values.contains { $0.summary.record.name == text && $0.summary.record.id != id }
                return isTaken ? .init("another run is called \(text): choose another name") : nil
            }, accept: { text, state in state.edit([id], "renamed") { _ in RunEdit(name: text) } })
    }

    private func tagging(_ targets: [RunSummary]) -> LinePrompt {
        let ids = targets.map(\.record.id)
        return LinePrompt(
            "Tag " + Self.subject(targets), help: "Tags to add, apart by spaces; -tag takes one away. Tab completes.",
            complete: { prompt, state in
                // Tags complete as the value of `tag:` does.
                let word = prompt.field.text.split(separator: " ", omittingEmptySubsequences: false).last.map(String.init) ?? ""
                let completion = SearchCompletion("tag:" + word, cursor: word.count + 4, runs: state.listedRuns)
                if let completed = completion.completed(word) {
                    prompt.field.text = prompt.field.text.dropLast(word.count) + completed
                }
                prompt.completions = completion.candidates
            }, accept: { text, state in state.edit(ids, "tagged") { _ in RunEdit(tagWords: text) } })
    }

    private func noting(_ targets: [RunSummary]) -> LinePrompt {
        let ids = targets.map(\.record.id), notes = Set(targets.map(\.note))
        return LinePrompt(
            "Note on " + Self.subject(targets), help: "The note; empty takes it away.",
            text: notes.count == 1 ? notes.first ?? "" : "",
            accept: { text, state in state.edit(ids, "noted") { _ in RunEdit(note: text) } })
    }

    func markingMatching() -> LinePrompt {
        LinePrompt(
            "Mark runs that meet",
            help: "Marks the shown runs that meet a condition, such as rmse < 4000 and tag ~ base*. Tab completes.",
            check: { text, state in
                do throws(SearchError) {
                    let runs = state.runs.entries.values.lazy.map(\.summary)
                    let unknown = try RunSearch(parsing: text).unknownName(among: runs, clock: state.clock)
                    return unknown.map { .init($0.message, at: $0.range.lowerBound) }
                } catch {
                    return .init(error.message, at: error.range.lowerBound)
                }
            },
            complete: { prompt, state in
                prompt.completions = prompt.field.complete(
                    SearchCompletion(prompt.field.text, cursor: prompt.field.cursor, runs: state.listedRuns))
            },
            accept: { text, state in
                state.markMatching(text)
                return []
            })
    }

    /// The runs that the filter shows.
    private var listedRuns: some Sequence<RunSummary> { experiments.rows.lazy.compactMap { [runs] in runs[$0] } }

    /// Completes the word at the cursor of the runs' filter.
    mutating func completeFilter() {
        guard focus == .experiments else { return }
        let summaries = runs.entries.values.lazy.map(\.summary).filter { !$0.isDeleted }
        var filter = experiments.filter
        experiments.completions = filter.field.complete(
            SearchCompletion(filter.field.text, cursor: filter.field.cursor, runs: summaries))
        setFilter(filter)
    }

    /// Archives the runs, or brings them back when all of them are archived.
    mutating func toggleArchived() -> [Effect] {
        let targets = targetRuns
        let archives = !targets.allSatisfy(\.isArchived)
        return edit(targets.map(\.record.id), archives ? "archived" : "unarchived") { _ in RunEdit(isArchived: archives) }
    }

    /// Changes what is said about runs, and remembers how to take it back.
    fileprivate mutating func edit(_ ids: [RunID], _ word: String, _ make: (RunSummary) -> RunEdit) -> [Effect] {
        var edits: [RunID: RunEdit] = [:], inverses: [RunID: RunEdit] = [:]
        for id in ids {
            guard let run = runs[id] else { continue }
            let edit = make(run)
            var edited = run
            edited.apply(edit)
            if edited == run { continue }
            (edits[id], inverses[id]) = (edit, edit.inverse(for: run))
        }
        guard let first = ids.first(where: { edits[$0] != nil }) else {
            say("nothing changed", .text)
            return []
        }
        let what = edits.count == 1 ? runs[first]?.record.name ?? "the run" : "\(edits.count) runs"
        push { [edits, inverses] in $0.takeBack(inverses, of: edits) }
        say("\(word) \(what); u undoes", .text)
        return apply(edits)
    }

    /// Takes edits back, but for those of runs that somebody edited the same way since.
    private mutating func takeBack(_ inverses: [RunID: RunEdit], of edits: [RunID: RunEdit]) -> [Effect] {
        let kept = inverses.filter { id, _ in runs[id].map { edits[id]?.stands(in: $0.labels) ?? true } ?? false }
        let name = inverses.keys.first.flatMap { inverses[$0]?.name ?? runs[$0]?.record.name } ?? "the run"
        guard !kept.isEmpty else {
            say("\(inverses.count == 1 ? name : "\(inverses.count) runs") changed since: nothing is taken back", .warning)
            return []
        }
        say("\(kept.count == 1 ? name : "\(kept.count) runs") as before", .good)
        return apply(kept)
    }

    /// Shows edits at once and has them written down.
    mutating func apply(_ edits: [RunID: RunEdit]) -> [Effect] {
        let ordered = edits.sorted { $0.key < $1.key }
        for (id, edit) in ordered {
            rememberBeforeEdit(id)
            runs.apply(edit, to: id)
            experiments.noteChange(id)
        }
        return ordered.map { .command(.editRun($0.key, $0.value)) }
    }
}

extension TextField {
    /// Puts in what a completion adds.
    /// - Returns: the candidates when there are several left to choose from.
    mutating func complete(_ completion: SearchCompletion) -> [String] {
        let word = String(characters[completion.start..<cursor])
        if let completed = completion.completed(word) {
            let rest = String(characters[cursor...])
            text = String(characters[..<completion.start]) + completed
            let end = cursor
            insert(rest)
            move(to: end)
        }
        return completion.candidates.count > 1 ? completion.candidates : []
    }
}

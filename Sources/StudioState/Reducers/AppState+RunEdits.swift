import Events
import RunSearching

extension AppState {
    /// Opens a line to type what is said about the marked or selected runs.
    mutating func openLine(_ action: StudioAction) {
        let targets = targetRuns
        switch action {
        case .renameRun:
            guard let run = selectedRun else { return }
            popups.append(.line(LinePrompt(.rename(run.record.id), run.record.name)))
        case .tagRun: popups.append(.line(LinePrompt(.tag(targets.map(\.record.id)))))
        case .noteRun:
            let notes = Set(targets.map(\.note))
            popups.append(.line(LinePrompt(.note(targets.map(\.record.id)), notes.count == 1 ? notes.first ?? "" : "")))
        default: popups.append(.line(LinePrompt(.markMatching)))
        }
    }

    /// Takes what was typed, or says what is wrong with it.
    mutating func acceptLine(_ prompt: LinePrompt) -> [Effect] {
        let text = String(prompt.field.text.trimmingSpaces)
        if let (message, place) = problem(in: prompt, text) {
            var prompt = prompt
            (prompt.message, prompt.messagePlace) = (message, place)
            popups[popups.count - 1] = .line(prompt)
            return []
        }
        popups.removeLast()
        switch prompt.kind {
        case .rename(let id): return edit([id], "renamed") { _ in RunEdit(name: text) }
        case .tag(let ids): return edit(ids, "tagged") { _ in RunEdit(tagWords: text) }
        case .note(let ids): return edit(ids, "noted") { _ in RunEdit(note: text) }
        case .markMatching: markMatching(text)
        case .saveView: return saveView(text)
        }
        return []
    }

    private func problem(in prompt: LinePrompt, _ text: String) -> (String, Int?)? {
        switch prompt.kind {
        case .rename(let id):
            if let problem = RunEdit.problem(withName: text) { return (problem, nil) }
            let isTaken = runs.entries.values.contains { $0.summary.record.name == text && $0.summary.record.id != id }
            return isTaken ? ("another run is called \(text): choose another name", nil) : nil
        case .markMatching:
            do throws(SearchError) { _ = try RunSearch(parsing: text) } catch { return (error.message, error.range.lowerBound) }
            return nil
        case .saveView: return RunView.problem(withName: text).map { ($0, nil) }
        case .tag, .note: return nil
        }
    }

    /// Completes the word at the cursor of a line that takes tags or a search.
    mutating func completeLine(_ prompt: LinePrompt) {
        var prompt = prompt
        let summaries = experiments.rows.lazy.compactMap { [runs] in runs[$0] }
        switch prompt.kind {
        case .markMatching:
            prompt.completions = prompt.field.complete(
                SearchCompletion(prompt.field.text, cursor: prompt.field.cursor, runs: summaries))
        case .tag:
            // Tags complete as the value of `tag:` does.
            let word = prompt.field.text.split(separator: " ", omittingEmptySubsequences: false).last.map(String.init) ?? ""
            let completion = SearchCompletion("tag:" + word, cursor: word.count + 4, runs: summaries)
            if let completed = completion.completed(word) {
                prompt.field.text = prompt.field.text.dropLast(word.count) + completed
            }
            prompt.completions = completion.candidates
        case .rename, .note, .saveView: return
        }
        popups[popups.count - 1] = .line(prompt)
    }

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
    private mutating func edit(_ ids: [RunID], _ word: String, _ make: (RunSummary) -> RunEdit) -> [Effect] {
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
            note("nothing changed", .text)
            return []
        }
        let what = edits.count == 1 ? runs[first]?.record.name ?? "the run" : "\(edits.count) runs"
        push(.editedRuns(inverses))
        note("\(word) \(what); u undoes", .text)
        return apply(edits)
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

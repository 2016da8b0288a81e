import Events
import RunSearching

extension AppState {
    mutating func performMarks(_ action: StudioAction) -> [Effect] {
        switch action {
        case .markMatching: open(markingMatching())
        case .markRun: toggleMark()
        case .markRange: markRange()
        case .markAll:
            let shown = experiments.rows
            if shown.allSatisfy({ experiments.isMarked($0) }) {
                push(restoringMarks(experiments.marks))
                experiments.unmark(shown)
            } else {
                experiments.mark(shown)
            }
        case .invertMarks:
            let marked = experiments.rows.filter { experiments.isMarked($0) }
            let unmarked = experiments.rows.filter { !experiments.isMarked($0) }
            experiments.unmark(marked)
            experiments.mark(unmarked)
        case .clearMarks: clearMarks()
        case .baseline:
            guard let run = subjectRun else { break }
            let isSame = experiments.baseline == run.record.id
            experiments.baseline = isSame ? nil : run.record.id
            say(isSame ? "no baseline" : "\(run.record.name) is the baseline", .text)
        default: unhandled(action)
        }
        return []
    }

    /// Marks or unmarks the selected run; on a group's heading, the group.
    private mutating func toggleMark() {
        let group = runOnPage == nil ? experiments.selectedGroup?.runs : nil
        let ids = group ?? [subjectID].compactMap { $0 }
        if ids.allSatisfy({ experiments.isMarked($0) }) { experiments.unmark(ids) } else { experiments.mark(ids) }
        if focus == .experiments, screens.isEmpty { move(.down) }
    }

    /// Begins a range at the selected run, or marks all from there to here.
    private mutating func markRange() {
        guard let range = experiments.range else {
            experiments.rangeStart = experiments.selected
            say("move, then v marks all from here to there", .text)
            return
        }
        let ids = experiments.runs(in: range)
        experiments.mark(ids)
        experiments.rangeStart = nil
        say("marked \(ids.count) runs", .text)
    }

    /// Marks the shown runs that meet a search.
    mutating func markMatching(_ text: String) {
        let clock = clock
        do throws(SearchError) {
            let search = try RunSearch(parsing: text)
            let ids = experiments.rows.filter { id in runs[id].map { search.accepts($0, clock: clock) } ?? false }
            experiments.mark(ids)
            say(ids.isEmpty ? "no shown run meets this" : "marked \(ids.count) runs", ids.isEmpty ? .warning : .text)
        } catch {
            say(error.message, .warning)
        }
    }

    mutating func clearMarks() {
        push(restoringMarks(experiments.marks))
        experiments.marks = []
        say("unmarked all runs; u undoes", .text)
    }

    private func restoringMarks(_ marks: [RunID]) -> @Sendable (inout AppState) -> [Effect] {
        return { state in
            state.experiments.marks = marks
            state.say("\(marks.count) marks are back", .good)
            return []
        }
    }
}

import Cells
import Events

extension AppState {
    /// Runs that are compared at most.
    static let comparedRunCapacity = 64

    /// The runs to compare, the baseline first: the marked ones; without marks the selected one with the baseline.
    package var runsToCompare: [RunID] {
        var ids = experiments.marks.isEmpty ? [experiments.selected].compactMap { $0 } : experiments.marks
        if let baseline = experiments.baseline, ids.contains(baseline) || ids.count == 1 {
            ids.removeAll { $0 == baseline }
            ids.insert(baseline, at: 0)
        }
        return Array(ids.filter { runs[$0] != nil }.prefix(Self.comparedRunCapacity))
    }

    /// The runs that stand side by side now; nil when none do.
    var comparedRuns: [RunID]? {
        for case .page(let page) in popups { if case .comparison(let ids) = page.kind { return ids } }
        return nil
    }

    mutating func compareRuns() -> [Effect] {
        let ids = runsToCompare
        comparison = nil
        popups.append(.page(Page(.comparison(ids))))
        if experiments.marks.count > ids.count {
            note("comparing the first \(ids.count) of \(experiments.marks.count) marked runs", .warning)
        }
        return ask(comparisonQuery(ids))
    }

    /// What to ask about runs side by side: which others are like one of them but for the seed is known here.
    func comparisonQuery(_ ids: [RunID]) -> CompareRuns {
        let groups = Set(ids.compactMap { runs[$0].flatMap { SeedGroup($0.record) } })
        let siblings = runs.entries.values.lazy.map(\.summary.record).filter { record in
            record.reproduces == nil && SeedGroup(record).map(groups.contains) ?? false
        }
        return CompareRuns(ids, siblings: groups.isEmpty ? [] : siblings.map(\.id).sorted())
    }

    /// Takes in what came of a comparison, unless another one is shown by now.
    mutating func take(_ found: RunComparison) {
        guard comparedRuns == found.runs else { return }
        // What held-out rows said stands until they say something else.
        let isRecordOnly = found.heldOut == nil && found.obstacle.isEmpty
        let known = isRecordOnly ? comparison?.heldOut : nil
        comparison = found
        if let known { comparison?.heldOut = known }
        comparedAt = now
        needsRedraw = true
    }

    /// Has the runs compared again when one of them ended, was renamed or steered.
    mutating func comparisonEffects(_ events: [StudioEvent]) -> [Effect] {
        guard let ids = comparedRuns else { return [] }
        let isOutdated = events.contains { event in
            guard let run = event.run, ids.contains(run) else { return false }
            return switch event.kind {
            case .job(.finished), .job(.hyperparametersChanged), .run(.edited): true
            default: false
            }
        }
        return isOutdated ? ask(comparisonQuery(ids)) : []
    }

    /// The columns of the comparison on top; nil when there is none.
    var comparisonColumns: ComparisonColumns? {
        guard case .page(let page) = popups.last, case .comparison(let ids) = page.kind, comparison != nil else { return nil }
        let width = StudioLayout.interior(StudioLayout.popup(.page(page), in: size)).width
        return ComparisonColumns(count: ids.count, width: width, hidden: page.hiddenColumns)
    }

    func comparisonText(_ ids: [RunID], _ page: Page, width: Int) -> PageText {
        guard let comparison, comparison.runs == ids else {
            return PageText([TextLine("comparing \(ids.count) runs …", .muted)])
        }
        return ComparisonText(comparison, self, page, width: width).text
    }

    /// The runs to learn from which settings matter: the marked ones, else all in the table; those that ended.
    private var runsToWeigh: some Sequence<RunID> {
        let ids = experiments.marks.count >= 4 ? experiments.marks : experiments.rows
        return ids.lazy.filter { runs.entries[$0]?.summary.status.isFinal ?? false }
    }

    /// Whether there are enough of them.
    package var hasRunsToWeigh: Bool {
        var found = runsToWeigh.makeIterator()
        return (0..<4).allSatisfy { _ in found.next() != nil }
    }

    mutating func findImportance() -> [Effect] {
        importance = nil
        popups.append(.page(Page(.importance)))
        return ask(FindImportance(Array(runsToWeigh)))
    }

    /// Takes the page that waits away and says why it stays empty.
    mutating func refuseImportance(_ message: String) {
        popups.removeAll { popup in
            if case .page(let page) = popup { page.kind == .importance } else { false }
        }
        note(message, .warning)
    }

    func importanceText(width: Int) -> PageText {
        guard let importance else { return PageText([TextLine("growing a forest over the runs …", .muted)]) }
        return ImportanceText(found: importance, glyphs: settings.glyphs, isColorless: isColorless, width: width).text
    }
}

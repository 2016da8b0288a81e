import Events

extension AppState {
    /// The runs to compare, the baseline first: the marked ones; without marks the selected one with the baseline.
    package var runsToCompare: [RunID] {
        var ids = experiments.marks.isEmpty ? [experiments.selected].compactMap { $0 } : experiments.marks
        if let baseline = experiments.baseline, ids.contains(baseline) || ids.count == 1 {
            ids.removeAll { $0 == baseline }
            ids.insert(baseline, at: 0)
        }
        return Array(ids.filter { runs[$0] != nil }.prefix(RunBadges.capacity))
    }

    mutating func compareRuns() -> [Effect] {
        let ids = runsToCompare
        comparison = nil
        popups.append(.page(Page(.comparison(ids))))
        return [.compare(ids)]
    }

    /// Takes in what came of a comparison, unless another one is shown by now.
    mutating func take(_ found: RunComparison) {
        let isAwaited = popups.contains { popup in
            if case .page(let page) = popup, case .comparison(let ids) = page.kind { ids == found.runs } else { false }
        }
        guard isAwaited else { return }
        comparison = found
        needsRedraw = true
    }

    func comparisonLines(_ ids: [RunID], width: Int, showsAll: Bool) -> [TextLine] {
        guard let comparison, comparison.runs == ids else { return [TextLine("comparing \(ids.count) runs …", .muted)] }
        return ComparisonText(comparison, self, width: width, showsAll: showsAll).lines
    }

    /// The runs to learn from which settings matter: the marked ones, else all in the table; those that ended.
    package var runsToWeigh: [RunID] {
        let ids = experiments.marks.count >= 4 ? experiments.marks : experiments.rows
        return ids.filter { runs[$0]?.status.isFinal ?? false }
    }

    mutating func findImportance() -> [Effect] {
        importance = nil
        popups.append(.page(Page(.importance)))
        return [.findImportance(runsToWeigh)]
    }

    /// Takes the page that waits away and says why it stays empty.
    mutating func refuseImportance(_ message: String) {
        popups.removeAll { popup in
            if case .page(let page) = popup { page.kind == .importance } else { false }
        }
        note(message, .warning)
    }

    func importanceLines(width: Int) -> [TextLine] {
        guard let importance else { return [TextLine("growing a forest over the runs …", .muted)] }
        return ImportanceText(found: importance, glyphs: settings.glyphs, width: width).lines
    }
}

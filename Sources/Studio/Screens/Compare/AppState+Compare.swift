import Events

extension AppState {
    /// The runs to compare, the baseline first: the marked ones; a single one, marked or selected, with the baseline.
    package var runsToCompare: [RunID] {
        var ids = experiments.marks.isEmpty ? [subjectID].compactMap { $0 } : experiments.marks
        if let run = runOnPage, !ids.contains(run) { ids.append(run) }
        if let baseline = experiments.baseline, ids.contains(baseline) || ids.count == 1 {
            ids.removeAll { $0 == baseline }
            ids.insert(baseline, at: 0)
        }
        return Array(ids.filter { runs[$0] != nil }.prefix(ComparePage.capacity))
    }

    mutating func compareRuns() -> [Effect] {
        let ids = runsToCompare
        if experiments.marks.count > ids.count {
            say("comparing the first \(ids.count) of \(experiments.marks.count) marked runs", .warning)
        }
        return open(ComparePage(ids))
    }

    /// What to ask about runs side by side: which others are like one of them but for the seed is known here.
    func comparisonQuery(_ ids: [RunID]) -> CompareRuns {
        let siblings = SeedSiblings(of: ids.compactMap { runs[$0]?.record })
        let alike = runs.entries.values.lazy.map(\.summary.record).filter(siblings.includes)
        return CompareRuns(ids, siblings: siblings.isEmpty ? [] : alike.map(\.id).sorted())
    }
}

import Events

extension AppState {
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

    mutating func findImportance() -> [Effect] { open(ImportancePage(Array(runsToWeigh))) }

    /// Takes the page that waits away and says why it stays empty.
    mutating func refuseImportance(_ message: String) {
        screens.removeAll { $0 is ImportancePage }
        say(message, .warning)
    }
}

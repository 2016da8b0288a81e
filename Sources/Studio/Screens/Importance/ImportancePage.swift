import Cells
import Events

/// Which settings matter.
package struct ImportancePage: Screen {
    /// What the forest says; nil until it has grown.
    package private(set) var found: ParameterImportance?
    package var reading = Reading()

    init() {}

    package func title(_ state: AppState) -> String { "What matters" }

    package func document(_ state: AppState, width: Int) -> Document {
        guard let found else { return Document([TextLine("growing a forest over the runs …", .muted)]) }
        let glyphs = state.settings.glyphs
        return ImportanceText(found: found, glyphs: glyphs, isColorless: state.isColorless, width: width).document
    }

    package var sectionsRefusal: String? { found == nil ? "the runs are being looked at" : nil }

    mutating func take(_ importance: ParameterImportance) { found = importance }

    package var slots: [QuerySlot] { [QuerySlot(of: FindImportance.self)] }
}

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

    mutating func findImportance() -> [Effect] {
        open(ImportancePage())
        return ask(FindImportance(Array(runsToWeigh)))
    }

    /// Takes the page that waits away and says why it stays empty.
    mutating func refuseImportance(_ message: String) {
        screens.removeAll { $0 is ImportancePage }
        note(message, .warning)
    }
}

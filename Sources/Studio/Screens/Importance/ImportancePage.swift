import Cells
import Events

/// Which settings matter.
package struct ImportancePage: Screen {
    /// What the forest says; nil until it has grown.
    package private(set) var found: ParameterImportance?
    /// The runs it is learned from.
    let runs: [RunID]
    package var reading = Reading()

    init(_ runs: [RunID]) { self.runs = runs }

    package func title(_ state: AppState) -> String { "What matters" }

    package func document(_ state: AppState, width: Int) -> Document {
        guard let found else { return Document([TextLine("growing a forest over the runs …", .muted)]) }
        let glyphs = state.settings.glyphs
        return ImportanceText(found: found, glyphs: glyphs, isColorless: state.isColorless, width: width).document
    }

    package var sectionsRefusal: String? { found == nil ? "the runs are being looked at" : nil }

    mutating func take(_ importance: ParameterImportance) { found = importance }

    package func query(_ state: AppState) -> (any StudioQuery)? { found == nil ? FindImportance(runs) : nil }
}

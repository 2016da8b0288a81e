import Cells

/// How a run looks everywhere in a report.
struct RunStyle {
    private let index: Int

    init(_ index: Int) { self.index = index }

    var role: ColorRole { .series(index) }

    /// Of text in the run's colour.
    var styleClass: String { role.styleClass() }

    /// Beside the letter at its end, what tells a curve from one with the same colour.
    var dash: Dash { Dash.allCases[index / 8 % Dash.allCases.count] }

    /// A, B, … Z, AA, …
    var letter: String {
        var rest = index
        var text = ""
        repeat {
            text = String(UnicodeScalar(UInt8(65 + rest % 26))) + text
            rest = rest / 26 - 1
        } while rest >= 0
        return text
    }
}

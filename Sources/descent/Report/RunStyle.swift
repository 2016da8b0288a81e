import Cells
import Events
import Studio

/// How a run looks everywhere in a report.
struct RunStyle {
    private let look: RunLook
    /// How many runs before it in the report have its colour, and its letter.
    private let sameColor: Int
    private let sameLetter: Int

    init(_ record: RunRecord, after earlier: [RunRecord]) {
        look = record.look
        sameColor = earlier.reduce(0) { [look] in $0 + ($1.look.role == look.role ? 1 : 0) }
        sameLetter = earlier.reduce(0) { [look] in $0 + ($1.look.letter == look.letter ? 1 : 0) }
    }

    var role: ColorRole { look.role }

    /// Of text in the run's colour.
    var styleClass: String { role.styleClass() }

    /// Beside the letter at its end, what tells a curve from one with the same colour.
    var dash: Dash { Dash.allCases[sameColor % Dash.allCases.count] }

    /// The run's letter; with a count where another run of the report has the same.
    var letter: String { String(look.letter) + (sameLetter > 0 ? String(sameLetter + 1) : "") }
}

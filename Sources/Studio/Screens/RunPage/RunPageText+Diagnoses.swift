import Cells
import Events

// What is wrong with a run, by cause, above its alerts.
extension RunPageText {
    var diagnoses: [TextLine] {
        (details?.diagnoses ?? []).flatMap { lines(of: $0) + [TextLine()] }
    }

    private func lines(of diagnosis: Diagnosis) -> [TextLine] {
        var lines = wrapped("■ " + diagnosis.title, diagnosis.severity.role, indent: 0)
        lines += wrapped("seen as " + diagnosis.symptoms.map(\.rule).joined(separator: ", "), .muted, indent: 2)
        lines += diagnosis.supporting.flatMap { wrapped("+ " + $0, .text, indent: 2) }
        lines += diagnosis.opposing.flatMap { wrapped("− " + $0, .muted, indent: 2) }
        lines += diagnosis.useless.flatMap { wrapped("no use: \($0.answer): \($0.why)", .muted, indent: 2) }
        return lines
    }
}

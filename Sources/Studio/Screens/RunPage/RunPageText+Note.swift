import Cells
import Events

extension RunPageText {
    /// What the list of runs says under itself of the selected one, where there is room: the beginning of its page.
    var note: [TextLine] {
        let what = [run.record.algorithm, "on", dataWords].joined(separator: " ")
        let facts = [
            ("steps", steps), ("forked from", forkedFrom), ("tags", run.tags.joined(separator: " ")), ("note", run.note),
        ]
        return headline + TextWrap.lines(what, width: max(8, width - 2)).map { TextLine($0, .muted) } + given
            + facts.filter { !$0.1.isEmpty }.flatMap { pair($0.0, $0.1) } + metrics
    }

    /// The settings that somebody gave by hand, as many to a line as fit.
    var given: [TextLine] {
        var lines: [TextLine] = [], used = 0
        for (name, value) in run.record.request.hyperparameters.sorted(by: { $0.key < $1.key }) {
            let value = RunDifferences.text(value), length = TextWidth.of(name) + 1 + TextWidth.of(value)
            if lines.isEmpty || used + 3 + length > width - 2 {
                lines.append(TextLine(indent: 2))
                used = 0
            } else {
                lines[lines.count - 1].add("   ")
                used += 3
            }
            lines[lines.count - 1].add(name + " ", .muted)
            lines[lines.count - 1].add(value)
            used += length
        }
        return lines
    }

    private var dataWords: String {
        let request = run.record.request
        let name = request.datasetPath.split(separator: "/").last.map { String($0) } ?? "no data"
        return name + (request.target.map { " → " + $0 } ?? "")
    }
}

import Cells
import Events

extension RunPageText {
    /// What the list of runs says under itself of the selected one, where there is room: the beginning of its page. While it trains,
    /// what changes with each step stands in the table, and what it measures on its training rows in the legend.
    var note: [TextLine] {
        let what = [run.record.algorithm, "on", dataWords].joined(separator: " ")
        let isOver = run.status.isFinal
        let facts = [
            ("steps", isOver ? steps : ""), ("forked from", forkedFrom), ("tags", run.tags.joined(separator: " ")),
            ("note", run.note),
        ]
        return headline + TextWrap.lines(what, width: max(8, width - 2)).map { TextLine($0, .muted) } + given
            + facts.filter { !$0.1.isEmpty }.flatMap { pair($0.0, $0.1) } + metrics { isOver || $0.split != "train" }
    }

    /// The settings that somebody gave by hand, as many to a line as fit.
    var given: [TextLine] {
        let settings = run.record.request.hyperparameters.sorted { $0.key < $1.key }
        return TextLine.flow(settings.map { ($0.key, RunDifferences.text($0.value)) }, width: width - 2, indent: 2)
    }

    private var dataWords: String {
        let request = run.record.request
        let name = request.datasetPath.split(separator: "/").last.map { String($0) } ?? "no data"
        return name + (request.target.map { " → " + $0 } ?? "")
    }
}

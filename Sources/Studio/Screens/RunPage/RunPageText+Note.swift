import Cells
import Events

extension RunPageText {
    /// What the list of runs says under itself of the selected one, where there is room: the beginning of its page.
    var note: [TextLine] {
        let request = run.record.request
        let given = request.hyperparameters.sorted { $0.key < $1.key }.map { "\($0.key) \(RunDifferences.text($0.value))" }
        let what = [run.record.algorithm, "on", dataWords].joined(separator: " ")
        var facts: [(String, String)] = [
            ("settings", given.isEmpty ? "all as they are by default" : given.joined(separator: " · ")),
            ("steps", steps), ("forked from", forkedFrom), ("tags", run.tags.joined(separator: " ")), ("note", run.note),
        ]
        facts.removeAll { $0.1.isEmpty }
        return headline + TextWrap.lines(what, width: max(8, width - 2)).map { TextLine($0, .muted) }
            + facts.flatMap { pair($0.0, $0.1) } + metrics
    }

    private var dataWords: String {
        let request = run.record.request
        let name = request.datasetPath.split(separator: "/").last.map { String($0) } ?? "no data"
        return name + (request.target.map { " → " + $0 } ?? "")
    }
}

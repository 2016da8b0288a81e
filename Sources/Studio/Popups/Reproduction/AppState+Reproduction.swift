import Cells
import Events
import JSON

extension AppState {
    /// Says what is known of how running it again will come out, and asks whether to.
    mutating func askToReproduce(_ outlook: ReproductionOutlook) {
        guard let name = runs[outlook.run]?.record.name else { return }
        let known =
            outlook.obstacles.map { "Cannot be run: \($0)." } + outlook.differences.map { "Will differ: \($0)." }
            + outlook.notes.map { "Note: \($0)." }
        let cancel = Question.Answer(key: "c", text: outlook.obstacles.isEmpty ? "cancel" : "close")
        let isSame = outlook.differences.isEmpty
        let run = Question.Answer(key: "r", text: isSame ? "run it again and compare" : "run it again although it will differ") {
            $0.reproduce(outlook.run)
        }
        open(
            Question(
                "Reproduce " + name,
                text: known.isEmpty ? "Nothing stands in the way of the same result." : known.joined(separator: "\n"),
                answers: outlook.obstacles.isEmpty ? [run, cancel] : [cancel]))
    }

    private mutating func reproduce(_ id: RunID) -> [Effect] {
        awaitsFreshRun = true
        say("running \(runs[id]?.record.name ?? "the run") again", .text)
        return [.command(.reproduceRun(id))]
    }

    /// Says that a run that was to do another one again is not compared with it, since it did not get as far.
    mutating func noteUnfinishedReproduction(_ result: JobResult, _ run: RunID?) {
        guard let run, let again = runs[run], let first = again.record.reproduces, result.status == .stopped,
            let original = runs[first], again.step < original.step
        else { return }
        say("\(again.record.name) was stopped before \(original.record.name) ended: nothing is compared", .warning)
    }
}

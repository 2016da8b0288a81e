import Cells
import Events
import PrintableText

/// What is said on standard error while a search runs, beside what it says of its trials.
struct SearchVoice {
    let isTerminal: Bool
    /// What was said of the data once is not said again with each trial.
    private var said: Set<String> = []

    init(isTerminal: Bool) { self.isTerminal = isTerminal }

    func say(_ text: String) {
        if isTerminal { Console.noteOverProgress(text.printable) } else { Console.note(text.printable) }
    }

    mutating func sayOnce(_ text: String) { if said.insert(text).inserted { say(text) } }

    /// What is going on, in one line that the next takes the place of; on terminals alone.
    func showProgress(_ text: String) { if isTerminal { Console.showProgress(text) } }

    /// Says what became of the data, of what was asked, and of the record.
    mutating func take(_ event: StudioEvent) {
        switch event.kind {
        case .job(.dataRead(let reading)): sayOnce(reading.line(grouped: NumberFormat.grouped))
        case .notice(.commandFailed(let message)): say("descent: \(message)")
        case .workspace(.recordingStalled(let problem)): say("descent: not recorded: \(problem.message)")
        case .workspace(.recordingResumed): say("descent: everything is recorded again")
        default: break
        }
    }
}

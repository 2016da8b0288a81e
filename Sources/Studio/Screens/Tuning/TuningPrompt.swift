import Cells
import Events

/// A line in which something is asked of a tuning job.
package struct TuningPrompt: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case add, limits, ranges, objective
    }

    package let kind: Kind
    /// What is typed.
    package let text: String

    package init(_ kind: Kind, _ text: String) { (self.kind, self.text) = (kind, text) }

    var title: String {
        switch kind {
        case .add: "Add a trial"
        case .limits: "Limits"
        case .ranges: "Ranges"
        case .objective: "Objective"
        }
    }

    var help: String {
        switch kind {
        case .add: "NAME=VALUE for everything that is searched, spaces between."
        case .limits:
            "NAME=VALUE, spaces between; none takes a limit away: " + TuningLimit.allCases.map(\.rawValue).joined(separator: ", ")
        case .ranges: Self.ranges
        case .objective:
            "A metric that the runs measure, such as validation:mae. Trials whose runs did not measure it are left out."
        }
    }

    static let ranges =
        "NAME=LOW:HIGH, log:LOW:HIGH, reverse-log:LOW:HIGH, int:LOW:HIGH or cat:A,B is searched; NAME=VALUE is held."

    /// What is asked for; nil where the text makes no sense.
    var control: TuningControl? {
        switch kind {
        case .add:
            guard let values = FormField.settings(text), !values.isEmpty else { return nil }
            return .add(values)
        case .limits: return TuningChange.limits(text).flatMap { $0.isEmpty ? nil : .change($0) }
        case .ranges: return TuningChange.space(text).flatMap { $0.isEmpty ? nil : .change($0) }
        case .objective: return text.contains(" ") || text.isEmpty ? nil : .change(TuningChange(objective: text))
        }
    }
}

extension AppState {
    mutating func promptTuning(_ kind: TuningPrompt.Kind) {
        guard let page = screens.last as? TuningPage, let standing = page.standing else { return }
        let record = standing.record, request = record.request
        let text =
            switch kind {
            case .add:
                (page.chosenTrial?.values ?? [:]).sorted { $0.key < $1.key }
                    .map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            case .limits:
                TuningLimit.allCases.compactMap { limit in
                    let text = limit.text(in: request)
                    return text.isEmpty ? nil : "\(limit.rawValue)=\(text)"
                }.joined(separator: " ")
            case .ranges: request.ranges.joined(separator: " ")
            case .objective: record.objective.metric.text
            }
        open(TuningPrompt(kind, text), of: record.id, problem: nil)
    }

    /// Opens the line, again where what was typed was refused.
    mutating func open(_ prompt: TuningPrompt, of tuning: String, problem: String?) {
        var line = LinePrompt(
            prompt.title, help: prompt.help, text: prompt.text,
            check: { text, _ in
                TuningPrompt(prompt.kind, text).control == nil ? .init("write it so: " + prompt.help) : nil
            },
            accept: { text, state in
                let typed = TuningPrompt(prompt.kind, text)
                guard let control = typed.control else { return [] }
                return state.ask(CheckTuningControl(tuning, control, typed))
            })
        if let problem { line.refuse(problem) }
        open(line)
    }
}

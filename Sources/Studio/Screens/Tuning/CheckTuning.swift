import Events

/// Whether what a form says can be searched.
package struct TuningCheck: Sendable, Hashable {
    /// What is wrong with a range, by its parameter.
    package var problems: [String: String] = [:]
    /// What is wrong otherwise.
    package var problem: String?
    /// The strategy that `auto` comes to, and why.
    package var strategy = ""
    package var why = ""
    /// What is worth saying before it begins.
    package var advice: [String] = []
    /// The strategies there are.
    package var strategies: [String] = []

    package init() {}
}

/// Asks whether what a form says can be searched; while it is typed.
package struct CheckTuning: StudioQuery {
    package static let lane = QueryLane.glances

    package let request: TuningRequest

    package init(_ request: TuningRequest) { self.request = request }

    package func take(_ answer: TuningCheck, into state: inout AppState) -> [Effect] {
        state.changeTop(NewRunForm.self) { form, _ in form.take(answer, to: self) }
        state.needsRedraw = true
        return []
    }

    /// That data are not there yet is no fault of who is typing a range.
    package func refuse(_ message: String, in state: inout AppState) -> [Effect] { [] }
}

/// Asks whether a tuning job can be asked for something, and does it where it can.
package struct CheckTuningControl: StudioQuery {
    package static let lane = QueryLane.glances

    package let tuning: String
    package let control: TuningControl
    /// The prompt it was typed into.
    package let prompt: TuningPrompt

    package init(_ tuning: String, _ control: TuningControl, _ prompt: TuningPrompt) {
        (self.tuning, self.control, self.prompt) = (tuning, control, prompt)
    }

    /// - Parameter answer: what is wrong with it; nil = nothing.
    package func take(_ answer: String?, into state: inout AppState) -> [Effect] {
        guard let answer else { return [.command(.controlTuning(tuning, control))] }
        state.open(prompt, of: tuning, problem: answer)
        return [.bell]
    }
}

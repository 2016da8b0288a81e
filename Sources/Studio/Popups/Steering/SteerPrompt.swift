import Cells
import Events

/// The line that sets hyperparameters of a running run, or of a fork of any run.
package struct SteerPrompt: Layer, Hashable {
    package var run: RunID
    package var field = TextField()
    /// What is wrong with what was typed.
    package var message: String?
    /// Where the new run begins; nil when the run itself is steered.
    package var fork: ForkChoice?
    /// Whether the run has ended and is to go on.
    package var goesOn = false

    init(_ run: RunID, fork: ForkChoice? = nil, goesOn: Bool = false) {
        self.run = run
        self.fork = fork
        self.goesOn = goesOn
    }

    package var contexts: [KeyContext] { [.steer] }

    package func whatIsLost(_ state: AppState) -> String? { field.isEmpty ? nil : title(state) }

    package func place(on screen: Size) -> Rect {
        StudioLayout.roomy(screen).centred(width: 76, height: fork != nil ? 19 : goesOn ? 12 : 8)
    }

    package func title(_ state: AppState) -> String {
        let deed = fork != nil ? "Fork" : goesOn ? "Go on with" : "Steer"
        return "\(deed) \(state.runs[run]?.record.name ?? run.text)"
    }

    package func draw(_ state: AppState, into buffer: inout CellBuffer, in place: Rect) {
        drawSteerPrompt(self, state, into: &buffer, in: StudioLayout.interior(place))
    }

    package func cursor(in place: Rect) -> (x: Int, y: Int)? { field.cursor(inFirstRowOf: place) }

    package mutating func type(_ key: Key, _ state: AppState) -> Bool {
        guard field.handle(key) else { return false }
        message = state.problem(in: self)
        return true
    }

    package mutating func paste(_ text: String, _ state: AppState) {
        field.insert(text)
        message = state.problem(in: self)
    }
}

/// The places to fork at, and the one chosen.
package struct ForkChoice: Hashable, Sendable {
    /// nil until they are known.
    package var places: ForkPlaces?
    package var selected = 0

    init() {}

    /// The newest checkpoint first, then the best evaluation, then older checkpoints.
    package var entries: [(place: ForkPlace, step: Int, text: String)] {
        guard let places else { return [] }
        let newest = places.steps.prefix(1).map { (place: ForkPlace.newest, step: $0, text: "newest checkpoint") }
        let best = places.bestStep.map { [(place: ForkPlace.best, step: $0, text: "best evaluation")] } ?? []
        return newest + best + places.steps.dropFirst().map { (.notAfter($0), $0, "checkpoint") }
    }

    /// Moves the choice, round and round.
    mutating func move(_ direction: Int) {
        let count = entries.count
        if count > 0 { selected = (selected + direction + count) % count }
    }
}

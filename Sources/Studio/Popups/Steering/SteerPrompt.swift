import Cells
import Events

/// The line that sets hyperparameters of a running run, or of a fork of any run; under it what can be set.
package struct SteerPrompt: Layer, Hashable {
    package var run: RunID
    package var field = TextField()
    /// What is wrong with what was typed.
    package var message: String?
    /// Where the new run begins; nil when the run itself is steered.
    package var fork: ForkChoice?
    /// Whether the run has ended and is to go on.
    package var goesOn = false
    /// Names of what can be set, what people set most first.
    package let names: [String]
    /// Which of them tab takes.
    package var selected = 0
    /// Whether the fork was asked for before the places to fork at were known.
    var isAccepted = false

    init(_ run: RunID, names: [String], fork: ForkChoice? = nil, goesOn: Bool = false) {
        self.run = run
        self.names = names
        self.fork = fork
        self.goesOn = goesOn
    }

    package var contexts: [KeyContext] { fork == nil ? [.steer] : [.fork, .steer] }

    package func whatIsLost(_ state: AppState) -> String? { field.isEmpty ? nil : title(state) }

    package func place(on screen: Size) -> Rect {
        let places = fork == nil ? 0 : Self.placeRows + 1
        let height = 2 + Self.headRows + places + min(max(1, names.count), Self.settingRows)
        return StudioLayout.roomy(screen).centred(width: 84, height: height)
    }

    /// Rows of the line and what is said about it, of places to fork at, and of settings.
    static let headRows = 4, placeRows = 4, settingRows = 12

    package func title(_ state: AppState) -> String {
        let deed = fork != nil ? "Fork" : goesOn ? "Go on with" : "Steer"
        return "\(deed) \(state.runs[run]?.record.name ?? run.text)"
    }

    package func draw(_ state: AppState, into buffer: inout CellBuffer, in place: Rect) {
        drawSteerPrompt(self, state, into: &buffer, in: StudioLayout.interior(place))
    }

    package func cursor(in place: Rect) -> (x: Int, y: Int)? { field.cursor(inFirstRowOf: place) }

    package var wheel: (up: StudioAction, down: StudioAction)? { (.settingUp, .settingDown) }

    package func wheel(atX x: Int, y: Int, in place: Rect) -> (up: StudioAction, down: StudioAction)? {
        let parts = SteerPromptParts(self, in: StudioLayout.interior(place))
        return parts.places.contains(x: x, y: y) ? (.placeUp, .placeDown) : wheel
    }

    /// A click chooses a place to fork at, or writes a setting's name down.
    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] {
        let parts = SteerPromptParts(self, in: StudioLayout.interior(place))
        let checkpoint = parts.firstPlace + mouse.y - parts.places.y, setting = parts.firstSetting + mouse.y - parts.settings.y
        state.changeTop(SteerPrompt.self) { prompt, state in
            if parts.places.contains(x: mouse.x, y: mouse.y) {
                if prompt.fork?.entries.indices.contains(checkpoint) == true { prompt.fork?.selected = checkpoint }
            } else if parts.settings.contains(x: mouse.x, y: mouse.y) {
                // The second press of a double click writes nothing twice.
                guard prompt.names.indices.contains(setting), mouse.clicks == 1 else { return }
                prompt.selected = setting
                prompt.complete(0, state)
            } else {
                prompt.field.click(mouse, inFirstRowOf: place)
            }
        }
        return []
    }

    package mutating func type(_ key: Key, _ state: AppState) -> Bool {
        guard field.handle(key) else { return false }
        changed(state)
        return true
    }

    package mutating func paste(_ text: String, _ state: AppState) {
        field.insert(text)
        changed(state)
    }

    private mutating func changed(_ state: AppState) {
        message = state.problem(in: self)
        isAccepted = false
        switch SteerText(field.text, names: names) {
        case .name(_, let begun): if let index = match(begun) { selected = index }
        case .value(_, let name, _): if let index = names.firstIndex(of: name) { selected = index }
        }
    }

    /// The setting that fits best what is begun; nil when nothing is begun or nothing fits.
    private func match(_ begun: String) -> Int? {
        guard !begun.isEmpty, begun.utf8.count < 256 else { return nil }
        return names.firstIndex { $0.hasPrefix(begun) } ?? names.firstIndex { $0.contains(begun) }
    }

    /// Puts the selected setting's name where one is typed, the one after it where it stands already, or behind what is typed.
    mutating func complete(_ direction: Int, _ state: AppState) {
        guard !names.isEmpty else { return }
        var lead: String
        switch SteerText(field.text, names: names) {
        case .name(let before, _): lead = before
        case .value(let before, _, let text) where text.isEmpty:
            lead = before
            selected = (selected + direction + names.count) % names.count
        case .value:
            lead = String(field.text.trimmingSpaces) + " "
            selected = (selected + direction + names.count) % names.count
        }
        if !lead.isEmpty, !lead.hasSuffix(" ") { lead += " " }
        field.text = lead + names[selected] + "="
        message = state.problem(in: self)
    }
}

/// What a line of settings ends with.
enum SteerText: Hashable {
    /// A name, or its beginning, or nothing yet, behind what is typed already.
    case name(before: String, String)
    /// A value of a setting.
    case value(before: String, name: String, String)

    init(_ text: String, names: [String]) {
        let space = text.lastIndex(of: " ").map { text.index(after: $0) } ?? text.startIndex
        let word = text[space...], head = text[..<space]
        if let equals = word.firstIndex(of: "=") {
            self = .value(
                before: String(head), name: Self.name(word[..<equals], names), String(word[word.index(after: equals)...]))
            return
        }
        // `lea 0.01`: the word before has no value yet.
        let earlier = head.split(separator: " ")
        if let last = earlier.last, !last.contains("=") || last.hasSuffix("="), last != "=" {
            let start = last.startIndex
            let name = last.hasSuffix("=") ? last.dropLast() : last
            self = .value(before: String(text[..<start]), name: Self.name(name, names), String(word))
            return
        }
        self = .name(before: String(head), String(word))
    }

    private static func name(_ begun: Substring, _ names: [String]) -> String {
        names.first { $0 == begun } ?? names.first { $0.hasPrefix(begun) } ?? String(begun)
    }
}

/// The places to fork at, and the one chosen.
package struct ForkChoice: Hashable, Sendable {
    /// nil until they are known.
    package private(set) var places: ForkPlaces?
    package var selected = 0
    /// The step that it is to begin at.
    private let wanted: Int?

    init(at step: Int? = nil) { wanted = step }

    /// The newest checkpoint first, then the best evaluation, then older checkpoints.
    package var entries: [(place: ForkPlace, step: Int, text: String)] {
        guard let places else { return [] }
        let newest = places.steps.prefix(1).map { (place: ForkPlace.newest, step: $0, text: "newest checkpoint") }
        let best = places.bestStep.map { [(place: ForkPlace.best, step: $0, text: "best evaluation")] } ?? []
        return newest + best + places.steps.dropFirst().map { (.notAfter($0), $0, "checkpoint") }
    }

    /// Takes in the places there are; the wanted one is chosen, else the best evaluation if there is one.
    mutating func take(_ places: ForkPlaces) {
        self.places = places
        selected = entries.firstIndex { $0.step == wanted } ?? entries.firstIndex { $0.place == .best } ?? 0
    }

    /// Moves the choice, round and round.
    mutating func move(_ direction: Int) {
        let count = entries.count
        if count > 0 { selected = (selected + direction + count) % count }
    }
}

import Cells

/// A line to type: a name, tags, a note, a search. What it is for comes with it, so that any part of the studio can ask for a line.
package struct LinePrompt: Layer {
    /// What is wrong with what is typed, and where in it, in characters.
    package struct Problem: Sendable {
        var message: String
        var place: Int?

        init(_ message: String, at place: Int? = nil) {
            self.message = message
            self.place = place
        }
    }

    package let title: String
    /// What to type, in a sentence.
    package let help: String
    package var field: TextField
    /// What stood there at first.
    private let given: String
    package private(set) var problem: Problem?
    /// What could stand at the cursor.
    package var completions: [String] = []
    /// What is wrong with a text; nil when it can be taken.
    private let check: @Sendable (String, AppState) -> Problem?
    /// Completes the word at the cursor.
    fileprivate let complete: (@Sendable (inout LinePrompt, AppState) -> Void)?
    /// Takes what was typed.
    fileprivate let accept: @Sendable (String, inout AppState) -> [Effect]

    init(
        _ title: String, help: String, text: String = "",
        check: @escaping @Sendable (String, AppState) -> Problem? = { _, _ in nil },
        complete: (@Sendable (inout LinePrompt, AppState) -> Void)? = nil,
        accept: @escaping @Sendable (String, inout AppState) -> [Effect]
    ) {
        self.title = title
        self.help = help
        field = TextField(text)
        given = text
        self.check = check
        self.complete = complete
        self.accept = accept
    }

    package var contexts: [KeyContext] { [.line] }

    package func whatIsLost(_ state: AppState) -> String? { field.text == given ? nil : title }

    package func place(on screen: Size) -> Rect { StudioLayout.roomy(screen).centred(width: 76, height: 7) }

    package func title(_ state: AppState) -> String { title }

    package func cursor(in place: Rect) -> (x: Int, y: Int)? { field.cursor(inFirstRowOf: place) }

    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] {
        state.changeTop(LinePrompt.self) { prompt, _ in prompt.field.click(mouse, inFirstRowOf: place) }
        return []
    }

    package mutating func type(_ key: Key, _ state: AppState) -> Bool {
        guard field.handle(key) else { return false }
        (problem, completions) = (nil, [])
        return true
    }

    package mutating func paste(_ text: String, _ state: AppState) {
        field.insert(text)
        problem = nil
    }

    /// Says what is wrong with what stands there.
    mutating func refuse(_ message: String) { refuse(Problem(message)) }

    mutating func refuse(_ problem: Problem) { self.problem = problem }

    /// Whether what is typed can be taken; else it says why not.
    fileprivate mutating func isAcceptable(_ state: AppState) -> Bool {
        problem = check(text, state)
        return problem == nil
    }

    fileprivate var text: String { String(field.text.trimmingSpaces) }
}

extension AppState {
    mutating func performLine(_ action: StudioAction) -> [Effect] {
        guard action == .lineAccept else {
            changeTop(LinePrompt.self) { prompt, state in prompt.complete?(&prompt, state) }
            return []
        }
        guard changeTop(LinePrompt.self, { $0.isAcceptable($1) }) == true, let prompt = popups.popLast() as? LinePrompt else {
            return []
        }
        return prompt.accept(prompt.text, &self)
    }
}

extension LinePrompt {
    /// The line, and under it what is wrong with it, what could stand there, or what it is for.
    package func draw(_ state: AppState, into buffer: inout CellBuffer, in frame: Rect) {
        let interior = StudioLayout.interior(frame)
        guard !interior.isEmpty else { return }
        let line = interior.splitTop(1).top.inset(horizontal: 1, vertical: 0)
        let window = field.window(width: max(1, line.width))
        buffer.fill(line, with: Cell(" ", Style(.fieldText, on: .field)))
        buffer.write(window.text, x: line.x, y: line.y, Style(.fieldText, on: .field), clip: line)
        let rest = interior.splitTop(1).rest.inset(horizontal: 1, vertical: 0)
        var y = rest.y
        if let place = problem?.place {
            let hidden = max(0, field.cursor - window.cursor)
            buffer.write("^", x: line.x + max(0, place - hidden), y: y, Style(.bad, on: .popup, .bold), clip: rest)
        }
        y += 1
        let text: (String, ColorRole) =
            problem.map { ($0.message, .bad) }
            ?? (completions.isEmpty ? (help, .muted) : (completions.prefix(60).joined(separator: "  "), .accent))
        for line in TextWrap.lines(text.0, width: max(1, rest.width)) where y < rest.maxY {
            buffer.write(line, x: rest.x, y: y, Style(text.1, on: .popup), clip: rest)
            y += 1
        }
    }
}

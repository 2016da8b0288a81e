import Cells

/// The way from the workspace to where one is, in the header: `demo › A adam › Compare 3 runs`.
struct Breadcrumb {
    /// A step of the way; clicked, it leads back to so many screens.
    struct Step: Hashable {
        var text: String
        var x: Int
        /// Screens that stay when one goes there.
        var depth: Int
    }

    let steps: [Step]
    private static let separator = " › "

    /// - Parameters:
    ///   - x: where it begins.
    ///   - width: the header's; it takes at most half, and steps in the middle give way.
    init(_ state: AppState, x: Int, width: Int) {
        var texts = [(state.workspaceName, 0)]
        for (index, screen) in state.screens.enumerated() { texts.append((screen.crumb(state), index + 1)) }
        let room = max(12, width / 2)
        func length() -> Int { texts.reduce(0) { $0 + TextWidth.of($1.0) } + 3 * (texts.count - 1) }
        while length() > room, texts.count > 2 {
            texts.remove(at: 1)
            texts[0].0 = state.workspaceName + " › …"
        }
        var steps: [Step] = [], next = x
        for (text, depth) in texts {
            let cut = steps.count == texts.count - 1 ? text.shortened(to: max(6, room - (next - x))) : text
            steps.append(Step(text: cut, x: next, depth: depth))
            next += TextWidth.of(cut) + 3
        }
        self.steps = steps
    }

    /// The step at a column of the header; nil beside them.
    static func depth(_ state: AppState, atX x: Int) -> Int? {
        let steps = Breadcrumb(state, x: start, width: state.size.width).steps
        return steps.first { $0.x <= x && x < $0.x + TextWidth.of($0.text) }?.depth
    }

    /// After the program's name.
    static let start = 10

    /// Where it ends.
    var end: Int { steps.last.map { $0.x + TextWidth.of($0.text) } ?? Self.start }

    /// Draws it over the header.
    func draw(into buffer: inout CellBuffer, in rect: Rect) {
        var x = rect.x
        for (index, step) in steps.enumerated() {
            let isHere = index == steps.count - 1
            if index > 0 { buffer.write(Self.separator, x: x, y: rect.y, Style(.muted, on: .bar), clip: rect) }
            let style = Style(.barText, on: .bar, isHere && index > 0 ? .bold : [])
            x = buffer.write(step.text, x: step.x, y: rect.y, style, clip: rect)
        }
    }
}

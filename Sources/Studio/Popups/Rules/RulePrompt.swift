import Cells
import Events

/// The line that says what a rule of a run is set to, in the words of a list of rules; below it what would change, or what is wrong,
/// and what the rule can be set to.
package struct RulePrompt: Layer {
    package let run: RunID
    /// The rule that is changed; nil where one is added.
    let report: RuleReport?
    package var field: TextField
    private let given: String
    /// What came of looking at what was typed last, as far as that is known.
    private var lastCheck: RuleEditCheck?
    private var checked: CheckRuleEdit?
    /// Whether it is to be done as soon as it is known to be right.
    var isAccepted = false

    /// - Parameter report: the rule to change; nil = a rule is added.
    init(_ run: RunID, _ report: RuleReport?) {
        (self.run, self.report) = (run, report)
        given = report?.line ?? ""
        field = TextField(given)
    }

    package var contexts: [KeyContext] { [.rule] }

    package func whatIsLost(_ state: AppState) -> String? { field.text == given ? nil : title(state) }

    package func place(on screen: Size) -> Rect {
        let rows = parameters.isEmpty ? Self.words.count : parameters.count
        return StudioLayout.roomy(screen).centred(width: 100, height: 2 + Self.headRows + rows)
    }

    /// Rows of the line, of what is said about it, and an empty one.
    private static let headRows = 5
    private static let words = [
        "DeadRelu(threshold_layer=40)   one of Descent's or SageMaker's rules",
        "spike: loss > 2 * rolling_min(loss, 100) for 20 steps   one of your own",
        "    …, severity issue, message \"the loss doubled\", remedy set learning_rate=0.001",
    ]

    private var parameters: [RuleReport.Parameter] { report?.parameters ?? [] }

    package func title(_ state: AppState) -> String {
        let name = state.runs[run]?.record.name ?? run.text
        return report.map { "Set \($0.name) of \(name)" } ?? "A rule more for \(name)"
    }

    package func cursor(in place: Rect) -> (x: Int, y: Int)? { field.cursor(inFirstRowOf: place) }

    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] {
        state.changeTop(RulePrompt.self) { prompt, _ in prompt.field.click(mouse, inFirstRowOf: place) }
        return []
    }

    package mutating func type(_ key: Key, _ state: AppState) -> Bool {
        guard field.handle(key) else { return false }
        isAccepted = false
        return true
    }

    package mutating func paste(_ text: String, _ state: AppState) {
        field.insert(text)
        isAccepted = false
    }

    package func didType(_ state: inout AppState) -> [Effect] { query.map { state.ask($0) } ?? [] }

    /// What is asked about what is typed; nil where nothing is.
    var query: CheckRuleEdit? {
        let text = field.text.trimmingSpaces
        return text.isEmpty ? nil : CheckRuleEdit(run, RuleEdit(lines: [String(text)]))
    }

    /// What came of looking at what is typed; nil until that is known.
    package var check: RuleEditCheck? { checked == query ? lastCheck : nil }

    /// Takes what came of looking at a line, where that is still what is typed.
    /// - Returns: whether it is to be done.
    mutating func take(_ answer: RuleEditCheck, to query: CheckRuleEdit) -> Bool {
        guard query == self.query else { return false }
        (lastCheck, checked) = (answer, query)
        if answer.problem != nil { isAccepted = false }
        return isAccepted
    }

    // MARK: - Drawing

    package func draw(_ state: AppState, into buffer: inout CellBuffer, in frame: Rect) {
        let interior = StudioLayout.interior(frame)
        guard !interior.isEmpty else { return }
        let line = interior.splitTop(1).top.inset(horizontal: 1, vertical: 0)
        let window = field.window(width: max(1, line.width))
        buffer.fill(line, with: Cell(" ", Style(.fieldText, on: .field)))
        buffer.write(window.text, x: line.x, y: line.y, Style(.fieldText, on: .field, .bold), clip: line)
        var rest = interior.splitTop(1).rest.inset(horizontal: 1, vertical: 0)
        let isTyped = field.text != given
        if isTyped, let place = check?.place {
            let hidden = max(0, field.cursor - window.cursor)
            buffer.write("^", x: line.x + max(0, place - hidden), y: rest.y, Style(.bad, on: .popup, .bold), clip: rest)
        }
        rest = rest.splitTop(1).rest
        let (head, below) = rest.splitTop(min(rest.height, 2))
        let (text, role) = words(isTyped: isTyped)
        for (row, words) in TextWrap.lines(text, width: max(1, head.width)).prefix(head.height).enumerated() {
            buffer.write(words, x: head.x, y: head.y + row, Style(role, on: .popup), clip: head)
        }
        drawParameters(into: &buffer, in: below.splitTop(min(1, below.height)).rest)
    }

    private func words(isTyped: Bool) -> (String, ColorRole) {
        guard isTyped else {
            guard let report else { return ("What it looks for from here on, and in what was recorded.", .muted) }
            let what = parameters.isEmpty ? "" : "\(report.summary). "
            return (what + "It looks anew at what was recorded so far.", .muted)
        }
        guard let check else { return (lastCheck == nil ? "…" : lastCheck?.problem ?? "", .muted) }
        if let problem = check.problem { return (problem, check.isUnfinished ? .muted : .bad) }
        return (check.changes.map { "\($0.rule): \($0.what)" }.joined(separator: "; "), .good)
    }

    private func drawParameters(into buffer: inout CellBuffer, in room: Rect) {
        guard !parameters.isEmpty else {
            for (row, words) in Self.words.enumerated() where row < room.height {
                buffer.write(words, x: room.x, y: room.y + row, Style(.muted, on: .popup), clip: room)
            }
            return
        }
        let width = parameters.map { TextWidth.of($0.name) }.max() ?? 0
        for (row, parameter) in parameters.enumerated() where row < room.height {
            let y = room.y + row, isSet = parameter.value != parameter.defaultValue
            buffer.write(parameter.name, x: room.x, y: y, Style(.text, on: .popup), clip: room)
            var x = room.x + width + 2
            x = buffer.write(
                parameter.value, x: x, y: y, Style(isSet ? .accent : .text, on: .popup, isSet ? .bold : []), clip: room)
            let usual = isSet ? ", usually \(parameter.defaultValue)" : ""
            buffer.write(
                "\(parameter.summary)\(usual); \(parameter.validValues)", x: max(x + 2, room.x + width + 14), y: y,
                Style(.muted, on: .popup), clip: room)
        }
    }
}

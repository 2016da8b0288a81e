import Cells
import PipelineSteps

/// The form of a step: what it does, and a field for each thing that is said of it.
package struct StepForm: Layer {
    package let file: RowsFile
    /// Where the step stands in the pipeline, or will.
    let place: Int
    package let isNew: Bool
    /// Columns there are before the step.
    private let columns: [String]
    private let given: PipelineStep?
    /// What the step does, as it is typed.
    private var word: TextField
    /// What is typed for its parameters; of those of other steps what was typed before.
    private var inputs: [String: TextField] = [:]
    /// The field with the cursor: 0 = the step's name.
    private(set) var focus = 0
    /// What is wrong.
    package var message: String?
    /// What tab goes through: the text that was completed, and which of its completions stands there.
    private var completion: (begun: String, index: Int)?

    init(_ step: PipelineStep?, file: RowsFile, place: Int, columns: [String]) {
        (self.file, self.place, self.columns, given, isNew) = (file, place, columns, step, step == nil)
        word = TextField(step?.kind.rawValue ?? "")
        for parameter in step?.kind.parameters ?? [] {
            inputs[parameter.name] = TextField(step?.list(parameter.name).joined(separator: ", ") ?? "")
        }
        if let step, !step.kind.parameters.isEmpty { focus = 1 }
    }

    package var contexts: [KeyContext] { [.step] }

    /// What the step does; nil as long as no step is called so.
    package var kind: StepKind? { StepKind(rawValue: String(word.text.trimmingSpaces)) }
    private var parameters: [StepParameter] { kind?.parameters ?? [] }

    package func whatIsLost(_ state: AppState) -> String? {
        let typed = parameters.map { inputs[$0.name]?.text ?? "" }
        guard let given else { return word.isEmpty ? nil : title(state) }
        let before = given.kind.parameters.map { given.list($0.name).joined(separator: ", ") }
        return given.kind == kind && typed == before ? nil : title(state)
    }

    package func title(_ state: AppState) -> String { isNew ? "Step \(place + 1)" : "Change step \(place + 1)" }

    /// Rows of fields, and of what is said under them.
    private static let fieldRows = 6, noteRows = 4

    package func place(on screen: Size) -> Rect {
        StudioLayout.roomy(screen).centred(width: 84, height: 3 + Self.fieldRows + Self.noteRows)
    }

    package func step() throws(PipelineError) -> PipelineStep {
        guard let kind else {
            throw PipelineError(
                word.isEmpty ? "say what the step does: tab goes through the steps there are" : "no step is called '\(word.text)'"
            )
        }
        var values: [String: [String]] = [:]
        for parameter in kind.parameters {
            let text = String((inputs[parameter.name]?.text ?? "").trimmingSpaces)
            guard !text.isEmpty else { continue }
            values[parameter.name] = parameter.isList ? Self.parts(text) : [text]
        }
        return try PipelineStep(kind, values)
    }

    private static func parts(_ text: String) -> [String] {
        text.split(separator: ",").map { String($0.trimmingSpaces) }.filter { !$0.isEmpty }
    }

    // MARK: - Typing

    /// The field with the cursor.
    private var field: TextField {
        get { focus == 0 ? word : inputs[parameters[focus - 1].name] ?? TextField("") }
        set { if focus == 0 { word = newValue } else { inputs[parameters[focus - 1].name] = newValue } }
    }

    package mutating func type(_ key: Key, _ state: AppState) -> Bool {
        var field = field
        guard field.handle(key) else { return false }
        self.field = field
        (message, completion) = (nil, nil)
        return true
    }

    package mutating func paste(_ text: String, _ state: AppState) {
        var field = field
        field.insert(text)
        self.field = field
        (message, completion) = (nil, nil)
    }

    mutating func perform(_ action: StudioAction) {
        if action == .stepComplete, complete() { return }
        let step = action == .stepFieldPrevious ? -1 : 1, count = 1 + parameters.count
        (focus, completion) = ((focus + step + count) % count, nil)
    }

    /// Puts the next of the words there that begin as what is typed.
    private mutating func complete() -> Bool {
        let text = field.text, isList = focus > 0 && parameters[focus - 1].isList
        let head = isList ? text.lastIndex(of: ",").map { String(text[...$0]) + " " } ?? "" : ""
        let last =
            isList ? String((text.split(separator: ",", omittingEmptySubsequences: false).last ?? "").trimmingSpaces) : text
        let begun = completion?.begun ?? last
        let found = words.filter { $0.lowercased().hasPrefix(begun.lowercased()) }
        guard let first = found.first, found.count > 1 || first != last else { return false }
        // Where nothing is begun, tab leads on, but for the step's name.
        guard !begun.isEmpty || focus == 0 || completion != nil else { return false }
        let index = completion.map { ($0.index + 1) % found.count } ?? 0
        completion = (begun, index)
        field = TextField(head.replacing(",  ", with: ", ") + found[index])
        message = nil
        return true
    }

    /// What may stand in the field with the cursor.
    private var words: [String] {
        guard focus > 0 else { return StepKind.allCases.map(\.rawValue) }
        return switch parameters[focus - 1].value {
        case .column, .columns, .condition: columns
        case .choice(let words), .words(let words): words
        case .newColumn, .number, .numbers, .whole, .wholeNumbers, .share, .text: []
        }
    }

    // MARK: - On the screen

    private static let label = 11

    private func rows(in place: Rect) -> Rect { StudioLayout.interior(place).inset(horizontal: 1, vertical: 0) }

    package func cursor(in place: Rect) -> (x: Int, y: Int)? {
        let room = rows(in: place), window = field.window(width: max(1, room.width - Self.label))
        return (room.x + Self.label + window.cursor, room.y + focus)
    }

    package func draw(_ state: AppState, into buffer: inout CellBuffer, in place: Rect) {
        let room = rows(in: place)
        guard !room.isEmpty else { return }
        drawField("step", word, 0, isRequired: true, into: &buffer, in: room)
        for (index, parameter) in parameters.enumerated() {
            let input = inputs[parameter.name] ?? TextField("")
            drawField(parameter.name, input, index + 1, isRequired: parameter.isRequired, into: &buffer, in: room)
        }
        let notes = Rect(
            x: room.x, y: min(room.maxY, room.y + Self.fieldRows + 1), width: room.width,
            height: max(0, room.height - Self.fieldRows - 1))
        let note = note
        for (row, text) in TextWrap.lines(note.text, width: max(1, notes.width)).prefix(notes.height).enumerated() {
            buffer.write(text, x: notes.x, y: notes.y + row, Style(note.role, on: .popup), clip: notes)
        }
    }

    private func drawField(
        _ name: String, _ input: TextField, _ index: Int, isRequired: Bool, into buffer: inout CellBuffer, in room: Rect
    ) {
        let line = Rect(x: room.x, y: room.y + index, width: room.width, height: 1), isHere = index == focus
        guard line.y < room.maxY else { return }
        buffer.write(
            name, x: line.x, y: line.y, Style(isHere ? .titleFocused : .text, on: .popup, isHere ? .bold : []), clip: line)
        let box = Rect(x: line.x + Self.label, y: line.y, width: max(0, line.width - Self.label), height: 1)
        if isHere { buffer.fill(box, with: Cell(" ", Style(.fieldText, on: .field))) }
        let style = Style(isHere ? .fieldText : .text, on: isHere ? .field : .popup)
        if input.isEmpty {
            let empty = index == 0 ? "tab: \(StepKind.target.rawValue), …" : isRequired ? "needed" : "·"
            buffer.write(
                empty, x: box.x + (isHere ? 1 : 0), y: box.y, Style(.muted, on: isHere ? .field : .popup), clip: box)
        } else {
            buffer.write(input.window(width: max(1, box.width)).text, x: box.x, y: box.y, style, clip: box)
        }
    }

    /// What is wrong, else what the field is for and what may stand there.
    private var note: (text: String, role: ColorRole) {
        if let message { return (message, .bad) }
        guard focus > 0 else {
            let begun = word.text.lowercased()
            let found = StepKind.allCases.filter { $0.rawValue.hasPrefix(begun) }
            if let kind { return (kind.summary, .muted) }
            return found.isEmpty
                ? ("no step begins so", .bad) : (found.map(\.rawValue).joined(separator: "  "), .accent)
        }
        let help = parameters[focus - 1].help, words = words.prefix(24).joined(separator: ", ")
        return (words.isEmpty ? help : "\(help). \(words)", .muted)
    }

    /// A click goes to a field.
    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] {
        let row = mouse.y - rows(in: place).y
        state.changeTop(StepForm.self) { form, _ in
            if (0...form.parameters.count).contains(row) { (form.focus, form.completion) = (row, nil) }
        }
        return []
    }
}

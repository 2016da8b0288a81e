import Cells
import Events

extension NewRunForm {
    /// Labels, values, valid values; below, what is to be said about the focused field.
    package func draw(_ state: AppState, into buffer: inout CellBuffer, in rect: Rect) {
        let form = self
        let (fields, note) = Self.rows(in: rect)
        for offset in 0..<fields.height {
            let index = form.cursor.top + offset
            guard form.fields.indices.contains(index) else { break }
            let line = Rect(x: fields.x, y: fields.y + offset, width: fields.width, height: 1)
            drawField(form, index, into: &buffer, in: line, fields)
        }
        buffer.scrollbar(
            Rect(x: rect.x, y: rect.y, width: rect.width, height: fields.height + 2), top: form.cursor.top, shown: fields.height,
            count: form.fields.count, Style(.borderFocused, on: .popup))
        drawNote(form, state, into: &buffer, in: note)
    }
}

private func drawField(_ form: NewRunForm, _ index: Int, into buffer: inout CellBuffer, in line: Rect, _ fields: Rect) {
    let field = form.fields[index]
    let isFocused = index == form.cursor.index
    let problem = form.problem(at: index)
    // What can still be completed is not wrong yet.
    let isBegun = isFocused && field.isReading && !field.readingChoices.isEmpty && form.message == nil
    let isWrong = problem != nil && !isBegun && (field.isChanged || form.message != nil && isFocused)
    let labelWidth = NewRunForm.labelWidth(fields)
    let label = Rect(x: line.x + 1, y: line.y, width: labelWidth, height: 1)
    let marker = field.isChanged ? "● " : "  "
    let x = buffer.write(marker, x: label.x - 1, y: line.y, Style(isWrong ? .bad : .accent, on: .popup), clip: line)
    buffer.write(
        field.label, x: x, y: line.y, Style(isFocused ? .titleFocused : .text, on: .popup, isFocused ? .bold : []), clip: label)
    let width = NewRunForm.valueWidth(fields)
    let value = Rect(x: line.x + 2 + labelWidth, y: line.y, width: width, height: 1).intersection(line)
    let background: ColorRole = isFocused ? .field : .popup
    buffer.fill(value, with: Cell(" ", Style(.fieldText, on: background)))
    if field.input.isEmpty {
        let shown = field.defaultText.isEmpty ? placeholder(field) : field.defaultText
        buffer.write(shown, x: value.x, y: line.y, Style(.muted, on: background), clip: value)
    } else {
        let text = isFocused ? field.input.window(width: width).text : field.input.text
        let style = Style(isWrong ? .bad : isFocused ? .fieldText : .text, on: background, .bold)
        buffer.write(text, x: value.x, y: line.y, style, clip: value)
    }
    var rest = Rect(x: value.maxX + 2, y: line.y, width: line.maxX - value.maxX - 3, height: 1).intersection(line)
    if let heading = form.heading(at: index), rest.width > TextWidth.of(heading) + 12 {
        let x = rest.maxX - TextWidth.of(heading)
        buffer.write(heading, x: x, y: line.y, Style(.key, on: .popup, .bold), clip: line)
        rest = Rect(x: rest.x, y: rest.y, width: x - rest.x - 2, height: 1)
    }
    guard rest.width > 6 else { return }
    if isWrong, let problem {
        buffer.write("✖ " + problem, x: rest.x, y: line.y, Style(.bad, on: .popup), clip: rest)
    } else {
        buffer.write(field.validValues, x: rest.x, y: line.y, Style(.muted, on: .popup), clip: rest)
    }
}

private func placeholder(_ field: FormField) -> String {
    switch field.name {
    case .dataset: "path of a data file"
    case .target: field.choices.isEmpty ? "name of a column" : "←→ choose a column"
    case .runName: "made from the hyperparameters"
    case .reading: "as is found out"
    case .validationPath: "none"
    case .option: field.jobOption?.unset ?? ""
    default: ""
    }
}

private func drawNote(_ form: NewRunForm, _ state: AppState, into buffer: inout CellBuffer, in note: Rect) {
    guard !note.isEmpty, let field = form.focused else { return }
    var room = note
    if note.height >= 4 {
        for x in note.x..<note.maxX { buffer[x, note.y] = Cell("╌", Style(.faint, on: .popup)) }
        room = note.splitTop(1).rest
    }
    if let message = form.message {
        buffer.write("✖ " + message, x: room.x + 1, y: room.y, Style(.bad, on: .popup, .bold), clip: room)
        room = room.splitTop(1).rest
    }
    if form.message == nil, field.name != .dataset, field.name != .reading, room.height > 2, let advice = form.advice(state) {
        let key = "ctrl-t ", words = advice.words, width = room.width - 2
        let isRoomy = TextWidth.of("→ \(advice.reason)   \(key)\(words)") <= width
        var line = TextLine(isRoomy ? "→ \(advice.reason)   " : "→ advised: ", .warning)
        line.add(key, .key, .bold)
        line.add(words)
        buffer.write(line, x: room.x + 1, y: room.y, on: .popup, clip: room)
        room = room.splitTop(1).rest
    }
    if field.name == .dataset || field.name == .reading, form.message == nil, let reading = form.dataReading(state) {
        // How the file is read says more than what the field is for.
        let lines = ReadingText.lines(reading, width: max(1, room.width - 2))
        let isChoosing = !(field.isPath ? pathsAhead(form, field) : field.matchingChoices).isEmpty && room.height > 1
        for (row, line) in lines.prefix(room.height - (isChoosing ? 1 : 0)).enumerated() {
            buffer.write(line, x: room.x + 1, y: room.y + row, on: .popup, clip: room)
        }
        if isChoosing { drawChoices(form, field, into: &buffer, in: room.splitBottom(1).bottom) }
        return
    }
    // Beside its field the list of valid values may be cut.
    let valid = field.validValues.isEmpty || !field.choices.isEmpty ? "" : field.validValues
    let help = [field.help, valid].flatMap { TextWrap.lines($0, width: max(1, room.width - 2)) }
        .prefix(max(0, room.height - 1))
    for (row, line) in help.enumerated() {
        buffer.write(line, x: room.x + 1, y: room.y + row, Style(.text, on: .popup), clip: room)
    }
    guard room.height > help.count else { return }
    drawChoices(form, field, into: &buffer, in: room.splitBottom(1).bottom)
}

/// Paths that continue what is typed.
private func pathsAhead(_ form: NewRunForm, _ field: FormField) -> [String] {
    form.paths.filter { $0.hasPrefix(field.input.text) && $0 != field.input.text }
}

/// The values to choose from, the current one bright.
private func drawChoices(_ form: NewRunForm, _ field: FormField, into buffer: inout CellBuffer, in line: Rect) {
    if field.isReading { return drawWords(field.readingChoices.map(\.word), into: &buffer, in: line) }
    let choices = field.isPath ? pathsAhead(form, field) : field.matchingChoices
    guard !choices.isEmpty else { return }
    var x = buffer.write(field.isPath ? "tab " : "←→ ", x: line.x + 1, y: line.y, Style(.key, on: .popup, .bold), clip: line)
    let current = choices.firstIndex(of: field.value) ?? 0
    // Scroll so that the current choice is among those shown.
    for choice in choices.dropFirst(max(0, current - 2)) {
        guard x < line.maxX - 2 else { break }
        let isCurrent = choice == field.value
        x = buffer.write(
            choice, x: x, y: line.y, Style(isCurrent ? .accent : .muted, on: .popup, isCurrent ? .bold : []), clip: line)
        x += 2
    }
}

/// Words that could stand at the end of a field.
func drawWords(_ words: [String], into buffer: inout CellBuffer, in line: Rect) {
    guard !words.isEmpty else { return }
    var x = buffer.write("tab ", x: line.x + 1, y: line.y, Style(.key, on: .popup, .bold), clip: line)
    for word in words {
        guard x < line.maxX - 2 else { break }
        x = buffer.write(word, x: x, y: line.y, Style(.muted, on: .popup), clip: line) + 2
    }
}

import Cells
import Events

extension NewRunForm {
    /// Labels, values, valid values; below, what is to be said about the focused field.
    package func draw(_ state: AppState, into buffer: inout CellBuffer, in rect: Rect) {
        let (fields, note) = Self.rows(in: rect)
        let lines = lines(height: fields.height)
        for (row, line) in lines.dropFirst(cursor.top).prefix(fields.height).enumerated() {
            draw(line, into: &buffer, in: Rect(x: fields.x, y: fields.y + row, width: fields.width, height: 1), fields)
        }
        buffer.scrollbar(
            scrollbarFrame(in: rect), top: cursor.top, shown: fields.height, count: lines.count,
            Style(.borderFocused, on: .popup))
        drawNote(state, into: &buffer, in: note)
    }

    private func draw(_ line: Line, into buffer: inout CellBuffer, in row: Rect, _ fields: Rect) {
        switch line {
        case .gap: break
        case .title(let text):
            let x = buffer.write(text, x: row.x + 2, y: row.y, Style(.key, on: .popup, .bold), clip: row) + 1
            drawRule(from: x, into: &buffer, in: row)
        case .item(let item):
            if item == cursor.index {
                buffer.write("›", x: row.x, y: row.y, Style(.accent, on: .popup, .bold), clip: row)
            }
            switch items[item] {
            case .heading(let group): drawHeading(group, item == cursor.index, into: &buffer, in: row)
            case .field(let index): drawField(index, item, into: &buffer, in: row, fields)
            }
        }
    }

    private func drawRule(from x: Int, into buffer: inout CellBuffer, in row: Rect) {
        guard x < row.maxX - 1 else { return }
        for x in x..<row.maxX - 1 { buffer[x, row.y] = Cell("╌", Style(.faint, on: .popup)) }
    }

    /// A heading: what is set in the group while it is folded, a line while it is not.
    private func drawHeading(_ group: FormGroup, _ isFocused: Bool, into buffer: inout CellBuffer, in row: Rect) {
        let isOpen = unfolded.contains(group)
        let background: ColorRole = isFocused ? .field : .popup
        let label = Rect(x: row.x + 2, y: row.y, width: max(1, Self.labelWidth(row) - 4), height: 1)
        if isFocused {
            buffer.fill(
                Rect(x: row.x + 2, y: row.y, width: row.width - 3, height: 1), with: Cell(" ", Style(.fieldText, on: background)))
        }
        let title = (isOpen ? "▾ " : "▸ ") + group.title(algorithm: self[.algorithm])
        let style = Style(isFocused ? .titleFocused : .key, on: background, .bold)
        guard !isOpen else {
            let x = buffer.write(title, x: label.x, y: row.y, style, clip: row) + 1
            if !isFocused { drawRule(from: x, into: &buffer, in: row) }
            return
        }
        buffer.write(title.shortened(to: label.width), x: label.x, y: row.y, style, clip: label)
        let isChanged = fields(of: group).contains { fields[$0].isChanged }
        let value = Rect(x: row.x + Self.labelWidth(row), y: row.y, width: row.maxX - row.x - Self.labelWidth(row) - 1, height: 1)
        if isChanged { buffer.write("●", x: value.x - 2, y: row.y, Style(.accent, on: background), clip: row) }
        buffer.write(summary(of: group), x: value.x, y: row.y, on: background, clip: value)
    }

    private func drawField(_ index: Int, _ item: Int, into buffer: inout CellBuffer, in row: Rect, _ fields: Rect) {
        let field = self.fields[index]
        let isFocused = item == cursor.index
        let problem = problem(at: index)
        // What can still be completed is not wrong yet.
        let isBegun = isFocused && message == nil && (field.isReading ? !field.readingChoices.isEmpty : field.completion != nil)
        let isWrong = problem != nil && !isBegun && (field.isChanged || message != nil && isFocused)
        let labelWidth = Self.labelWidth(fields)
        let inset = item >= openCount ? 4 : 2
        let label = Rect(x: row.x + inset, y: row.y, width: max(1, labelWidth - inset - 2), height: 1)
        let style = Style(isFocused ? .titleFocused : .text, on: .popup, isFocused ? .bold : [])
        buffer.write(field.label.shortened(to: label.width), x: label.x, y: row.y, style, clip: label)
        let value = Rect(x: row.x + labelWidth, y: row.y, width: Self.valueWidth(fields, field), height: 1).intersection(row)
        if isMarked(field) {
            buffer.write(
                field.isRange ? "↔" : "●", x: value.x - 2, y: row.y, Style(isWrong ? .bad : .accent, on: .popup), clip: row)
        }
        drawValue(field, isFocused: isFocused, isWrong: isWrong, into: &buffer, in: value)
        let rest = Rect(x: value.maxX + 2, y: row.y, width: row.maxX - value.maxX - 3, height: 1).intersection(row)
        guard rest.width > 6 else { return }
        if isWrong, let problem {
            buffer.write("✖ " + problem, x: rest.x, y: row.y, Style(.bad, on: .popup), clip: rest)
        } else if let before = before(field) {
            buffer.write(
                "was " + (before.isEmpty ? "empty" : before), x: rest.x, y: row.y, Style(.accent, on: .popup), clip: rest)
        } else {
            let valid = field.isRange ? "searched: LOW:HIGH, log:…, cat:A,B" : field.validValues
            buffer.write(valid, x: rest.x, y: row.y, Style(.muted, on: .popup), clip: rest)
        }
    }

    /// Whether a field is marked as changed: data, target and algorithm have no default to differ from.
    private func isMarked(_ field: FormField) -> Bool {
        isRevised(field) || FormGroup(of: field) != nil && (field.isChanged || field.isRange)
    }

    private func drawValue(_ field: FormField, isFocused: Bool, isWrong: Bool, into buffer: inout CellBuffer, in value: Rect) {
        let background: ColorRole = isFocused ? .field : .popup
        buffer.fill(value, with: Cell(" ", Style(.fieldText, on: background)))
        guard !field.input.isEmpty else {
            let shown = field.defaultText.isEmpty ? placeholder(field) : field.defaultText
            // A default that somebody chose is no mere default.
            let isChosen = !field.defaultText.isEmpty && (isRevised(field) || field.name == .algorithm)
            let style = isChosen ? Style(.text, on: background, .bold) : Style(.muted, on: background)
            buffer.write(shown, x: value.x, y: value.y, style, clip: value)
            return
        }
        guard isFocused else {
            let whole = field.input.window(from: 0, width: value.width)
            let told = field.jobOption?.shown(field.input.text) ?? field.input.text
            let path = told == field.input.text ? told.shortened(to: value.width) : told.shortenedAtEnd(to: value.width)
            let text = field.isPath ? path : whole
            buffer.write(text, x: value.x, y: value.y, Style(isWrong ? .bad : .text, on: background, .bold), clip: value)
            return
        }
        let selected = Style(.selectionText, on: .selection, .bold)
        let style = replaces ? selected : Style(isWrong ? .bad : .fieldText, on: background, .bold)
        let x = buffer.write(field.input.window(width: value.width).text, x: value.x, y: value.y, style, clip: value)
        // What the beginning stands for.
        guard let completion = field.completion else { return }
        let typed = field.input.text
        let isBeginning = completion.lowercased().hasPrefix(typed.lowercased())
        let rest = isBeginning ? String(completion.dropFirst(typed.count)) : "  → " + completion
        buffer.write(rest, x: x, y: value.y, Style(.muted, on: background), clip: value)
    }

    private func placeholder(_ field: FormField) -> String {
        switch field.name {
        case .dataset: "path of a data file"
        case .target: field.choices.isEmpty ? "name of a column" : "type or ←→ choose a column"
        case .runName: "made from the hyperparameters"
        case .reading: "as is found out"
        case .validationPath: "none"
        case .option: field.jobOption?.unset ?? ""
        default: ""
        }
    }
}

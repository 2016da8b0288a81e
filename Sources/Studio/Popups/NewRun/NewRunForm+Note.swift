import Cells
import Events

extension NewRunForm {
    /// Under the rows: the search, or what is wrong; what is advised; what the focused field is for, and what can be picked.
    func drawNote(_ state: AppState, into buffer: inout CellBuffer, in note: Rect) {
        guard !note.isEmpty else { return }
        var room = note
        if note.height >= 4 {
            for x in note.x..<note.maxX { buffer[x, note.y] = Cell("╌", Style(.faint, on: .popup)) }
            room = note.splitTop(1).rest
        }
        if let search {
            drawSearch(search, into: &buffer, in: note.splitTop(1).top)
            if note.height < 4 { return }
        } else if let message = message ?? focusedProblem {
            // Whole, if it takes all the room there is.
            let lines = TextWrap.lines("✖ " + message, width: max(1, room.width - 4)).prefix(max(1, room.height))
            for (row, line) in lines.enumerated() {
                buffer.write(line, x: room.x + (row == 0 ? 1 : 3), y: room.y + row, Style(.bad, on: .popup, .bold), clip: room)
            }
            room = room.splitTop(lines.count).rest
        }
        guard let field = focused else { return drawGroupNote(into: &buffer, in: room) }
        let isAboutData = field.name == .dataset || field.name == .reading
        if message == nil, search == nil, !isAboutData, room.height > 2, let advice = advice(state) {
            draw(advice, into: &buffer, in: room)
            room = room.splitTop(1).rest
        }
        if isAboutData, message == nil, let reading = dataReading(state) {
            // How the file is read says more than what the field is for.
            let lines = ReadingText.lines(reading, width: max(1, room.width - 2))
            let isChoosing = !(field.isPath ? pathsAhead(field) : field.matchingChoices).isEmpty && room.height > 1
            for (row, line) in lines.prefix(room.height - (isChoosing ? 1 : 0)).enumerated() {
                buffer.write(line, x: room.x + 1, y: room.y + row, on: .popup, clip: room)
            }
            if isChoosing { drawChoices(field, into: &buffer, in: room.splitBottom(1).bottom) }
            return
        }
        if !room.isEmpty { drawHelp(field, into: &buffer, in: room) }
    }

    /// What is wrong with what stands in the focused field; beside it there may be no room to say it. What can still be completed is
    /// not wrong yet.
    private var focusedProblem: String? {
        guard items.indices.contains(cursor.index), case .field(let index) = items[cursor.index] else { return nil }
        let field = fields[index]
        let isBegun = field.isReading ? !field.readingChoices.isEmpty : field.completion != nil
        return (field.isChanged || field.isRange) && !isBegun ? problem(at: index) : nil
    }

    private func drawHelp(_ field: FormField, into buffer: inout CellBuffer, in room: Rect) {
        // Beside its field the list of valid values may be cut, or what the field had before stands there.
        let valid = field.validValues.isEmpty || !field.choices.isEmpty ? "" : field.validValues
        let texts =
            field.isRange
            ? [Self.rangeHelp, checkNote] : group(of: field) == .search ? [field.help, checkNote] : [field.help, valid]
        let help = texts.flatMap { TextWrap.lines($0, width: max(1, room.width - 2)) }
            .prefix(max(0, room.height - 1))
        for (row, line) in help.enumerated() {
            buffer.write(line, x: room.x + 1, y: room.y + row, Style(.text, on: .popup), clip: room)
        }
        guard room.height > help.count else { return }
        drawChoices(field, into: &buffer, in: room.splitBottom(1).bottom)
    }

    /// What is typed to find a field, and how many match.
    private func drawSearch(_ search: FormSearch, into buffer: inout CellBuffer, in line: Rect) {
        buffer.fill(line, with: Cell(" ", Style(.text, on: .popup)))
        buffer.writeSearch(search.field, in: Rect(x: line.x, y: line.y, width: Self.searchWidth(line) + 4, height: 1))
        let count = search.matches.count
        let text =
            search.field.isEmpty
            ? "a field's name, or some of its letters"
            : count == 0 ? "no field matches" : "\(search.selected + 1) of \(count)   ↓ next   enter goes there"
        let role: ColorRole = count == 0 && !search.field.isEmpty ? .warning : .muted
        let x = line.x + 3 + max(14, TextWidth.of(search.field.window(width: Self.searchWidth(line)).text)) + 2
        buffer.write(text, x: x, y: line.y, Style(role, on: .popup), clip: line)
    }

    private func draw(_ advice: DatasetProfile.Advice, into buffer: inout CellBuffer, in room: Rect) {
        let key = "ctrl-t ", words = advice.words
        let isRoomy = TextWidth.of("→ \(advice.reason)   \(key)\(words)") <= room.width - 2
        var line = TextLine(isRoomy ? "→ \(advice.reason)   " : "→ advised: ", .warning)
        line.add(key, .key, .bold)
        line.add(words)
        buffer.write(line, x: room.x + 1, y: room.y, on: .popup, clip: room)
    }

    /// What is under the heading.
    private func drawGroupNote(into buffer: inout CellBuffer, in room: Rect) {
        guard let group = focusedGroup, message == nil, search == nil else { return }
        let names = fields(of: group).map { fields[$0].label }.joined(separator: ", ")
        for (row, line) in TextWrap.lines(names, width: max(1, room.width - 2)).prefix(room.height).enumerated() {
            buffer.write(line, x: room.x + 1, y: room.y + row, Style(.muted, on: .popup), clip: room)
        }
    }

    /// Paths that continue what is typed.
    private func pathsAhead(_ field: FormField) -> [String] {
        let typed = field.input.text
        return paths.filter { $0.hasPrefix(typed) && $0 != typed }
    }

    /// The values to choose from, the one that is meant bright.
    private func drawChoices(_ field: FormField, into buffer: inout CellBuffer, in line: Rect) {
        if field.isReading { return drawWords(field.readingChoices.map(\.word), into: &buffer, in: line) }
        let choices = field.isPath ? pathsAhead(field) : field.matchingChoices
        guard !choices.isEmpty else { return }
        let meant = field.isPath ? nil : field.completion ?? field.value
        let key = field.isPath || field.completion != nil ? "tab " : "←→ "
        var x = buffer.write(key, x: line.x + 1, y: line.y, Style(.key, on: .popup, .bold), clip: line)
        let current = choices.firstIndex { $0 == meant } ?? 0
        // Scroll so that the current choice is among those shown.
        for choice in choices.dropFirst(max(0, current - 2)) {
            guard x < line.maxX - 2 else { break }
            let isMeant = choice == meant
            x = buffer.write(
                choice, x: x, y: line.y, Style(isMeant ? .accent : .muted, on: .popup, isMeant ? .bold : []), clip: line)
            x += 2
        }
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

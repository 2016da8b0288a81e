import Cells
import Events

/// Where the parts of the prompt stand.
struct SteerPromptParts {
    var line, head, places, settings: Rect
    /// Rows that are scrolled out above.
    var firstPlace = 0, firstSetting: Int

    init(_ prompt: SteerPrompt, in interior: Rect) {
        line = interior.splitTop(1).top.inset(horizontal: 1, vertical: 0)
        let isLow = interior.height < SteerPrompt.headRows + min(2, prompt.names.count)
        var room = interior.splitTop(1).rest
        head = room.splitTop(min(room.height, isLow ? 1 : 2)).top
        room = room.splitTop(head.height + (isLow ? 0 : 1)).rest
        places = room.splitTop(0).top
        if let fork = prompt.fork {
            let rows = min(SteerPrompt.placeRows, max(1, room.height / 2))
            places = room.splitTop(rows).top
            firstPlace = Self.first(fork.selected, of: fork.entries.count, rows: places.height)
            room = room.splitTop(rows + (isLow ? 0 : 1)).rest
        }
        settings = room
        firstSetting = Self.first(prompt.selected, of: prompt.names.count, rows: settings.height)
    }

    private static func first(_ selected: Int, of count: Int, rows: Int) -> Int {
        min(max(0, selected - rows + 1), max(0, count - rows))
    }
}

/// Draws the line that steers a run; below it what is wrong with it or what it is for, where to fork, and what can be set.
func drawSteerPrompt(_ prompt: SteerPrompt, _ state: AppState, into buffer: inout CellBuffer, in interior: Rect) {
    guard !interior.isEmpty else { return }
    let parts = SteerPromptParts(prompt, in: interior), head = parts.head
    drawLine(prompt, state, into: &buffer, in: parts.line)
    let hint =
        prompt.isAccepted
        ? "looking for checkpoints …"
        : prompt.goesOn
            ? "goes on from the newest checkpoint, with more epochs or other settings"
            : prompt.fork == nil ? "NAME=VALUE, from the next step on" : "NAME=VALUE to change there, or nothing"
    let text = prompt.message ?? hint
    for (row, words) in TextWrap.lines(text, width: max(1, head.width - 2)).prefix(head.height).enumerated() {
        let style = Style(prompt.message == nil ? .muted : .bad, on: .popup)
        buffer.write(words, x: head.x + 1, y: head.y + row, style, clip: head)
    }
    if let fork = prompt.fork { drawPlaces(fork, parts, into: &buffer) }
    drawSettings(prompt, state, parts, into: &buffer)
}

/// What is typed, and in pale what its end stands for.
private func drawLine(_ prompt: SteerPrompt, _ state: AppState, into buffer: inout CellBuffer, in line: Rect) {
    buffer.fill(line, with: Cell(" ", Style(.fieldText, on: .field)))
    let x = buffer.write(
        prompt.field.window(width: max(1, line.width)).text, x: line.x, y: line.y, Style(.fieldText, on: .field, .bold),
        clip: line)
    guard prompt.names.indices.contains(prompt.selected) else { return }
    let name = prompt.names[prompt.selected], values = state.runs[prompt.run]?.record.hyperparameters ?? [:]
    let ghost: String
    switch SteerText(prompt.field.text, names: prompt.names) {
    case .name(_, let begun) where begun.isEmpty: ghost = prompt.field.isEmpty ? "tab: \(name)" : ""
    case .name(_, let begun):
        let now = values[name].map { " (now \($0))" } ?? ""
        ghost = (name.hasPrefix(begun) ? String(name.dropFirst(begun.count)) : "  → " + name) + now
    case .value(_, let name, let text): ghost = text.isEmpty ? values[name].map { "  now \($0)" } ?? "" : ""
    }
    buffer.write(ghost, x: x + (prompt.field.isEmpty ? 1 : 0), y: line.y, Style(.muted, on: .field), clip: line)
}

/// The places to fork at, the chosen one bright.
private func drawPlaces(_ fork: ForkChoice, _ parts: SteerPromptParts, into buffer: inout CellBuffer) {
    let room = parts.places, top = parts.firstPlace
    guard fork.places != nil else {
        buffer.write("looking for checkpoints …", x: room.x + 1, y: room.y, Style(.muted, on: .popup), clip: room)
        return
    }
    if fork.entries.isEmpty {
        buffer.write("no checkpoint yet", x: room.x + 1, y: room.y, Style(.warning, on: .popup), clip: room)
    }
    let entries = fork.entries
    let width = entries.map { NumberFormat.grouped($0.step).count }.max() ?? 0
    for (row, entry) in entries.enumerated().dropFirst(top).prefix(room.height) {
        let isChosen = row == fork.selected
        let style = Style(isChosen ? .accent : .muted, on: .popup, isChosen ? .bold : [])
        let step = NumberFormat.grouped(entry.step)
        let text =
            (isChosen ? "◆ " : "  ") + "step " + String(repeating: " ", count: width - step.count) + "\(step)  \(entry.text)"
        buffer.write(text, x: room.x + 1, y: room.y + row - top, style, clip: room)
    }
    if entries.count > room.height, room.height > 0 {
        buffer.write(
            "\(fork.selected + 1) of \(entries.count)", endingAt: room.maxX - 1, y: room.y, Style(.muted, on: .popup), clip: room)
    }
}

/// What can be set: its name, what it is now, what it becomes, and what it may be.
private func drawSettings(
    _ prompt: SteerPrompt, _ state: AppState, _ parts: SteerPromptParts, into buffer: inout CellBuffer
) {
    let room = parts.settings, top = parts.firstSetting
    let record = state.runs[prompt.run]?.record
    let algorithm = state.algorithms.first { $0.name == record?.algorithm }
    if prompt.names.isEmpty, let record {
        let text = "nothing of \(record.algorithm) can be set in the middle of a run"
        buffer.write(text, x: room.x + 1, y: room.y, Style(.muted, on: .popup), clip: room)
    }
    let changes = state.typedChanges(prompt)
    let nameWidth = min(room.width / 2, prompt.names.map { TextWidth.of($0) }.max() ?? 0)
    for (row, name) in prompt.names.enumerated().dropFirst(top).prefix(room.height) {
        let isSelected = row == prompt.selected, y = room.y + row - top
        buffer.write(isSelected ? "›" : " ", x: room.x + 1, y: y, Style(.accent, on: .popup, .bold), clip: room)
        let style = Style(isSelected ? .titleFocused : .text, on: .popup, isSelected ? .bold : [])
        buffer.write(name, x: room.x + 3, y: y, style, clip: room)
        let setting = algorithm?.hyperparameters.first { $0.name == name }
        let values = record?.hyperparameters ?? [:], now = setting?.value(in: values) ?? values[name] ?? ""
        let x = room.x + nameWidth + 5
        var next = buffer.write(now.isEmpty ? "·" : now, x: x, y: y, Style(.text, on: .popup), clip: room)
        if let change = changes[name] {
            next = buffer.write(" → " + change, x: next, y: y, Style(.accent, on: .popup, .bold), clip: room)
        }
        guard let setting else { continue }
        let rest = Rect(x: max(x + 14, next + 2), y: y, width: room.maxX - max(x + 14, next + 2) - 1, height: 1)
        if rest.width > 6 { buffer.write(setting.summary, x: rest.x, y: y, Style(.muted, on: .popup), clip: rest) }
    }
}

import Cells
import Events

/// Draws the line that steers a run, and below it what is wrong with it, or what the run's settings are.
func drawSteerPrompt(_ prompt: SteerPrompt, _ state: AppState, into buffer: inout CellBuffer, in interior: Rect) {
    guard !interior.isEmpty else { return }
    let line = interior.splitTop(1).top.inset(horizontal: 1, vertical: 0)
    buffer.fill(line, with: Cell(" ", Style(.fieldText, on: .field)))
    buffer.write(
        prompt.field.window(width: max(1, line.width)).text, x: line.x, y: line.y, Style(.fieldText, on: .field), clip: line)
    var room = interior.splitTop(2).rest
    if let fork = prompt.fork {
        let rows = min(max(1, fork.entries.count), max(1, room.height - 4))
        drawPlaces(fork, into: &buffer, in: room.splitTop(rows).top)
        room = room.splitTop(rows + 1).rest
    }
    let lead =
        prompt.goesOn
        ? "NAME=VALUE to go on with from the newest checkpoint, such as more epochs. Now: "
        : prompt.fork == nil ? "NAME=VALUE, from the next step on. Now: " : "NAME=VALUE to change there, or nothing. Now: "
    let text = prompt.message ?? lead + settings(prompt, state)
    let role: ColorRole = prompt.message == nil ? .muted : .bad
    var lines = TextWrap.lines(text, width: max(1, room.width - 2))
    // That there is more is seen.
    if lines.count > room.height, room.height > 0 {
        lines = Array(lines.prefix(room.height))
        lines[room.height - 1] += " …"
    }
    for (row, words) in lines.enumerated() {
        buffer.write(words, x: room.x + 1, y: room.y + row, Style(role, on: .popup), clip: room)
    }
}

/// The places to fork at, the chosen one bright.
private func drawPlaces(_ fork: ForkChoice, into buffer: inout CellBuffer, in room: Rect) {
    guard fork.places != nil else {
        buffer.write("looking for checkpoints …", x: room.x + 1, y: room.y, Style(.muted, on: .popup), clip: room)
        return
    }
    if fork.entries.isEmpty {
        buffer.write("no checkpoint yet", x: room.x + 1, y: room.y, Style(.warning, on: .popup), clip: room)
    }
    let entries = fork.entries
    let width = entries.map { NumberFormat.grouped($0.step).count }.max() ?? 0
    let top = min(max(0, fork.selected - room.height + 1), max(0, entries.count - room.height))
    for (row, entry) in entries.enumerated().dropFirst(top).prefix(room.height) {
        let isChosen = row == fork.selected
        let style = Style(isChosen ? .accent : .muted, on: .popup, isChosen ? .bold : [])
        let step = NumberFormat.grouped(entry.step)
        let text =
            (isChosen ? "▸ " : "  ") + "step " + String(repeating: " ", count: width - step.count) + "\(step)  \(entry.text)"
        buffer.write(text, x: room.x + 1, y: room.y + row - top, style, clip: room)
    }
}

/// What can be set, as the run has it now.
private func settings(_ prompt: SteerPrompt, _ state: AppState) -> String {
    let record = state.runs[prompt.run]?.record
    let values = record?.hyperparameters ?? [:]
    let algorithm = state.algorithms.first { $0.name == record?.algorithm }
    let isNew = prompt.goesOn || prompt.fork != nil
    let names = (isNew ? [algorithm?.lengthSetting].compactMap { $0 } : []) + (algorithm?.steerable ?? [])
    return names.compactMap { name in values[name].map { "\(name)=\($0)" } }.joined(separator: " ")
}

import Cells
import Events
import StudioState

/// Draws the line that steers a run, and below it what is wrong with it, or what the run's settings are.
func drawSteerPrompt(_ prompt: SteerPrompt, _ state: AppState, into buffer: inout CellBuffer, in interior: Rect) {
    guard !interior.isEmpty else { return }
    let line = interior.splitTop(1).top.inset(horizontal: 1, vertical: 0)
    buffer.fill(line, with: Cell(" ", Style(.fieldText, on: .field)))
    buffer.write(
        prompt.field.window(width: max(1, line.width)).text, x: line.x, y: line.y, Style(.fieldText, on: .field), clip: line)
    let room = interior.splitTop(2).rest
    let text = prompt.message ?? "NAME=VALUE, from the next step on. Now: " + settings(prompt, state)
    let role: ColorRole = prompt.message == nil ? .muted : .bad
    for (row, words) in TextWrap.lines(text, width: max(1, room.width - 2)).prefix(room.height).enumerated() {
        buffer.write(words, x: room.x + 1, y: room.y + row, Style(role, on: .popup), clip: room)
    }
}

/// The settings most often steered, as the run has them now.
private func settings(_ prompt: SteerPrompt, _ state: AppState) -> String {
    let values = state.runs[prompt.run]?.record.hyperparameters ?? [:]
    let names = ["learning_rate", "wd", "l1", "momentum", "dropout", "early_stopping_patience", "early_stopping_tolerance"]
    return names.compactMap { name in values[name].map { "\(name)=\($0)" } }.joined(separator: " ")
}

import Cells

/// Draws one layer with its frame.
func drawLayer(_ layer: any Layer, _ title: String, _ state: AppState, into buffer: inout CellBuffer) {
    let rect = layer.place(on: state.size)
    guard layer.isFramed else { return layer.draw(state, into: &buffer, in: rect) }
    buffer.fill(rect, with: Cell(" ", Style(.text, on: .popup)))
    buffer.frame(rect, Style(.borderFocused, on: .popup))
    let line = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 2, height: 1)
    buffer.write(
        " " + title + " ", x: line.x + 1, y: line.y, Style(.titleFocused, on: .popup, .bold), clip: line)
    layer.draw(state, into: &buffer, in: rect)
}

extension CellBuffer {
    /// The line of a list that is searched by typing.
    mutating func writeSearch(_ field: TextField, in line: Rect) {
        write("/", x: line.x + 1, y: line.y, Style(.key, on: .popup, .bold), clip: line)
        if field.isEmpty {
            write("type to search", x: line.x + 3, y: line.y, Style(.muted, on: .popup), clip: line)
        } else {
            let text = field.window(width: max(1, line.width - 4)).text
            write(text, x: line.x + 3, y: line.y, Style(.text, on: .popup, .bold), clip: line)
        }
    }
}

extension StudioLayout {
    /// The room that popups leave free at the edges of the screen, if it is large.
    static func roomy(_ size: Size) -> Rect {
        Rect(size).inset(horizontal: size.width >= 60 ? 2 : 0, vertical: size.height >= 16 ? 1 : 0)
    }
}

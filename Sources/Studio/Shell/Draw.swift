import Cells

/// Paints the whole frame.
public func draw(_ state: AppState, into buffer: inout CellBuffer) {
    buffer.fill(buffer.bounds, with: Cell(" ", .text))
    let layout = state.layout
    if layout.isTooSmall {
        drawTooSmall(state, into: &buffer)
    } else {
        Header(state, width: layout.header.width).draw(into: &buffer, in: layout.header)
        // What lies behind a screen that covers it is not drawn at all.
        let isCovered = state.screens.contains { $0.covers(state.size) }
        for pane in Pane.allCases where !isCovered {
            guard let rect = layout.panes[pane] else { continue }
            drawPane(pane, state, into: &buffer, in: rect)
        }
        for border in state.heldBorders {
            buffer.restyle(border) { if $0.foreground == .border { $0.foreground = .borderFocused } }
        }
        drawHints(state, into: &buffer, in: layout.hints)
        if state.top?.dimsBehind ?? false { dim(into: &buffer, in: layout.body) }
        let uppermost = state.screens.lastIndex { $0.covers(state.size) } ?? 0
        for screen in state.screens.dropFirst(uppermost) {
            drawLayer(screen, screen.title(state), state, into: &buffer)
        }
        for popup in state.popups { drawLayer(popup, popup.title(state), state, into: &buffer) }
        drawToast(state, into: &buffer, above: layout.hints)
    }
    if state.settings.glyphs == .ascii { buffer.replaceWithASCII() }
}

extension AppState {
    /// Where the terminal's own cursor belongs: in the text field being edited; nil hides it.
    public func cursorPosition() -> (x: Int, y: Int)? {
        let layout = layout
        guard !layout.isTooSmall else { return nil }
        let place: (x: Int, y: Int)?
        if let top {
            place = top.cursor(in: top.place(on: size))
        } else if focusedFilter.isEditing, let rect = layout.panes[focus] {
            place = PaneTitle(focus, self, width: rect.width).cursor.map { (rect.x + $0, rect.y) }
        } else {
            place = nil
        }
        guard let place, Rect(size).contains(x: place.x, y: place.y) else { return nil }
        return place
    }
}

/// What the screen needs and what it has, in as few words as fit.
private func drawTooSmall(_ state: AppState, into buffer: inout CellBuffer) {
    let needed = StudioLayout.minimum, size = buffer.size
    let lines = [
        "descent needs", "\(needed.width)×\(needed.height) cells,", "this screen has", "\(size.width)×\(size.height)",
    ]
    let short = "\(needed.width)×\(needed.height)"
    if size.width >= 15, size.height >= lines.count {
        let top = (size.height - lines.count) / 2
        for (row, line) in lines.enumerated() {
            let role: ColorRole = row == 1 ? .good : row == 3 ? .bad : .muted
            buffer.write(line, x: (size.width - TextWidth.of(line)) / 2, y: top + row, Style(role))
        }
    } else {
        buffer.write("needs \(short), has \(size.width)×\(size.height)", x: 0, y: size.height / 2, Style(.warning))
    }
}

/// Takes the colours from what lies behind.
private func dim(into buffer: inout CellBuffer, in body: Rect) {
    buffer.restyle(body) { style in
        let isLine = style.foreground == .faint || style.foreground == .border || style.foreground == .borderFocused
        style = Style(isLine ? .faint : .muted, on: style.background == .selection ? .background : style.background)
    }
}

private func drawToast(_ state: AppState, into buffer: inout CellBuffer, above hints: Rect) {
    guard let toast = state.toast else { return }
    let text = " " + toast.text + " "
    let width = min(TextWidth.of(text), hints.width - 2)
    let x = hints.maxX - 1 - width
    let style = Style(toast.role == .text ? .fieldText : toast.role, on: .field, .bold)
    buffer.write(text, x: x, y: hints.y - 1, style, clip: Rect(x: x, y: hints.y - 1, width: width, height: 1))
}

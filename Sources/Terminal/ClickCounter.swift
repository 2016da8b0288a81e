import Cells

/// Tells double clicks from single ones: terminals report every press alike.
struct ClickCounter {
    /// How long after a press another one counts on.
    /// - Units: milliseconds.
    static let patience = 400

    private var last: (press: MouseEvent, time: Int)?

    /// The event, with how many presses of this button there were at its cell.
    /// - Parameter time: milliseconds of a clock that never steps.
    mutating func count(_ event: InputEvent, at time: Int) -> InputEvent {
        guard case .mouse(var mouse) = event else {
            // A key between two clicks keeps them apart.
            if case .key = event { last = nil }
            return event
        }
        guard mouse.kind == .press else {
            if mouse.kind != .release { last = nil }
            return event
        }
        if let last, time - last.time <= Self.patience, last.press.button == mouse.button, last.press.x == mouse.x,
            last.press.y == mouse.y, last.press.modifiers == mouse.modifiers
        {
            // The third press of a row begins anew: it is no double click again.
            mouse.clicks = last.press.clicks % 2 + 1
        }
        last = (mouse, time)
        return .mouse(mouse)
    }
}

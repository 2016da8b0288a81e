import Cells
import Events
import StudioState

/// The bar at the top: where one is, what runs, what is wrong, and how hard the machine works.
func drawHeader(_ state: AppState, into buffer: inout CellBuffer, in rect: Rect) {
    buffer.fill(rect, with: Cell(" ", Style(.barText, on: .bar)))
    var x = buffer.write(" descent ", x: rect.x, y: rect.y, Style(.accent, on: .bar, .bold), clip: rect)
    x = buffer.write(" " + state.workspaceName, x: x, y: rect.y, Style(.barText, on: .bar), clip: rect)
    var end = rect.maxX - 1
    // From the most important to the least; what does not fit is left out.
    for part in headerParts(state) {
        let width = TextWidth.of(part.text)
        guard end - width > x + 2 else { break }
        buffer.write(part.text, x: end - width, y: rect.y, Style(part.role, on: .bar, part.attributes), clip: rect)
        end -= width + 3
    }
}

private func headerParts(_ state: AppState) -> [TextLine.Part] {
    var parts: [TextLine.Part] = []
    func add(_ text: String, _ role: ColorRole = .barText, _ attributes: Style.Attributes = []) {
        parts.append(TextLine.Part(text: text, role: role, attributes: attributes))
    }
    let running = state.runs.count(.inProgress), queued = state.runs.count(.pending), paused = state.runs.count(.paused)
    let alerts = state.alerts.rows.count
    add(NumberFormat.clock(state.now, utcOffsetSeconds: state.utcOffsetSeconds, showsSeconds: false))
    add("\(running) running", running > 0 ? .info : .barText, running > 0 ? .bold : [])
    if alerts > 0 { add("▲ \(alerts) alert\(alerts == 1 ? "" : "s")", .bad, .bold) }
    if queued > 0 { add("\(queued) queued") }
    if paused > 0 { add("\(paused) paused", .warning) }
    if running > 0, state.runs.rowsPerSecond > 0 { add(NumberFormat.compact(state.runs.rowsPerSecond) + " rows/s") }
    if let cpu = state.system.cpuPercents.last {
        let scaled = state.system.cpuPercents.map { max($0, 1) }
        // Two invisible ends hold the scale at 0 to 100 % a core.
        let bars = Sparkline.text(values: [0, max(100, scaled.max() ?? 0)] + scaled, width: scaled.count + 2).dropFirst(2)
        add("cpu \(bars) \(NumberFormat.fixed(cpu, decimals: 0)) %")
    }
    if state.system.residentBytes > 0 { add(NumberFormat.bytes(state.system.residentBytes)) }
    return parts
}

/// The bar at the bottom: keys that work here.
func drawHints(_ state: AppState, into buffer: inout CellBuffer, in rect: Rect) {
    buffer.fill(rect, with: Cell(" ", Style(.barText, on: .bar)))
    let (hints, isCut) = HintBar.hints(state)
    var end = rect.x + 1
    for hint in hints {
        let x = buffer.write(hint.key, x: hint.x, y: rect.y, Style(.key, on: .bar, .bold), clip: rect)
        end = buffer.write(" " + hint.text, x: x, y: rect.y, Style(.barText, on: .bar), clip: rect)
    }
    if isCut { buffer.write("…", x: min(end + 1, rect.maxX - 1), y: rect.y, Style(.muted, on: .bar), clip: rect) }
}

import Cells
import Events

/// The bar at the top: where one is, what runs, what is wrong, and how hard the machine works.
struct Header {
    private let crumbs: Breadcrumb
    /// What stands at the right, and where.
    private var parts: [(part: HeaderPart, x: Int)] = []
    private static let name = " descent "

    init(_ state: AppState, width: Int) {
        crumbs = Breadcrumb(state, x: Breadcrumb.start, width: width)
        // The most important get room first; those that do stand in their usual order.
        var room = width - 1 - crumbs.end - 2
        let shown = headerParts(state).sorted { $0.rank < $1.rank }.filter { part in
            let width = TextWidth.of(part.text) + 3
            guard width <= room else { return false }
            room -= width
            return true
        }
        var end = width - 1
        for part in shown.sorted(by: { $0.place > $1.place }) {
            end -= TextWidth.of(part.text)
            parts.append((part, end))
            end -= 3
        }
    }

    func draw(into buffer: inout CellBuffer, in rect: Rect) {
        buffer.fill(rect, with: Cell(" ", Style(.barText, on: .bar)))
        buffer.write(Self.name, x: rect.x, y: rect.y, Style(.accent, on: .bar, .bold), clip: rect)
        crumbs.draw(into: &buffer, in: rect)
        for (part, x) in parts {
            buffer.write(part.text, x: x, y: rect.y, Style(part.role, on: .bar, part.attributes), clip: rect)
        }
    }

    /// The pane that has what is counted at a column.
    func pane(atX x: Int) -> Pane? { parts.first { $0.x <= x && x < $0.x + TextWidth.of($0.part.text) }?.part.pane }
}

/// A part of the header: where it stands among the others, and how much it matters when room is short.
private struct HeaderPart {
    var place: Int
    var rank: Int
    var text: String
    var role = ColorRole.barText
    var attributes: Style.Attributes = []
    /// Where a click on it leads.
    var pane: Pane?
}

private func headerParts(_ state: AppState) -> [HeaderPart] {
    let running = state.runs.count(.inProgress), queued = state.runs.count(.pending), paused = state.runs.count(.paused)
    let alerts = state.alerts.openCount
    let clock = NumberFormat.clock(state.now, utcOffsetSeconds: state.utcOffsetSeconds, showsSeconds: false)
    var parts = [
        HeaderPart(place: 7, rank: 0, text: clock),
        HeaderPart(
            place: 0, rank: 1, text: "\(running) running", role: running > 0 ? .info : .barText,
            attributes: running > 0 ? .bold : [], pane: .experiments),
    ]
    if state.isWaitingToQuit {
        parts.append(HeaderPart(place: -1, rank: 1, text: "quits when done", role: .warning, attributes: .bold))
    }
    if let problem = state.recordingProblem {
        parts.append(HeaderPart(place: -2, rank: -1, text: "not recorded: \(problem.words)", role: .bad, attributes: .bold))
    }
    if let problem = state.placeProblem {
        parts.append(HeaderPart(place: -3, rank: -1, text: problem, role: .bad, attributes: .bold))
    }
    if state.strandedJobs > 0 {
        parts.append(
            HeaderPart(
                place: 1, rank: 2, text: "\(state.strandedJobs) wait, no host (H)", role: .warning, attributes: .bold,
                pane: .experiments))
    } else if state.queue.hasHost {
        parts.append(HeaderPart(place: 1, rank: 4, text: queued > 0 ? "host, \(queued) queued" : "host", pane: .experiments))
    } else if queued > 0 {
        parts.append(HeaderPart(place: 1, rank: 3, text: "\(queued) queued", pane: .experiments))
    }
    if paused > 0 { parts.append(HeaderPart(place: 2, rank: 4, text: "\(paused) paused", role: .warning, pane: .experiments)) }
    if alerts > 0 {
        let text = "▲ \(alerts) alert\(alerts == 1 ? "" : "s")"
        parts.append(HeaderPart(place: 3, rank: 2, text: text, role: .bad, attributes: .bold, pane: .alerts))
    }
    if let cpu = state.system.cpuPercents.last { parts.append(HeaderPart(place: 4, rank: 6, text: cpuText(cpu, state.system))) }
    if running > 0, state.runs.rowsPerSecond > 0 {
        parts.append(HeaderPart(place: 5, rank: 5, text: NumberFormat.compact(state.runs.rowsPerSecond) + " rows/s"))
    }
    if state.system.residentBytes > 0 {
        parts.append(HeaderPart(place: 6, rank: 7, text: "mem " + NumberFormat.bytes(state.system.residentBytes)))
    }
    return parts
}

private func cpuText(_ cpu: Double, _ system: SystemLoad) -> String {
    let loads = system.cpuPercents.map { max($0, 1) }
    // Two values that are not shown hold the scale at 0 to 100 % of a core.
    let bars = Sparkline.text(values: [0, max(100, loads.max() ?? 0)] + loads, width: loads.count + 2).dropFirst(2)
    return "cpu \(bars) \(NumberFormat.fixed(cpu, decimals: 0)) %"
}

/// The bar at the bottom: keys that work here.
func drawHints(_ state: AppState, into buffer: inout CellBuffer, in rect: Rect) {
    buffer.fill(rect, with: Cell(" ", Style(.barText, on: .bar)))
    let (hints, cutAt) = HintBar.hints(state)
    for hint in hints {
        let x = buffer.write(hint.key, x: hint.x, y: rect.y, Style(.key, on: .bar, .bold), clip: rect)
        buffer.write(" " + hint.text, x: x, y: rect.y, Style(.barText, on: .bar), clip: rect)
    }
    if let cutAt { buffer.write("…", x: cutAt, y: rect.y, Style(.barText, on: .bar), clip: rect) }
}

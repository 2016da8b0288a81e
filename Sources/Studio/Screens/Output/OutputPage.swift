import Cells
import Events
import PrintableText

/// What a script writes, followed as it comes.
package struct OutputPage: ScreenOfRun {
    package let run: RunID
    package var reading = Reading()
    package private(set) var text = OutputText()
    /// Whether the newest line stays in view.
    package private(set) var follows = true
    /// Columns scrolled away.
    package private(set) var left = 0
    private var isRead = false

    init(_ run: RunID) { self.run = run }

    package var contexts: [KeyContext] { [.output] }
    package var wheel: (up: StudioAction, down: StudioAction)? { (.outputUp, .outputDown) }

    package func title(_ state: AppState) -> String {
        "\(state.runs.letter(of: run)) \(state.runs[run]?.record.name ?? run.text): output"
    }

    package func document(_ state: AppState, width: Int) -> Document { Document() }

    // MARK: - What it asks

    var outputQuery: ReadOutput { ReadOutput(run: run, after: text.end) }
    package func query(_ state: AppState) -> (any StudioQuery)? { outputQuery }

    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool {
        loaded.contains(run) || events.contains { $0.run == run }
    }

    /// Takes in what was written since.
    mutating func take(_ piece: OutputText.Piece, _ state: AppState) {
        isRead = true
        text.take(piece)
        if follows, state.pageSearch == nil { reading.top = lastTop(rows(state).height) }
    }

    // MARK: - What it shows

    private func rows(_ state: AppState) -> Rect { inside(place(on: state.size)).rows }

    private func inside(_ place: Rect) -> (head: Rect, rows: Rect) {
        let (head, rows) = StudioLayout.interior(place).splitTop(1)
        return (head, rows)
    }

    private func lastTop(_ height: Int) -> Int { max(0, text.count - height) }

    package func hits(of wanted: String, _ state: AppState) -> [Int] { text.lines(with: wanted) }

    package func draw(_ state: AppState, into buffer: inout CellBuffer, in place: Rect) {
        let (head, rows) = inside(place)
        let isOn = state.runs[run]?.status.isFinal == false
        var line = TextLine(" \(NumberFormat.grouped(text.count)) \(text.count == 1 ? "line" : "lines")", .muted)
        line.add(isOn ? follows ? "   FOLLOW" : "   FROZEN" : "   it has ended", isOn && follows ? .good : .muted)
        if left > 0 { line.add("   from column \(left + 1)", .muted) }
        buffer.write(line, x: head.x, y: head.y, on: .popup, clip: head)
        let top = min(max(0, reading.top), lastTop(rows.height))
        if text.count == 0 {
            buffer.write(
                TextLine(isRead ? "It has written nothing yet." : "reading…", .muted), x: rows.x + 1, y: rows.y, on: .popup,
                clip: rows)
        }
        for row in 0..<max(0, min(rows.height, text.count - top)) {
            let shown = text.line(top + row).replacing("\t", with: "    ").printable.dropFirst(left)
            buffer.write(
                TextLine(String(shown.prefix(rows.width)), Self.role(of: shown)), x: rows.x + 1, y: rows.y + row, on: .popup,
                clip: rows)
            if TextWidth.of(String(shown.prefix(rows.width))) >= rows.width {
                buffer.write(TextLine("›", .accent, .bold), x: rows.maxX - 1, y: rows.y + row, on: .popup, clip: rows)
            }
        }
        if let search = state.pageSearch { buffer.markHits(of: search.text, in: rows) }
        buffer.scrollbar(place, top: top, shown: rows.height, count: text.count, Style(.borderFocused, on: .popup))
    }

    /// Lines that say that something is wrong stand out.
    private static func role(of line: some StringProtocol) -> ColorRole {
        let start = line.prefix(200)
        if start.contains("Error") || start.contains("ERROR") || start.hasPrefix("Traceback") { return .bad }
        return start.contains("Warning") || start.contains("WARNING") ? .warning : .text
    }

    // MARK: - Going about

    mutating func perform(_ action: StudioAction, _ state: AppState) {
        let height = max(1, rows(state).height)
        switch action {
        case .outputDown: reading.top += 1
        case .outputUp: reading.top -= 1
        case .outputPageDown: reading.top += max(1, height - 1)
        case .outputPageUp: reading.top -= max(1, height - 1)
        case .outputHalfDown: reading.top += max(1, height / 2)
        case .outputHalfUp: reading.top -= max(1, height / 2)
        case .outputStart: reading.top = 0
        case .outputEnd: reading.top = .max
        case .outputRight: left += 16
        case .outputLeft: left = max(0, left - 16)
        case .outputFollow: if !follows { reading.top = .max }
        default: break
        }
        let last = lastTop(height)
        let wasFollowing = follows
        reading.top = min(max(0, reading.top), last)
        if action != .outputLeft, action != .outputRight {
            follows = action == .outputFollow ? !wasFollowing : reading.top >= last
        }
    }
}

extension AppState {
    /// Asks for what came since, where a script's output is open.
    mutating func lookAtOutput() -> [Effect] {
        guard let page = screens.last as? OutputPage else { return [] }
        return ask(page.outputQuery)
    }

    /// Whether a script's output is open that may still grow.
    var followsOutput: Bool { (screens.last as? OutputPage).map { runs[$0.run]?.status.isFinal == false } ?? false }
}

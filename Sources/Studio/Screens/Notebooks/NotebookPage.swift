import Cells
import Events
import Notebooks
import PrintableText

/// A notebook, to read: what it says, its code, what that gave.
package struct NotebookPage: Screen {
    /// From the studio's folder.
    package let path: String
    /// nil until it is read.
    package private(set) var notebook: Notebook?
    package private(set) var changedAt: Double?
    private var pictures = NotebookPictures()
    /// From the root; nil until it is read.
    package private(set) var wholePath: String?
    private var fault: String?
    /// Whether outputs are shown whole.
    package private(set) var isWhole = false
    package var reading = Reading()

    package init(_ path: String) { self.path = path }

    package var contexts: [KeyContext] { [.notebook, .detail] }

    package func title(_ state: AppState) -> String { path }

    package func crumb(_ state: AppState) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    package var sectionsRefusal: String? { notebook == nil ? "the notebook is being read" : nil }

    package func query(_ state: AppState) -> (any StudioQuery)? { ReadNotebook(path, known: changedAt) }

    mutating func take(_ found: ReadNotebook.Content) {
        (notebook, changedAt, fault) = (found.notebook, found.changedAt, nil)
        (pictures, wholePath) = (found.pictures, found.wholePath)
    }

    mutating func take(fault message: String) { fault = message }

    mutating func showWhole() { isWhole.toggle() }

    /// While anything runs, the file may change; it is read only where it did.
    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool {
        events.contains { event in
            switch event.kind {
            case .job, .sample(.systemSampled): true
            default: false
            }
        }
    }

    /// Lines of an output that is shown whole.
    private static let mostLines = 10_000

    package func document(_ state: AppState, width: Int) -> Document {
        let standing = state.kernels[path]
        guard let notebook = standing?.notebook ?? notebook else {
            return Document([TextLine(fault ?? "reading …", fault == nil ? .muted : .bad)])
        }
        var text = NotebookText(width: max(20, width - 6))
        if isWhole { text.mostOutputLines = Self.mostLines }
        var document = Document()
        document.head = [head(notebook)] + (standing.map { [Self.line(of: $0)] } ?? [])
        if let line = trained(state) { document.head.append(line) }
        let pictures = standing?.pictures ?? pictures, room = max(4, min(width - Self.gutter - 2, isWhole ? .max : 100))
        // Its headings are the parts that one goes to.
        var name = "", blocks: [Document.Block] = []
        for (place, cell) in notebook.cells.enumerated() {
            if let heading = cell.heading {
                if !blocks.isEmpty { document.add(name, blocks) }
                (name, blocks) = (heading, [])
            } else if !blocks.isEmpty {
                blocks.append(.text([TextLine()]))
            }
            blocks.append(.cell(place, source(of: cell, text, KernelMark(place, standing))))
            guard cell.kind == .code else { continue }
            for output in cell.outputs {
                var picture: PictureCells?, file: PictureFile?
                if case .data(let data, _) = output, let found = pictures[data] {
                    picture = PictureCells(
                        found, width: room, height: isWhole ? .max : 24, glyphs: state.settings.glyphs,
                        isColorless: state.isColorless)
                    file = pictures.file(of: data)
                }
                if let picture { blocks.append(.picture(picture, file, indent: Self.gutter)) }
                let lines = text.lines(of: output, drawn: picture != nil).map {
                    line($0, TextLine("│ ", .faint, indent: Self.gutter - 2))
                }
                if !lines.isEmpty { blocks.append(.text(lines)) }
            }
        }
        if !blocks.isEmpty { document.add(name, blocks) }
        return document
    }

    // MARK: - The cell under the cursor

    /// The cell of code under the cursor, or the first one below it, also where outputs pushed it out of view; without a cursor the first
    /// one in view.
    func chosenCell(_ state: AppState) -> Int? {
        let placed = placed(state)
        guard let notebook = state.kernels[path]?.notebook ?? notebook,
            let first = placed.layout.stop(like: reading.stop)?.cell
                ?? placed.layout.stops.first(where: { $0.line >= placed.top })?.cell
        else { return nil }
        return notebook.cells.indices.first { $0 >= first && notebook.cells[$0].isRun }
    }

    /// Puts the cursor on the next cell of code, and brings it into view.
    mutating func goToCell(after cell: Int, _ state: AppState) {
        layOut(state)
        guard let notebook = state.kernels[path]?.notebook ?? notebook else { return }
        let next = notebook.cells.indices.first { $0 > cell && notebook.cells[$0].isRun } ?? cell
        let placed = placed(state)
        guard let stop = placed.layout.stops.first(where: { $0.cell == next }) else { return }
        reading.stop = stop
        let height = placed.rows.height
        guard !(placed.top..<placed.top + height).contains(stop.line) else { return }
        reading.top = min(max(0, stop.line - height / 3), placed.layout.lastTop(height: height))
    }

    // MARK: - What grows

    /// Whether the last line of what a cell gave is in view.
    func seesEnd(of cell: Int?, _ state: AppState) -> Bool {
        guard let cell else { return false }
        let placed = placed(state)
        guard let end = placed.layout.end(ofCell: cell) else { return false }
        return (placed.top..<placed.top + placed.rows.height).contains(end)
    }

    /// Brings the last line of what a cell gave into view, if it is not.
    mutating func bringEnd(of cell: Int?, _ state: AppState) {
        layOut(state)
        let placed = placed(state), height = placed.rows.height
        guard let cell, let end = placed.layout.end(ofCell: cell), !(placed.top..<placed.top + height).contains(end) else {
            return
        }
        reading.top = min(max(0, end - height + 1), placed.layout.lastTop(height: height))
    }

    package func draw(_ state: AppState, into buffer: inout CellBuffer, in place: Rect) {
        drawDocument(state, into: &buffer, in: place)
        let placed = placed(state), rows = placed.rows
        guard let cell = state.kernels[path]?.cell, let end = placed.layout.end(ofCell: cell), end >= placed.top + rows.height
        else { return }
        let mark = " ▼ cell \(cell + 1) goes on below: f follows it ", width = TextWidth.of(mark)
        guard width < rows.width, rows.height > 1 else { return }
        buffer.write(
            TextLine(mark, .accent, [.bold, .reverse]), x: rows.maxX - width - 1, y: rows.maxY - 1, on: .popup, clip: rows)
    }

    /// Columns left of code, where the number of its execution stands.
    private static let gutter = 6

    /// What a cell says, or its code.
    private func source(of cell: NotebookCell, _ text: NotebookText, _ mark: KernelMark?) -> [TextLine] {
        var source = cell
        source.outputs = []
        guard cell.kind == .code else { return text.lines(of: source).map { line($0, TextLine()) } }
        let count = "[\(cell.executionCount.map { "\($0)" } ?? " ")]"
        var first = TextLine(String(repeating: " ", count: max(0, Self.gutter - 1 - count.count)) + count + " ", .muted)
        if let mark {
            first = TextLine(String(repeating: " ", count: Self.gutter - 4) + mark.text + " ", mark.role, .bold)
        } else if cell.hasError {
            first = TextLine("✖" + first.parts[0].text.dropFirst(), .bad)
        }
        return text.lines(of: source).enumerated().map { line($1, $0 == 0 ? first : TextLine(indent: Self.gutter)) }
    }

    /// The runs that it trained, the newest first.
    func runs(_ state: AppState) -> [RunRecord] {
        guard let wholePath else { return [] }
        return state.runs.entries.values.lazy.map(\.summary)
            .filter { $0.record.request.notebook == wholePath && !$0.isDeleted && $0.record.place == nil }
            .map(\.record).sorted { ($1.createdAt, $1.id) < ($0.createdAt, $0.id) }
    }

    private static let mostRuns = 4

    private func trained(_ state: AppState) -> TextLine? {
        let runs = runs(state)
        guard !runs.isEmpty else { return nil }
        var line = TextLine("trained", .muted)
        for run in runs.prefix(Self.mostRuns) {
            line.add("  ")
            line.add(run.name, .accent, .underline, link: .run(run.id))
        }
        if runs.count > Self.mostRuns { line.add("  and \(runs.count - Self.mostRuns) more (')", .muted) }
        return line
    }

    /// How the kernel stands.
    private static func line(of standing: KernelStanding) -> TextLine {
        var line: TextLine
        switch standing.activity {
        case .starting: line = TextLine("◌ the kernel starts …", .muted)
        case .idle: line = TextLine("● kernel", .good, .bold)
        case .running(let cell, let seconds):
            line = TextLine("▶ cell \(cell + 1) runs", .accent, .bold)
            if seconds > 0 { line.add(" for \(NumberFormat.duration(Double(seconds)))", .muted) }
        case .asking(let cell, _):
            line = TextLine("? cell \(cell + 1) asks", .warning, .bold)
            line.add(": enter answers it", .muted)
        case .interrupting(let cell): line = TextLine("■ cell \(cell + 1) is being interrupted", .warning, .bold)
        case .ended(let message):
            line = TextLine("✖ \(message.printable)", .bad, .bold)
            line.add("   R begins anew", .muted)
        }
        if !standing.waiting.isEmpty { line.add("   \(standing.waiting.count) wait", .muted) }
        if standing.hardware != KernelHardware() { line.add("   \(standing.hardware.words)", .muted) }
        if !standing.remark.isEmpty { line.add("   \(standing.remark.printable)", .warning) }
        return line
    }

    private func head(_ notebook: Notebook) -> TextLine {
        let code = notebook.cells.filter { $0.kind == .code }, run = code.count { $0.executionCount != nil }
        let errors = notebook.cells.count(where: \.hasError)
        var line = TextLine("\(notebook.language), \(code.count) cells of code, \(run) run", .muted)
        if errors > 0 { line.add("   ✖ \(errors) raised an error", .bad) }
        if let fault { line.add("   \(fault)", .bad) }
        return line
    }

    private func line(_ line: NotebookLine, _ beginning: TextLine) -> TextLine {
        var text = beginning
        for part in line.parts { text.add(part.text, part.role.color, part.role.attributes) }
        return text
    }
}

/// What a cell has in place of its number while its kernel has to do with it.
private struct KernelMark {
    var text: String
    var role: ColorRole

    init?(_ cell: Int, _ standing: KernelStanding?) {
        guard let standing, !standing.hasEnded else { return nil }
        if standing.cell == cell {
            (text, role) = ("[▶]", .accent)
        } else if standing.waiting.contains(cell) {
            (text, role) = ("[…]", .muted)
        } else {
            return nil
        }
    }
}

extension NotebookCell {
    package var hasError: Bool {
        outputs.contains { if case .error = $0 { true } else { false } }
    }
}

extension NotebookLine.Role {
    fileprivate var color: ColorRole {
        switch self {
        case .title: .title
        case .text, .code, .output: .text
        case .strong, .keyword: .accent
        case .literal: .good
        case .comment, .muted: .muted
        case .error: .bad
        }
    }

    fileprivate var attributes: Style.Attributes {
        switch self {
        case .title, .strong, .keyword: .bold
        default: []
        }
    }
}

import Cells
import Events

/// A screen over the home screen: a document to read, with keys of its own.
///
/// A screen is a folder: its state (which holds what its queries found), its document, its keys with their handlers and refusals, and
/// its queries. The shell keeps the stack of them. What is large and shared (runs, curves) is not the screen's own but in
/// `AppState`, and only the screen on top has its document made.
package protocol Screen: Layer {
    /// How far it is scrolled.
    var reading: Reading { get set }
    /// Rows at the top that are its own, above the document's head, where its inside is so many rows high.
    func ownRows(height: Int) -> Int
    func drawOwnRows(into buffer: inout CellBuffer, in rect: Rect)
    /// A click on its own rows.
    func clickOwnRows(atX x: Int, width: Int, _ state: inout AppState)

    /// Why one cannot go from section to section; nil when one can.
    var sectionsRefusal: String? { get }

    /// What it says at a width.
    func document(_ state: AppState, width: Int) -> Document
    /// Columns of a wide table that are scrolled away.
    var hiddenColumns: Int { get set }

    /// The runs whose curves it draws beside each other, as the Curves pane does; nil when it draws none of them.
    var shownRuns: [RunID]? { get }
    /// Other curves that it draws.
    func curves(_ state: AppState) -> [SeriesLibrary.Key]
    /// What to ask after something happened, or after runs were read anew; nil when that does not bear on it.
    func question(after events: [StudioEvent], loaded: Set<RunID>, _ state: AppState) -> (any StudioQuery)?
    /// Queries whose answers nobody wants when it is left.
    var slots: [QuerySlot] { get }
}

extension Screen {
    package var contexts: [KeyContext] { [.detail] }
    package var wheel: (up: StudioAction, down: StudioAction)? { (.detailUp, .detailDown) }

    /// All but the bars at the top and the bottom.
    package func place(on screen: Size) -> Rect { Rect(screen).inset(horizontal: 0, vertical: screen.height >= 8 ? 1 : 0) }

    package func ownRows(height: Int) -> Int { 0 }
    package func drawOwnRows(into buffer: inout CellBuffer, in rect: Rect) {}
    package func clickOwnRows(atX x: Int, width: Int, _ state: inout AppState) {}
    package var sectionsRefusal: String? { "this page has no parts" }
    package var hiddenColumns: Int {
        get { 0 }
        set {}
    }
    package var shownRuns: [RunID]? { nil }
    package func curves(_ state: AppState) -> [SeriesLibrary.Key] { [] }
    package func question(
        after events: [StudioEvent], loaded: Set<RunID>, _ state: AppState
    ) -> (any StudioQuery)? { nil }
    package var slots: [QuerySlot] { [] }

    package func dismiss(_ state: inout AppState) -> [Effect] { slots.flatMap { state.cancel($0) } }

    /// Whether the home screen cannot be seen behind it.
    func covers(_ screen: Size) -> Bool { place(on: screen).width == screen.width }
}

/// Where one reads: how far the document is scrolled, and how it was last laid out.
package struct Reading: Sendable {
    /// What a layout depends on.
    struct Key: Hashable, Sendable {
        var size: Size
        /// Counts what may have changed a document.
        var revision: Int
    }

    package var top = 0
    fileprivate var key: Key?
    fileprivate var layout: DocumentLayout?

    package init() {}
}

/// A screen's document in its place.
struct PlacedDocument {
    var layout: DocumentLayout
    /// The lines that stay.
    var head: Rect
    /// The lines that scroll, from line `top` on.
    var rows: Rect
    var top: Int
}

extension Screen {
    /// The document laid out for the screen's size; as it was, where nothing happened since.
    func layout(_ state: AppState) -> DocumentLayout {
        if reading.key == state.readingKey, let layout = reading.layout { return layout }
        return DocumentLayout(document(state, width: StudioLayout.interior(place(on: state.size)).width))
    }

    /// Keeps the layout for as long as nothing happens.
    mutating func layOut(_ state: AppState) {
        guard reading.key != state.readingKey else { return }
        reading.layout = layout(state)
        reading.key = state.readingKey
    }

    func placed(_ state: AppState) -> PlacedDocument {
        let layout = layout(state)
        let interior = StudioLayout.interior(place(on: state.size))
        // On the last few rows what scrolls counts for more.
        let names = !layout.sections.isEmpty && interior.height >= 8 ? 1 : 0
        let (own, rest) = interior.splitTop(max(names, ownRows(height: interior.height)))
        let (head, rows) = rest.splitTop(rest.height > layout.head.count + 1 ? layout.head.count : 0)
        return PlacedDocument(
            layout: layout, head: Rect(x: own.x, y: own.y, width: own.width, height: own.height + head.height), rows: rows,
            top: min(max(0, reading.top), layout.lastTop(height: rows.height)))
    }

    package func draw(_ state: AppState, into buffer: inout CellBuffer, in place: Rect) {
        let placed = placed(state), text = placed.layout, head = placed.head
        if !text.sections.isEmpty, head.height > text.head.count {
            text.drawLabels(current: text.section(atTop: placed.top), into: &buffer, in: head)
        }
        drawOwnRows(into: &buffer, in: head)
        for (row, line) in text.head.enumerated() where row < head.height {
            buffer.write(line, x: head.x + 1, y: head.maxY - text.head.count + row, on: .popup, clip: head)
        }
        text.draw(into: &buffer, in: placed.rows, top: placed.top)
        buffer.scrollbar(
            place, top: placed.top, shown: placed.rows.height, count: text.lines.count, Style(.borderFocused, on: .popup))
    }

    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] {
        let placed = placed(state), head = placed.head
        let line = head.inset(horizontal: 1, vertical: 0), x = mouse.x - line.x
        guard head.contains(x: mouse.x, y: mouse.y), mouse.y == head.y else { return [] }
        if placed.layout.sections.isEmpty {
            clickOwnRows(atX: x, width: line.width, &state)
            return []
        }
        let labels = placed.layout.labels(current: placed.layout.section(atTop: placed.top), width: line.width)
        if let label = labels.first(where: { $0.x <= x && x < $0.x + TextWidth.of($0.name) }) {
            _ = state.changeTop(Self.self) { page, _ in page.reading.top = placed.layout.sections[label.section].line }
        }
        return []
    }

    /// Scrolls as a key of the document says.
    mutating func scroll(_ action: StudioAction, _ state: AppState) {
        layOut(state)
        let placed = placed(state), text = placed.layout, rows = placed.rows
        var top = placed.top
        switch action {
        case .detailDown: top += 1
        case .detailUp: top -= 1
        case .detailPageDown: top += max(1, rows.height - 1)
        case .detailPageUp: top -= max(1, rows.height - 1)
        case .detailStart: top = 0
        case .detailEnd: top = text.lines.count - rows.height
        case .nextSection: top = text.sections.first { $0.line > top }?.line ?? top
        case .previousSection: top = text.sections.last { $0.line < top }?.line ?? 0
        default: break
        }
        reading.top = min(max(0, top), text.lastTop(height: rows.height))
        hiddenColumns = min(max(0, hiddenColumns), text.hiddenColumns)
    }
}

extension AppState {
    /// What the layout of a document depends on.
    var readingKey: Reading.Key { Reading.Key(size: size, revision: revision) }

    /// Lays out what is about to be drawn, so that drawing it again costs nothing while nothing happens.
    public mutating func layOut() {
        guard !screens.isEmpty else { return }
        var screen = screens.removeLast()
        screen.layOut(self)
        screens.append(screen)
    }

    mutating func performDocument(_ action: StudioAction) -> [Effect] {
        guard popups.isEmpty, !screens.isEmpty else { return [] }
        var screen = screens.removeLast()
        screen.scroll(action, self)
        screens.append(screen)
        return []
    }

    /// Has screens ask anew about what they show.
    mutating func askForScreens(after events: [StudioEvent] = [], loaded: Set<RunID> = []) -> [Effect] {
        screens.compactMap { $0.question(after: events, loaded: loaded, self) }.flatMap { ask($0) }
    }
}

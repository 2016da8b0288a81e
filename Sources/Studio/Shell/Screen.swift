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
    /// What it is called on the way to it, in the header.
    func crumb(_ state: AppState) -> String
    /// Rows at the top that are its own, above the document's head, where its inside is so many rows high.
    func ownRows(height: Int) -> Int
    func drawOwnRows(into buffer: inout CellBuffer, in rect: Rect)
    /// A click on its own rows.
    func clickOwnRows(atX x: Int, width: Int, _ state: inout AppState)

    /// Why one cannot go from section to section; nil when one can.
    var sectionsRefusal: String? { get }

    /// What became of what it is about since it was opened, and is no more as the page says: at its top, each a sentence.
    func notices(_ state: AppState) -> [String]
    /// What it says at a width.
    func document(_ state: AppState, width: Int) -> Document
    /// Columns of a wide table that are scrolled away.
    var hiddenColumns: Int { get set }

    /// The lines that have a text, counted from its first.
    func hits(of text: String, _ state: AppState) -> [Int]

    /// The runs whose curves it draws beside each other, as the Curves pane does; nil when it draws none of them.
    var shownRuns: [RunID]? { get }
    /// Other curves that it draws.
    func curves(_ state: AppState) -> [SeriesLibrary.Key]
    /// What it asks when it is opened, and again when it is outdated; nil when it asks nothing. Its answer is not wanted any more
    /// when the screen is left.
    func query(_ state: AppState) -> (any StudioQuery)?
    /// Whether what happened, or runs that were read anew, bear on what it shows.
    func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool
}

/// A screen that is about one run: what is done to runs is done to it there.
package protocol ScreenOfRun: Screen {
    var run: RunID { get }
}

extension Screen {
    package var contexts: [KeyContext] { [.detail] }

    /// All but the bars at the top and the bottom.
    package func place(on screen: Size) -> Rect { Rect(screen).inset(horizontal: 0, vertical: screen.height >= 8 ? 1 : 0) }

    package func crumb(_ state: AppState) -> String { title(state) }
    package func ownRows(height: Int) -> Int { 0 }
    package func drawOwnRows(into buffer: inout CellBuffer, in rect: Rect) {}
    package func clickOwnRows(atX x: Int, width: Int, _ state: inout AppState) {}
    package func notices(_ state: AppState) -> [String] { [] }
    package var sectionsRefusal: String? { "this page has no parts" }
    package var hiddenColumns: Int {
        get { 0 }
        set {}
    }
    package var shownRuns: [RunID]? { nil }
    package func curves(_ state: AppState) -> [SeriesLibrary.Key] { [] }
    package func query(_ state: AppState) -> (any StudioQuery)? { nil }
    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool { false }

    package func dismiss(_ state: inout AppState) -> [Effect] {
        query(state).map { state.cancel($0.slot) } ?? []
    }

    /// Whether the home screen cannot be seen behind it.
    func covers(_ screen: Size) -> Bool { place(on: screen).width == screen.width }
}

import Cells

/// What lies over the home screen: a screen, or a popup over it (a menu, a prompt, a form, a question).
///
/// A layer is a value with all of its own state; the shell keeps the stack, and hands the top one what is typed, clicked and drawn.
/// Its keys are a `KeyGroup` whose handlers change the layer with `AppState.changeTop`.
package protocol Layer: Sendable {
    /// Which keys mean something in it, the most particular first.
    var contexts: [KeyContext] { get }
    /// Whether a character that is bound to an action is that rather than text.
    var takesCommandsFirst: Bool { get }
    /// Whether what lies behind is drawn without its colours.
    var dimsBehind: Bool { get }

    /// Whether it has a frame with its title.
    var isFramed: Bool { get }
    /// Where it stands on a screen of this size, with its frame.
    func place(on screen: Size) -> Rect
    func title(_ state: AppState) -> String
    /// Draws what is inside its frame.
    /// - Parameter place: the frame.
    func draw(_ state: AppState, into buffer: inout CellBuffer, in place: Rect)
    /// Where the cursor of its text field stands; nil without one.
    func cursor(in place: Rect) -> (x: Int, y: Int)?

    /// Gives a key to the text being edited.
    /// - Returns: whether it means something there.
    mutating func type(_ key: Key, _ state: AppState) -> Bool
    mutating func paste(_ text: String, _ state: AppState)
    /// What follows from what was typed or pasted.
    func didType(_ state: inout AppState) -> [Effect]
    /// A character that is neither text nor bound; nil if it means nothing.
    func press(_ character: Character, _ state: inout AppState) -> [Effect]?
    /// A click inside the frame.
    func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect]
    /// The frame that its scrollbar stands on.
    func scrollbarFrame(in place: Rect) -> Rect
    /// Scrolls to a share of what there is, as dragging the scrollbar does.
    /// - Returns: whether there is more than fits.
    mutating func scroll(to share: Double, in place: Rect, _ state: AppState) -> Bool
    /// What turning the mouse's wheel does.
    var wheel: (up: StudioAction, down: StudioAction)? { get }
    /// What it does with the pointer at a cell.
    func wheel(atX x: Int, y: Int, in place: Rect) -> (up: StudioAction, down: StudioAction)?

    /// Keeps cursors among what there is; called after every action while it lies on top.
    mutating func fit(in place: Rect, _ state: AppState)
    /// What the user typed into it that would be lost with it, such as `the form of a new run`; nil = nothing.
    func whatIsLost(_ state: AppState) -> String?
    /// The user left it without choosing anything.
    func dismiss(_ state: inout AppState) -> [Effect]
}

extension Layer {
    package var takesCommandsFirst: Bool { false }
    package var dimsBehind: Bool { true }
    package var isFramed: Bool { true }
    package func cursor(in place: Rect) -> (x: Int, y: Int)? { nil }
    package mutating func type(_ key: Key, _ state: AppState) -> Bool { false }
    package mutating func paste(_ text: String, _ state: AppState) {}
    package func didType(_ state: inout AppState) -> [Effect] { [] }
    package func press(_ character: Character, _ state: inout AppState) -> [Effect]? { nil }
    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] { [] }
    package func scrollbarFrame(in place: Rect) -> Rect { place }
    package mutating func scroll(to share: Double, in place: Rect, _ state: AppState) -> Bool { false }
    package var wheel: (up: StudioAction, down: StudioAction)? { nil }
    package func wheel(atX x: Int, y: Int, in place: Rect) -> (up: StudioAction, down: StudioAction)? { wheel }
    package mutating func fit(in place: Rect, _ state: AppState) {}
    package func whatIsLost(_ state: AppState) -> String? { nil }
    package func dismiss(_ state: inout AppState) -> [Effect] { [] }
}

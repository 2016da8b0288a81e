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
    /// What turning the mouse's wheel does.
    var wheel: (up: StudioAction, down: StudioAction)? { get }

    /// Keeps cursors among what there is; called after every action while it lies on top.
    mutating func fit(in place: Rect, _ state: AppState)
    /// The user left it without choosing anything.
    func dismiss(_ state: inout AppState) -> [Effect]
}

extension Layer {
    package var takesCommandsFirst: Bool { false }
    package var dimsBehind: Bool { true }
    package func cursor(in place: Rect) -> (x: Int, y: Int)? { nil }
    package mutating func type(_ key: Key, _ state: AppState) -> Bool { false }
    package mutating func paste(_ text: String, _ state: AppState) {}
    package func didType(_ state: inout AppState) -> [Effect] { [] }
    package func press(_ character: Character, _ state: inout AppState) -> [Effect]? { nil }
    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] { [] }
    package var wheel: (up: StudioAction, down: StudioAction)? { nil }
    package mutating func fit(in place: Rect, _ state: AppState) {}
    package func dismiss(_ state: inout AppState) -> [Effect] { [] }
}

extension AppState {
    /// What lies on top of the home screen; nil when nothing does.
    package var top: (any Layer)? { popups.last ?? screens.last }

    /// Puts a popup over what is there.
    mutating func open(_ popup: some Layer) { popups.append(popup) }

    /// Puts a screen over those that are there.
    mutating func open(_ screen: some Screen) { screens.append(screen) }

    /// Changes what lies on top, if it is of this kind. It is taken off meanwhile, so that nothing it holds is copied.
    /// - Returns: what `change` returns; nil if something else lies on top.
    @discardableResult
    mutating func changeTop<Kind: Layer, Result>(_ kind: Kind.Type, _ change: (inout Kind, AppState) -> Result) -> Result? {
        if popups.last is Kind, var layer = popups.popLast() as? Kind {
            defer { popups.append(layer) }
            return change(&layer, self)
        }
        guard popups.isEmpty else { return nil }
        return changeScreen(kind, at: screens.indices.last, change)
    }

    /// Changes the uppermost screen of a kind, whatever lies over it.
    @discardableResult
    mutating func changeScreen<Kind: Layer, Result>(
        _ kind: Kind.Type, _ change: (inout Kind, AppState) -> Result
    ) -> Result? {
        changeScreen(kind, at: screens.lastIndex { $0 is Kind }, change)
    }

    private mutating func changeScreen<Kind: Layer, Result>(
        _ kind: Kind.Type, at index: Int?, _ change: (inout Kind, AppState) -> Result
    ) -> Result? {
        guard let index, screens[index] is Kind, var screen = screens.remove(at: index) as? Kind else { return nil }
        let result = change(&screen, self)
        if let screen = screen as? any Screen { screens.insert(screen, at: index) }
        return result
    }

    /// Changes what lies on top, whatever it is.
    mutating func changeTop<Result>(_ change: (inout any Layer, AppState) -> Result) -> Result? {
        if var layer = popups.popLast() {
            defer { popups.append(layer) }
            return change(&layer, self)
        }
        guard let screen = screens.popLast() else { return nil }
        var layer: any Layer = screen
        let result = change(&layer, self)
        if let screen = layer as? any Screen { screens.append(screen) }
        return result
    }
}

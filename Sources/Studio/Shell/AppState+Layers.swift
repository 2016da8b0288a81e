import Cells

extension AppState {
    /// What lies on top of the home screen; nil when nothing does.
    package var top: (any Layer)? { popups.last ?? screens.last }

    /// Puts a popup over what is there.
    mutating func open(_ popup: some Layer) { popups.append(popup) }

    /// Puts a screen over those that are there, and asks what it wants to know.
    mutating func open(_ screen: some Screen) -> [Effect] {
        depart()
        pageSearch = nil
        screens.append(screen)
        return screen.query(self).map { ask($0) } ?? []
    }

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

import Cells
import Events
import RunSearching

/// A searchable list: commands, keys, metrics or themes.
package struct Menu: Layer {
    package enum Kind: Hashable, Sendable {
        case palette, help, metrics, export, exportData, exportScreen, views
        case sortBy([RunField])
        case groupBy([RunField])
        /// What runs have in a field of the form, by its label.
        case copies(of: String, [RunFieldCopy])
        /// Remembers the theme to go back to.
        case themes(previous: String)
    }

    package var kind: Kind
    package var search = TextField()
    package var cursor = ListCursor()
    /// Runs and datasets that what is typed names; only the palette has them.
    package private(set) var objects: [MenuEntry] = []

    init(_ kind: Kind) { self.kind = kind }

    package func title(_ state: AppState) -> String {
        switch kind {
        case .palette: "Commands, runs and data"
        case .help: "Keys"
        case .metrics: "Metrics"
        case .themes: "Themes"
        case .export, .exportData: "Export"
        case .exportScreen: "Export the screen"
        case .views: "Views"
        case .sortBy: "Sort by"
        case .groupBy: "Group by"
        case .copies(let field, _): field + " of another run"
        }
    }

    package var contexts: [KeyContext] { isOfThemes ? [.themes, .menu] : [.menu] }

    private var isOfThemes: Bool { if case .themes = kind { true } else { false } }
    /// The theme menu leaves what is behind it as it is, since that is what it is about: a line in place of the hints.
    package var dimsBehind: Bool { !isOfThemes }
    package var isFramed: Bool { !isOfThemes }

    /// The line of themes.
    func strip(_ state: AppState, in place: Rect) -> ThemeStrip {
        ThemeStrip(MenuEntry.entries(of: self, state).map(\.title), cursor: cursor.index, search: search.text, in: place)
    }

    package func place(on screen: Size) -> Rect {
        let roomy = StudioLayout.roomy(screen)
        return switch kind {
        case .palette, .help: roomy.centred(width: 108, height: 26)
        case .export, .exportData, .exportScreen: roomy.centred(width: 84, height: 9)
        case .themes: Rect(screen).splitBottom(1).bottom
        case .metrics, .sortBy, .groupBy: roomy.centred(width: 44, height: 18)
        case .views, .copies: roomy.centred(width: 84, height: 18)
        }
    }

    /// The entries, under the search line.
    func rows(in place: Rect) -> Rect {
        if isOfThemes { return place }
        let interior = StudioLayout.interior(place)
        return interior.splitTop(interior.height >= 4 ? 2 : 1).rest.splitBottom(noteRows(in: place).height).rest
    }

    /// Under the entries of a menu of commands: room to say all about the selected one.
    func noteRows(in place: Rect) -> Rect {
        let interior = StudioLayout.interior(place)
        let isOfCommands = [.palette, .help, .export, .exportData, .exportScreen].contains(kind)
        return interior.splitBottom(isOfCommands && interior.height >= 10 ? 3 : 0).bottom
    }

    package func cursor(in place: Rect) -> (x: Int, y: Int)? {
        if isOfThemes {
            let field = ThemeStrip([], cursor: 0, search: search.text, in: place).search
            return (field.x + 1 + search.window(width: max(1, field.width - 2)).cursor, field.y)
        }
        let interior = StudioLayout.interior(place)
        return (interior.x + 3 + search.window(width: max(1, interior.width - 4)).cursor, interior.y)
    }

    package mutating func type(_ key: Key, _ state: AppState) -> Bool {
        if cursor.jump(key, count: MenuEntry.entries(of: self, state).count, in: search) { return true }
        let before = search.characters
        guard search.handle(key) else { return false }
        // Who only moves in the text keeps what is selected.
        guard search.characters != before else { return true }
        cursor = ListCursor()
        findObjects(state)
        return true
    }

    package mutating func paste(_ text: String, _ state: AppState) {
        search.insert(text)
        cursor = ListCursor()
        findObjects(state)
    }

    private mutating func findObjects(_ state: AppState) {
        if kind == .palette { objects = ObjectFinder.find(search.text, state) }
    }

    package func didType(_ state: inout AppState) -> [Effect] { state.previewTheme() }

    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] {
        let area = rows(in: place)
        guard area.contains(x: mouse.x, y: mouse.y) else {
            state.changeTop(Menu.self) { menu, _ in menu.search.clickSearch(mouse, in: place) }
            return []
        }
        guard let row = isOfThemes ? strip(state, in: place).label(atX: mouse.x)?.index : cursor.top + mouse.y - area.y else {
            return []
        }
        let wasSelected = row == cursor.index
        state.changeTop(Menu.self) { menu, _ in menu.cursor.index = row }
        return wasSelected ? state.perform(.menuRun) : state.previewTheme()
    }

    package mutating func scroll(to share: Double, in place: Rect, _ state: AppState) -> Bool {
        if isOfThemes { return false }
        return cursor.move(to: share, count: MenuEntry.entries(of: self, state).count, page: rows(in: place).height)
    }

    package var wheel: (up: StudioAction, down: StudioAction)? { (.menuUp, .menuDown) }

    package mutating func fit(in place: Rect, _ state: AppState) {
        let count = MenuEntry.entries(of: self, state).count
        cursor.clamp(count: count, page: isOfThemes ? count : rows(in: place).height)
    }

    package func dismiss(_ state: inout AppState) -> [Effect] {
        if case .themes(let previous) = kind { [.setTheme(previous)] } else { [] }
    }
}

import Cells
import CheckedNumbers

/// The form over the home screen.
extension NewRunForm {
    package var contexts: [KeyContext] {
        if search != nil { return [.formSearch] }
        return focusedGroup == nil ? [.form] : [.formHeading, .form]
    }

    /// Its upper edge stays where it is while groups are unfolded.
    package func place(on screen: Size) -> Rect {
        let room = StudioLayout.roomy(screen)
        let most = room.centred(width: screen.width >= 160 ? 120 : 100, height: Self.greatestHeight)
        let wanted = lines(height: .max).count + Self.noteHeight + 2
        return Rect(x: most.x, y: most.y, width: most.width, height: min(most.height, wanted))
    }

    private static let greatestHeight = 40
    private static let noteHeight = 5

    package func title(_ state: AppState) -> String {
        (isSearch ? "New search" : "New run") + (origin.isEmpty ? "" : ": " + origin)
    }

    /// The rows, and what is said about the focused one.
    static func rows(in place: Rect) -> (fields: Rect, note: Rect) {
        let interior = StudioLayout.interior(place)
        let note = interior.height >= 21 ? noteHeight : interior.height >= 9 ? 4 : interior.height >= 4 ? 1 : 0
        let parts = interior.splitBottom(note)
        return (parts.rest, parts.bottom)
    }

    /// Columns before the values: the cursor's mark, the labels, the mark of what is changed.
    static func labelWidth(_ fields: Rect) -> Int { min(34, fields.width * 42 / 100) }

    /// Columns the value takes; what is left is for the valid values, which a path has none of.
    static func valueWidth(_ fields: Rect, _ field: FormField) -> Int {
        let rest = fields.width - labelWidth(fields) - 1
        return max(1, rest > 36 && !field.isPath ? rest * 52 / 100 : rest)
    }

    package func cursor(in place: Rect) -> (x: Int, y: Int)? {
        let (fields, note) = Self.rows(in: place)
        if let search {
            guard !note.isEmpty else { return nil }
            return (note.x + 3 + search.field.window(width: Self.searchWidth(note)).cursor, note.y)
        }
        guard let field = focused, let line = lines(height: fields.height).firstIndex(of: .item(cursor.index)),
            (0..<fields.height).contains(line - cursor.top)
        else { return nil }
        let x = fields.x + Self.labelWidth(fields)
        return (x + field.input.window(width: Self.valueWidth(fields, field)).cursor, fields.y + line - cursor.top)
    }

    static func searchWidth(_ note: Rect) -> Int { max(1, min(30, note.width - 4)) }

    package mutating func type(_ key: Key, _ state: AppState) -> Bool {
        if search != nil {
            guard search?.field.handle(key) == true else { return false }
            find()
            return true
        }
        guard let index = focusedIndex else { return false }
        if key.modifiers.isEmpty, case .character("/") = key.code, !fields[index].mayHoldSlash { return false }
        if key.modifiers.isEmpty, key.code == .left || key.code == .right {
            let direction = key.code == .right ? 1 : -1
            if !fields[index].choices.isEmpty {
                fields[index].cycle(direction)
            } else if !cycleData(direction, index, state) {
                _ = fields[index].input.handle(key)
            }
        } else {
            if replaces { clear(index, for: key) }
            guard fields[index].input.handle(key) else { return false }
        }
        replaces = false
        message = nil
        changed(state)
        return true
    }

    /// Takes away what stands in a field whose value is replaced by what is typed.
    private mutating func clear(_ index: Int, for key: Key) {
        switch key.code {
        case .character where key.modifiers.isEmpty, .backspace where key.modifiers.isEmpty, .delete: break
        default: return
        }
        fields[index].input = TextField()
    }

    /// Puts the next opened data file into the field, if it is empty or holds one already.
    private mutating func cycleData(_ direction: Int, _ index: Int, _ state: AppState) -> Bool {
        let field = fields[index]
        let paths = state.datasets.datasets.map(\.path)
        guard field.name == .dataset, !paths.isEmpty, field.input.isEmpty || paths.contains(field.value) else { return false }
        fields[index].input.text = state.next(after: field.value, in: paths, by: direction)
        return true
    }

    package mutating func paste(_ text: String, _ state: AppState) {
        if search != nil {
            search?.field.insert(text)
            return find()
        }
        guard let index = focusedIndex else { return }
        if replaces { fields[index].input = TextField() }
        fields[index].input.insert(text)
        replaces = false
        message = nil
        changed(state)
    }

    /// After a field changed: another algorithm has other hyperparameters, another preset other defaults, another file other columns.
    mutating func changed(_ state: AppState) {
        switch focused?.name {
        case .dataset:
            followData(state)
            rebuild(columns: hasPreview ? knownColumns : state.columns(of: self[.dataset]))
        case .algorithm, .hyperparameter("preset"): rebuild(columns: knownColumns)
        default: break
        }
    }

    private var knownColumns: [String] { fields.first { $0.name == .target }?.choices ?? [] }

    package func didType(_ state: inout AppState) -> [Effect] {
        var effects: [Effect] = []
        if let focused, focused.isPath { effects += state.ask(ListPaths(focused.input.text)) }
        if let query = previewQuery(state) { effects += state.ask(query) }
        if let query = describeQuery { effects += state.ask(query) }
        if let query = tuningQuery { effects += state.ask(query) }
        return effects
    }

    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] {
        let area = Self.rows(in: place).fields
        let lines = lines(height: area.height), line = cursor.top + mouse.y - area.y
        guard area.contains(x: mouse.x, y: mouse.y), lines.indices.contains(line), case .item(let item) = lines[line] else {
            return []
        }
        state.changeTop(NewRunForm.self) { form, _ in
            form.search = nil
            form.settle()
            let wasFocused = form.cursor.index == item
            form.go(to: item)
            // A double click folds once.
            if let group = form.focusedGroup, mouse.clicks == 1 { form.fold(group, form.unfolded.contains(group)) }
            form.click(mouse.x - area.x - Self.labelWidth(area), wasFocused, area)
        }
        return []
    }

    /// A click into the focused field's value: the cursor goes there, and what stands there is kept.
    private mutating func click(_ column: Int, _ wasFocused: Bool, _ area: Rect) {
        guard let index = focusedIndex, column >= 0 else { return }
        let width = Self.valueWidth(area, fields[index])
        guard column < width else { return }
        // Before it had the focus, it was seen from its first character on.
        if !wasFocused { fields[index].input.move(to: 0) }
        fields[index].input.move(toColumn: column, width: width)
        if wasFocused { replaces = false }
    }

    package func scrollbarFrame(in place: Rect) -> Rect {
        Rect(x: place.x, y: place.y, width: place.width, height: Self.rows(in: place).fields.height + 2)
    }

    package mutating func scroll(to share: Double, in place: Rect, _ state: AppState) -> Bool {
        let page = Self.rows(in: place).fields.height, lines = lines(height: page)
        guard lines.count > page else { return false }
        settle()
        let wanted = lines.dropFirst(Int(nearestWithin: share * Double(lines.count - 1)))
        let item = wanted.lazy.compactMap { if case .item(let item) = $0 { item } else { nil } }.first
        go(to: item ?? items.count - 1)
        return true
    }

    package var wheel: (up: StudioAction, down: StudioAction)? {
        search == nil ? (.fieldPrevious, .fieldNext) : (.findPrevious, .findNext)
    }

    package mutating func fit(in place: Rect, _ state: AppState) { scroll(page: Self.rows(in: place).fields.height) }

    package func whatIsLost(_ state: AppState) -> String? { isChanged ? "The form of a new run" : nil }

    /// What was filled in is where the next form begins.
    package func dismiss(_ state: inout AppState) -> [Effect] {
        state.lastRequest = request
        return []
    }
}

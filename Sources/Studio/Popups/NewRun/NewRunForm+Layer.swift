import Cells

/// The form over the home screen.
extension NewRunForm {
    package var contexts: [KeyContext] { [.form] }

    package func place(on screen: Size) -> Rect { StudioLayout.roomy(screen).centred(width: 100, height: fields.count + 7) }

    package func title(_ state: AppState) -> String { "New run" + (origin.isEmpty ? "" : ": " + origin) }

    /// The fields, and what is said about the focused one.
    static func rows(in place: Rect) -> (fields: Rect, note: Rect) {
        let interior = StudioLayout.interior(place)
        let parts = interior.splitBottom(interior.height >= 9 ? 4 : interior.height >= 4 ? 1 : 0)
        return (parts.rest, parts.bottom)
    }

    /// Columns the labels take.
    static func labelWidth(_ fields: Rect) -> Int { min(32, fields.width * 40 / 100) }

    /// Columns the values take; what is left is for the valid values.
    static func valueWidth(_ fields: Rect) -> Int {
        let rest = fields.width - labelWidth(fields) - 3
        return max(1, rest > 40 ? rest * 52 / 100 : rest)
    }

    package func cursor(in place: Rect) -> (x: Int, y: Int)? {
        let fields = Self.rows(in: place).fields
        guard let field = focused, !fields.isEmpty else { return nil }
        let x = fields.x + 2 + Self.labelWidth(fields)
        return (x + field.input.window(width: Self.valueWidth(fields)).cursor, fields.y + cursor.index - cursor.top)
    }

    package mutating func type(_ key: Key, _ state: AppState) -> Bool {
        guard fields.indices.contains(cursor.index) else { return false }
        if key.modifiers.isEmpty, key.code == .left || key.code == .right {
            let direction = key.code == .right ? 1 : -1
            if !fields[cursor.index].choices.isEmpty {
                fields[cursor.index].cycle(direction)
            } else if !cycleData(direction, state) {
                _ = fields[cursor.index].input.handle(key)
            }
        } else {
            guard fields[cursor.index].input.handle(key) else { return false }
        }
        message = nil
        changed(state)
        return true
    }

    /// Puts the next opened data file into the field, if it is empty or holds one already.
    private mutating func cycleData(_ direction: Int, _ state: AppState) -> Bool {
        let field = fields[cursor.index]
        let paths = state.datasets.datasets.map(\.path)
        guard field.name == .dataset, !paths.isEmpty, field.input.isEmpty || paths.contains(field.value) else { return false }
        fields[cursor.index].input.text = state.next(after: field.value, in: paths, by: direction)
        return true
    }

    package mutating func paste(_ text: String, _ state: AppState) {
        guard fields.indices.contains(cursor.index) else { return }
        fields[cursor.index].input.insert(text)
        message = nil
        changed(state)
    }

    /// After a field changed: another algorithm has other hyperparameters, another file other columns.
    mutating func changed(_ state: AppState) {
        switch focused?.name {
        case .dataset:
            followData(state)
            rebuild(columns: hasPreview ? knownColumns : state.columns(of: self[.dataset]))
        case .algorithm: rebuild(columns: knownColumns)
        default: break
        }
    }

    private var knownColumns: [String] { fields.first { $0.name == .target }?.choices ?? [] }

    package func didType(_ state: inout AppState) -> [Effect] {
        var effects: [Effect] = []
        if let focused, focused.isPath { effects += state.ask(ListPaths(focused.input.text)) }
        if let query = previewQuery(state) { effects += state.ask(query) }
        return effects
    }

    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] {
        let area = Self.rows(in: place).fields
        guard area.contains(x: mouse.x, y: mouse.y) else { return [] }
        state.changeTop(NewRunForm.self) { form, _ in
            form.cursor.index = min(form.cursor.top + mouse.y - area.y, form.fields.count - 1)
        }
        return []
    }

    package var wheel: (up: StudioAction, down: StudioAction)? { (.fieldPrevious, .fieldNext) }

    package mutating func fit(in place: Rect, _ state: AppState) {
        cursor.clamp(count: fields.count, page: Self.rows(in: place).fields.height)
    }

    package func whatIsLost(_ state: AppState) -> String? { isChanged ? "The form of a new run" : nil }

    /// What was filled in is where the next form begins.
    package func dismiss(_ state: inout AppState) -> [Effect] {
        state.lastRequest = request
        return []
    }
}

import Cells

/// The line that opens a data file.
package struct PathPrompt: Layer, Hashable {
    package var field = TextField()
    /// Paths that start with `listedPrefix`.
    package var paths: [String] = []
    package var listedPrefix = ""
    /// Which of the paths that match is chosen; nil while what is typed counts.
    package private(set) var chosen: Int?
    private var top = 0

    init() {}

    package var contexts: [KeyContext] { [.prompt] }

    package func place(on screen: Size) -> Rect { StudioLayout.roomy(screen).centred(width: 76, height: 14) }

    package func title(_ state: AppState) -> String { "Open data" }

    package func draw(_ state: AppState, into buffer: inout CellBuffer, in place: Rect) {
        let interior = StudioLayout.interior(place)
        guard !interior.isEmpty else { return }
        let line = interior.splitTop(1).top.inset(horizontal: 1, vertical: 0)
        buffer.fill(line, with: Cell(" ", Style(.fieldText, on: .field)))
        buffer.write(
            field.window(width: max(1, line.width)).text, x: line.x, y: line.y, Style(.fieldText, on: .field), clip: line)
        let list = Self.list(in: place)
        let typed = field.text
        let matching = matching
        if matching.isEmpty {
            buffer.writeEmpty([typed.isEmpty ? "Type a path; tab completes" : "No path starts like this"], in: list, on: .popup)
        }
        for (row, path) in matching.dropFirst(top).prefix(list.height).enumerated() {
            let isLastOfMore = chosen == nil && row == list.height - 1 && matching.count > list.height
            let text = isLastOfMore ? "… \(matching.count - row) more" : path
            let role: ColorRole = path.hasSuffix("/") || isLastOfMore ? .muted : .text
            buffer.write(text, x: list.x + 1, y: list.y + row, Style(role, on: .popup), clip: list)
            if top + row == chosen { buffer.highlight(Rect(x: list.x, y: list.y + row, width: list.width, height: 1)) }
        }
        if chosen != nil {
            buffer.scrollbar(place, top: top, shown: list.height, count: matching.count, Style(.borderFocused, on: .popup))
        }
    }

    fileprivate static func list(in place: Rect) -> Rect { StudioLayout.interior(place).splitTop(2).rest }

    private var matching: [String] { paths.filter { $0.hasPrefix(field.text) } }

    /// Chooses the path so many rows on, from the first or the last one where none is chosen yet.
    fileprivate mutating func choose(by step: Int, page: Int) {
        let count = matching.count
        guard count > 0 else { return }
        let next = chosen.map { $0 + step } ?? (step > 0 ? step - 1 : count + step)
        chosen = min(max(0, next), count - 1)
        scroll(page)
    }

    private mutating func scroll(_ page: Int) {
        guard let chosen else { return top = 0 }
        top = min(max(top, chosen - max(1, page) + 1), chosen)
    }

    /// Puts the chosen path where paths are typed.
    fileprivate mutating func takeChosen() {
        guard let chosen, matching.indices.contains(chosen) else { return }
        field.text = matching[chosen]
        forget()
    }

    package mutating func scroll(to share: Double, in place: Rect, _ state: AppState) -> Bool {
        var cursor = ListCursor()
        let page = Self.list(in: place).height
        guard cursor.move(to: share, count: matching.count, page: page) else { return false }
        chosen = cursor.index
        scroll(page)
        return true
    }

    private mutating func forget() { (chosen, top) = (nil, 0) }

    package var wheel: (up: StudioAction, down: StudioAction)? { (.promptUp, .promptDown) }

    /// A click chooses a path, a double click opens it.
    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] {
        let list = Self.list(in: place), row = top + mouse.y - list.y
        let isInList = list.contains(x: mouse.x, y: mouse.y) && row < matching.count
        state.changeTop(PathPrompt.self) { prompt, _ in
            if isInList { prompt.chosen = row } else { prompt.field.click(mouse, inFirstRowOf: place) }
        }
        return isInList && mouse.clicks == 2 ? state.perform(.promptAccept) : []
    }

    package func cursor(in place: Rect) -> (x: Int, y: Int)? { field.cursor(inFirstRowOf: place) }

    package mutating func type(_ key: Key, _ state: AppState) -> Bool {
        guard field.handle(key) else { return false }
        forget()
        return true
    }

    package mutating func paste(_ text: String, _ state: AppState) {
        field.insert(text)
        forget()
    }

    package func didType(_ state: inout AppState) -> [Effect] {
        listedPrefix == field.text ? [] : state.ask(ListPaths(field.text))
    }
}

extension PathPrompt {
    /// The path that is typed; nil, with a word about it, when that is none of a file.
    func path(_ state: inout AppState) -> String? {
        let path = String(field.text.trimmingSpaces)
        guard path.isEmpty || path.hasSuffix("/") else { return path }
        state.say("type the path of a data file; tab completes", .warning)
        return nil
    }
}

extension AppState {
    mutating func askForPath() -> [Effect] {
        open(PathPrompt())
        return ask(ListPaths(""))
    }

    mutating func performPath(_ action: StudioAction) -> [Effect] {
        guard var prompt = popups.last as? PathPrompt else { return [] }
        switch action {
        case .promptDown, .promptUp, .promptPageDown, .promptPageUp:
            let page = PathPrompt.list(in: prompt.place(on: size)).height
            let step = action == .promptDown || action == .promptUp ? 1 : max(1, page - 1)
            prompt.choose(by: action == .promptDown || action == .promptPageDown ? step : -step, page: page)
            popups[popups.count - 1] = prompt
            return []
        case .promptComplete where prompt.chosen != nil:
            prompt.takeChosen()
            popups[popups.count - 1] = prompt
            return prompt.didType(&self)
        case .promptComplete:
            guard let completed = PathCompletion.complete(prompt.field.text, from: prompt.paths) else { return [] }
            prompt.field.text = completed
            popups[popups.count - 1] = prompt
            return prompt.didType(&self)
        case .promptAccept:
            if prompt.chosen != nil {
                prompt.takeChosen()
                popups[popups.count - 1] = prompt
                // What is in a folder is chosen next.
                if prompt.field.text.hasSuffix("/") { return prompt.didType(&self) }
            }
            guard let path = prompt.path(&self) else { return [] }
            popups.removeLast()
            return openDataset(path)
        default: return []
        }
    }
}

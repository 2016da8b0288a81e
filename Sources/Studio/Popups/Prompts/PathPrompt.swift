import Cells

/// The line that opens a data file.
package struct PathPrompt: Layer, Hashable {
    package var field = TextField()
    /// Paths that start with `listedPrefix`.
    package var paths: [String] = []
    package var listedPrefix = ""

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
        let list = interior.splitTop(2).rest
        let typed = field.text
        let matching = paths.filter { $0.hasPrefix(typed) }
        if matching.isEmpty {
            buffer.writeEmpty([typed.isEmpty ? "Type a path; tab completes" : "No path starts like this"], in: list, on: .popup)
        }
        for (row, path) in matching.prefix(list.height).enumerated() {
            let isLastOfMore = row == list.height - 1 && matching.count > list.height
            let text = isLastOfMore ? "… \(matching.count - row) more" : path
            let role: ColorRole = path.hasSuffix("/") || isLastOfMore ? .muted : .text
            buffer.write(text, x: list.x + 1, y: list.y + row, Style(role, on: .popup), clip: list)
        }
    }

    package func cursor(in place: Rect) -> (x: Int, y: Int)? { field.cursor(inFirstRowOf: place) }

    package mutating func type(_ key: Key, _ state: AppState) -> Bool { field.handle(key) }

    package mutating func paste(_ text: String, _ state: AppState) { field.insert(text) }

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
        case .promptComplete:
            guard let completed = PathCompletion.complete(prompt.field.text, from: prompt.paths) else { return [] }
            prompt.field.text = completed
            popups[popups.count - 1] = prompt
            return prompt.didType(&self)
        case .promptAccept:
            guard let path = prompt.path(&self) else { return [] }
            popups.removeLast()
            return openDataset(path)
        default: return []
        }
    }
}

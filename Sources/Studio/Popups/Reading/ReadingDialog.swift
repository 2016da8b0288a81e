import Cells
import Events
import PrintableText

/// The dialog that says how a data file is to be read, with the first rows as they are read so.
package struct ReadingDialog: Layer {
    package let path: String
    /// What was said before; nil for a file that is only being opened.
    let before: [String: String]?
    /// A field an option.
    package var fields: [FormField]
    package var cursor = ListCursor()
    /// What came of looking at the file, the newest there is: it stays until there is a newer one.
    package private(set) var preview: (query: PreviewData, outcome: DataPreview.Outcome)?
    /// The first rows as they were last read without a fault.
    package private(set) var shown: DataPreview?

    init(_ path: String, reading: [String: String], before: [String: String]?, options: [ReadOptionDescription]) {
        self.path = path
        self.before = before
        fields = options.map { option in
            var field = FormField(.readOption(option.name), option.name)
            field.readOptions = options
            field.help = option.help
            field.validValues = option.placeholder ?? ""
            field.choices = option.isRepeatable ? [] : option.choices
            let said = reading[option.name] ?? ""
            field.input.text =
                option.isRepeatable
                ? said.split(separator: "\n").map { $0.shellWord }.joined(separator: " ") : said
            return field
        }
    }

    package var focused: FormField? { fields.indices.contains(cursor.index) ? fields[cursor.index] : nil }

    /// What the fields say, by read option.
    package var reading: [String: String] {
        var reading: [String: String] = [:]
        for field in fields where !field.value.isEmpty { reading[field.label] = Self.said(in: field) }
        return reading
    }

    /// Kinds of several columns stand in one field with spaces between, and in what is kept on lines of their own.
    private static func said(in field: FormField) -> String {
        guard field.isReading else { return field.value }
        do throws(ReadingProblem) { return try ReadingWords.split(field.value).joined(separator: "\n") } catch {
            return field.value
        }
    }

    var query: PreviewData { PreviewData(path, reading: reading) }

    /// What is wrong with what the fields say, as far as it was looked at; nil while that is not known.
    package var problem: String? {
        guard let preview, preview.query == query else { return nil }
        switch preview.outcome {
        case .preview: return nil
        case .badOption(let message), .unreadable(let message): return message
        }
    }

    /// Whether the options cannot be taken.
    var isRefused: Bool {
        guard let preview, preview.query == query, case .badOption = preview.outcome else { return false }
        return true
    }

    /// What was found out of what a field leaves open.
    package func found(_ field: FormField) -> DataReading.Choice? {
        guard problem == nil else { return nil }
        return shown?.reading.choices.first { $0.option == field.label }
    }

    mutating func take(_ outcome: DataPreview.Outcome, to query: PreviewData) {
        guard query.path == path else { return }
        preview = (query, outcome)
        guard case .preview(let preview) = outcome else { return }
        shown = preview
        for index in fields.indices { fields[index].columns = preview.columns.map(\.name) }
    }
}

extension ReadingDialog {
    package var contexts: [KeyContext] { [.reading] }

    package func title(_ state: AppState) -> String { "How to read " + String(path.split(separator: "/").last ?? path[...]) }

    package mutating func type(_ key: Key, _ state: AppState) -> Bool {
        guard fields.indices.contains(cursor.index) else { return false }
        let isSideways = key.modifiers.isEmpty && (key.code == .left || key.code == .right)
        if isSideways, !fields[cursor.index].choices.isEmpty {
            fields[cursor.index].cycle(key.code == .right ? 1 : -1)
            return true
        }
        return fields[cursor.index].input.handle(key)
    }

    package mutating func paste(_ text: String, _ state: AppState) {
        if fields.indices.contains(cursor.index) { fields[cursor.index].input.insert(text) }
    }

    package func didType(_ state: inout AppState) -> [Effect] { preview?.query == query ? [] : state.ask(query) }

    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] {
        let area = Self.parts(in: place, count: fields.count).fields
        guard area.contains(x: mouse.x, y: mouse.y) else { return [] }
        state.changeTop(ReadingDialog.self) { dialog, _ in
            dialog.cursor.index = min(dialog.cursor.top + mouse.y - area.y, dialog.fields.count - 1)
        }
        return []
    }

    package func scrollbarFrame(in place: Rect) -> Rect {
        Rect(x: place.x, y: place.y, width: place.width, height: Self.parts(in: place, count: fields.count).fields.height + 2)
    }

    package mutating func scroll(to share: Double, in place: Rect, _ state: AppState) -> Bool {
        cursor.move(to: share, count: fields.count, page: Self.parts(in: place, count: fields.count).fields.height)
    }

    package var wheel: (up: StudioAction, down: StudioAction)? { (.optionPrevious, .optionNext) }

    /// Rows of options in view.
    func page(in place: Rect) -> Int { Self.parts(in: place, count: fields.count).fields.height }

    package mutating func fit(in place: Rect, _ state: AppState) {
        cursor.clamp(count: fields.count, page: Self.parts(in: place, count: fields.count).fields.height)
    }

    package func dismiss(_ state: inout AppState) -> [Effect] { state.cancel(query.slot) }
}

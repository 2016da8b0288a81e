import Events

extension KeyContext {
    static let reading = KeyContext("How to read data")
}

extension StudioAction {
    static let readData = StudioAction("data.reading")
    static let readPath = StudioAction("prompt.reading")
    static let optionsAccept = StudioAction("reading.accept")
    static let optionNext = StudioAction("reading.next")
    static let optionPrevious = StudioAction("reading.previous")
    static let optionPageNext = StudioAction("reading.page-down")
    static let optionPagePrevious = StudioAction("reading.page-up")
    static let optionReset = StudioAction("reading.reset")
}

extension KeyTable {
    /// How data files are read.
    static let reading = KeyGroup([
        KeyBinding(
            .readData, "R", [.datasets], hint: "read with…", priority: 69,
            "Say how the selected file is to be read: delimiter, decimal mark, dates, … with its first rows."
        ) {
            $0.datasets.selected == nil ? "no dataset is open (o opens one)" : nil
        },
        KeyBinding(
            .readPath, "ctrl-r", [.prompt], hint: "read with…", priority: 30,
            "Say how the file is to be read before it is opened, with its first rows."),
        KeyBinding(
            .optionsAccept, "enter ctrl-s", [.reading], hint: "read so", priority: 10, "Read the whole file with these options."),
        KeyBinding(
            .optionNext, "down tab", [.reading], hint: "next", priority: 20,
            "Go to the next option; tab completes a column's kind first."),
        KeyBinding(.optionPrevious, "up shift-tab", [.reading], hint: "previous", priority: 21, "Go to the previous option."),
        KeyBinding(.optionPageNext, "pgdn", [.reading], "Move down one page of options."),
        KeyBinding(.optionPagePrevious, "pgup", [.reading], "Move up one page of options."),
        KeyBinding(
            .optionReset, "ctrl-r", [.reading], hint: "find out", priority: 30, "Say nothing about it: it is found out."),
    ]) { $0.performReading($1) }
}

extension AppState {
    fileprivate mutating func performReading(_ action: StudioAction) -> [Effect] {
        switch action {
        case .readData:
            guard let dataset = datasets.selected else { return [] }
            return openReading(dataset.path, dataset.options, before: dataset.options)
        case .readPath:
            guard let path = (popups.last as? PathPrompt)?.path(&self) else { return [] }
            return openReading(path, datasets.options(path: path), before: nil)
        case .optionsAccept: return acceptReading()
        default:
            changeTop(ReadingDialog.self) { dialog, state in
                dialog.perform(action, page: dialog.page(in: dialog.place(on: state.size)))
            }
            guard let dialog = popups.last as? ReadingDialog else { return [] }
            return dialog.didType(&self)
        }
    }

    private mutating func openReading(
        _ path: String, _ reading: [String: String], before: [String: String]?
    ) -> [Effect] {
        let dialog = ReadingDialog(path, reading: reading, before: before, options: readOptions)
        open(dialog)
        return ask(dialog.query)
    }

    /// Reads the file so, from now on.
    private mutating func acceptReading() -> [Effect] {
        guard let dialog = popups.last as? ReadingDialog else { return [] }
        guard !dialog.isRefused else { return [.bell] }
        popups.removeLast()
        if popups.last is PathPrompt { popups.removeLast() }
        let effects = cancel(dialog.query.slot)
        guard let before = dialog.before else { return effects + openDataset(dialog.path, reading: dialog.reading) }
        guard before != dialog.reading else {
            say("nothing changed", .text)
            return effects
        }
        let name = dialog.path.split(separator: "/").last.map(String.init) ?? dialog.path
        push { state in
            state.say("\(name) is read as before", .good)
            return state.read(dialog.path, with: before)
        }
        let words = DataReading.words(of: dialog.reading)
        say("reading \(name) \(words.isEmpty ? "as is found out" : "with " + words); u undoes", .text)
        return effects + read(dialog.path, with: dialog.reading)
    }

    /// Reads a file that is listed with other options; the form that begins on it takes them over.
    private mutating func read(_ path: String, with reading: [String: String]) -> [Effect] {
        if lastRequest?.datasetPath == path { lastRequest?.reading = reading }
        return openDataset(path, reading: reading)
    }
}

extension ReadingDialog {
    fileprivate mutating func perform(_ action: StudioAction, page: Int) {
        switch action {
        case .optionPageNext: cursor.index = min(fields.count - 1, cursor.index + max(1, page - 1))
        case .optionPagePrevious: cursor.index = max(0, cursor.index - max(1, page - 1))
        case .optionNext:
            if completes() { break }
            cursor.index = (cursor.index + 1) % max(1, fields.count)
        case .optionPrevious: cursor.index = (cursor.index + fields.count - 1) % max(1, fields.count)
        case .optionReset:
            if fields.indices.contains(cursor.index) { fields[cursor.index].input = TextField() }
        default: break
        }
    }

    /// Completes what is typed, if there is anything to add.
    private mutating func completes() -> Bool {
        guard let field = focused, !field.input.isEmpty, field.isReading || !field.choices.contains(field.input.text),
            let completed = PathCompletion.complete(field.input.text, from: field.matchingChoices)
        else { return false }
        fields[cursor.index].input.text = completed
        return true
    }
}

import Events

// Notes on data sets: a key, its handler and its refusal. What is said is kept, found and undone as it is of runs.

extension StudioAction {
    static let noteData = StudioAction("data.note")
}

extension KeyTable {
    /// Notes on data sets.
    static let datasetNotes = KeyGroup([
        KeyBinding(
            .noteData, "N", [.datasets], hint: "note…", priority: 89, "Write a note on the data set; / finds it by its words.",
            unless: whyNoNote)
    ]) { state, _ in state.noteDataset() }

    @Sendable private static func whyNoNote(_ state: AppState) -> String? {
        guard let dataset = state.datasets.selected else { return "no dataset is open (o opens one)" }
        return dataset.id == nil ? "\(dataset.name) was not read: a note is kept with what is in a file" : nil
    }
}

extension AppState {
    /// Opens a line to type the selected data set's note.
    fileprivate mutating func noteDataset() -> [Effect] {
        guard let dataset = datasets.selected, let id = dataset.id else { return [] }
        open(
            LinePrompt(
                "Note on " + dataset.name, help: "The note, for the same data wherever it lies; empty takes it away.",
                text: dataset.note
            ) { text, state in state.setNote(text, of: id, dataset.name) })
        return []
    }

    private mutating func setNote(_ text: String, of id: DatasetID, _ name: String) -> [Effect] {
        let before = datasets.note(of: id)
        guard text != before else {
            say("nothing changed", .text)
            return []
        }
        push { state in
            guard state.datasets.note(of: id) == text else {
                state.say("the note on \(name) was changed since: it stays", .warning)
                return []
            }
            state.say("\(name) as before", .good)
            return state.write(before, on: id)
        }
        say("noted \(name); u undoes", .text)
        return write(text, on: id)
    }

    /// Shows the note at once and has it written down.
    private mutating func write(_ text: String, on id: DatasetID) -> [Effect] {
        let edit = EntityEdit(note: text)
        datasets.apply(edit, to: id)
        return [.command(.editEntity(id.entity, edit))]
    }
}

extension DatasetsState {
    fileprivate func note(of id: DatasetID) -> String { datasets.first { $0.id == id }?.note ?? "" }
}

extension DatasetsState.Dataset {
    /// What the user says about it.
    package var note: String { known?.labels.note ?? "" }

    /// What a filter looks through.
    var searchedText: String { ([path, note] + (known?.labels.tags ?? [])).joined(separator: " ") }
}

import Cells
import Events

extension AppState {
    /// What the form starts from: how it was last left, on the selected data.
    func startingRequest() -> JobRequest {
        var request = lastRequest ?? JobRequest(datasetPath: "", target: nil, algorithm: algorithms.first?.name ?? "")
        (request.name, request.remedies) = (nil, nil)
        if focus == .datasets || request.datasetPath.isEmpty, let selected = datasets.selected {
            if request.datasetPath != selected.path { request.target = nil }
            request.datasetPath = selected.path
        }
        return request
    }

    mutating func openForm(_ request: JobRequest, origin: String) -> [Effect] {
        guard !algorithms.isEmpty else {
            note("no algorithm is available", .bad)
            return []
        }
        var form = NewRunForm(algorithms: algorithms, request: request, columns: columns(of: request.datasetPath))
        form.origin = origin
        popups.append(.form(form))
        return pathEffects()
    }

    /// Gives a key to the focused field; false if it means nothing there.
    mutating func typeIntoForm(_ form: NewRunForm, _ key: Key) -> Bool {
        guard let index = popups.indices.last, form.fields.indices.contains(form.cursor.index) else { return false }
        var form = form
        let field = form.fields[form.cursor.index]
        if key.modifiers.isEmpty, key.code == .left || key.code == .right {
            let direction = key.code == .right ? 1 : -1
            if !field.choices.isEmpty {
                form.fields[form.cursor.index].cycle(direction)
            } else if !cycleData(&form, direction) {
                _ = form.fields[form.cursor.index].input.handle(key)
            }
        } else {
            guard form.fields[form.cursor.index].input.handle(key) else { return false }
        }
        form.message = nil
        popups[index] = .form(form)
        formChanged()
        return true
    }

    /// Puts the next opened data file into the field, if it is empty or holds one already.
    private func cycleData(_ form: inout NewRunForm, _ direction: Int) -> Bool {
        let field = form.fields[form.cursor.index]
        let paths = datasets.datasets.map(\.path)
        guard field.name == .dataset, !paths.isEmpty, field.input.isEmpty || paths.contains(field.value) else { return false }
        form.fields[form.cursor.index].input.text = next(after: field.value, in: paths, by: direction)
        return true
    }

    /// After a field changed: another algorithm has other hyperparameters, another file other columns.
    mutating func formChanged() {
        guard let index = popups.indices.last, case .form(var form) = popups[index] else { return }
        switch form.focused?.name {
        case .algorithm, .dataset: form.rebuild(columns: columns(of: form[.dataset]))
        default: break
        }
        popups[index] = .form(form)
        needsRedraw = true
    }

    mutating func performForm(_ action: StudioAction, _ form: NewRunForm) -> [Effect] {
        guard let index = popups.indices.last else { return [] }
        var form = form
        form.message = nil
        switch action {
        case .fieldNext:
            if completes(&form) { break }
            form.cursor.index = (form.cursor.index + 1) % max(1, form.fields.count)
            form.paths = []
        case .fieldPrevious:
            form.cursor.index = (form.cursor.index + form.fields.count - 1) % max(1, form.fields.count)
            form.paths = []
        case .fieldReset:
            if form.fields.indices.contains(form.cursor.index) { form.fields[form.cursor.index].input = TextField() }
        case .formStart: return start(form)
        default: break
        }
        popups[index] = .form(form)
        formChanged()
        return pathEffects()
    }

    /// Completes the focused field if there is anything to add to what is typed.
    private func completes(_ form: inout NewRunForm) -> Bool {
        guard let field = form.focused, !field.input.isEmpty else { return false }
        let candidates = field.isPath ? form.paths : field.matchingChoices
        guard !field.choices.contains(field.input.text),
            let completed = PathCompletion.complete(field.input.text, from: candidates)
        else { return false }
        form.fields[form.cursor.index].input.text = completed
        return true
    }

    /// Starts the run, or goes to the field that is wrong.
    private mutating func start(_ form: NewRunForm) -> [Effect] {
        guard let index = popups.indices.last else { return [] }
        var form = form
        if let wrong = form.firstProblem {
            form.cursor.index = wrong
            form.message = "\(form.fields[wrong].label): \(form.problem(at: wrong) ?? "not valid")"
            popups[index] = .form(form)
            return [.bell]
        }
        let request = form.request
        lastRequest = request
        popups.removeLast()
        awaitsFreshRun = true
        note("starting \(request.name ?? request.algorithm)", .text)
        var effects: [Effect] = [.command(.startJob(request))]
        // The data is shown beside the run that learns from it.
        if !datasets.datasets.contains(where: { $0.path == request.datasetPath }) {
            datasets.put(request.datasetPath, .loading)
            effects.append(.command(.profileDataset(path: request.datasetPath)))
        }
        return effects
    }
}

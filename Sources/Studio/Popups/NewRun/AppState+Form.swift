import Cells
import Events

extension AppState {
    /// What the form starts from: how it was last left, on the selected data.
    func startingRequest() -> JobRequest {
        var request = lastRequest ?? JobRequest(datasetPath: "", target: nil, algorithm: algorithms.first?.name ?? "")
        (request.name, request.remedies) = (nil, nil)
        if focus == .datasets || request.datasetPath.isEmpty, let selected = datasets.selected {
            if request.datasetPath != selected.path { (request.target, request.reading) = (nil, selected.options) }
            request.datasetPath = selected.path
        }
        return request
    }

    mutating func openForm(_ request: JobRequest, origin: String) -> [Effect] {
        guard !algorithms.isEmpty else {
            say("no algorithm is available", .bad)
            return []
        }
        var form = NewRunForm(
            algorithms: algorithms, readOptions: readOptions, request: request, columns: columns(of: request.datasetPath))
        form.origin = origin
        open(form)
        return form.didType(&self)
    }

    mutating func performForm(_ action: StudioAction) -> [Effect] {
        guard var form = popups.last as? NewRunForm else { return [] }
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
            // Of how data is read the default is what was said about it.
            if form.focused?.name == .reading { form[.reading] = DataReading.words(of: datasets.options(path: form[.dataset])) }
        case .takeAdvice: form.take(form.advice(self))
        case .formStart: return start(form)
        default: break
        }
        form.changed(self)
        popups[popups.count - 1] = form
        needsRedraw = true
        return form.didType(&self)
    }

    /// Completes the focused field if there is anything to add to what is typed.
    private func completes(_ form: inout NewRunForm) -> Bool {
        guard let field = form.focused, !field.input.isEmpty else { return false }
        let candidates = field.isPath ? form.paths : field.matchingChoices
        guard field.name == .reading || !field.choices.contains(field.input.text),
            let completed = PathCompletion.complete(field.input.text, from: candidates)
        else { return false }
        form.fields[form.cursor.index].input.text = completed
        return true
    }

    /// Starts the run, or goes to the field that is wrong.
    private mutating func start(_ form: NewRunForm) -> [Effect] {
        var form = form
        if let wrong = form.firstProblem {
            form.cursor.index = wrong
            form.message = "\(form.fields[wrong].label): \(form.problem(at: wrong) ?? "not valid")"
            popups[popups.count - 1] = form
            return [.bell]
        }
        let request = form.request
        lastRequest = request
        popups.removeLast()
        awaitsFreshRun = true
        say("starting \(request.name ?? request.algorithm)", .text)
        var effects: [Effect] = [.command(.startJob(request))]
        // The data is shown beside the run that learns from it.
        if !datasets.datasets.contains(where: { $0.isAt(request.datasetPath) }) {
            datasets.put(request.datasetPath, .loading)
            let reading = request.reading.isEmpty ? nil : request.reading
            effects.append(.command(.profileDataset(path: request.datasetPath, reading: reading)))
        }
        return effects
    }
}

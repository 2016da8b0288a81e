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

    /// - Parameter base: the request of the run that the new one is to be like; nil when it is like none.
    mutating func openForm(_ request: JobRequest, origin: String, base: JobRequest? = nil) -> [Effect] {
        guard !algorithms.isEmpty else {
            say("no algorithm is available", .bad)
            return []
        }
        var form = NewRunForm(
            algorithms: algorithms, readOptions: readOptions, request: request, columns: columns(of: request.datasetPath),
            base: base)
        form.origin = origin
        open(form)
        return form.didType(&self)
    }

    mutating func performForm(_ action: StudioAction) -> [Effect] {
        guard let form = popups.last as? NewRunForm else { return [] }
        let isChoosing = form.focused.map { $0.completion != nil && $0.problem != nil } ?? false
        if action == .formStart || action == .formEnter && !isChoosing { return start(form) }
        if action == .fieldCopy { return openCopy(form) }
        needsRedraw = true
        var effects: [Effect] = []
        changeTop(NewRunForm.self) { form, state in if !form.perform(action, state) { effects.append(.bell) } }
        return effects + (top?.didType(&self) ?? [])
    }

    /// Starts the run, or goes to the field that is wrong.
    private mutating func start(_ form: NewRunForm) -> [Effect] {
        var form = form
        form.settle()
        form.changed(self)
        if let wrong = form.firstProblem {
            form.reveal(wrong)
            form.message = "\(form.fields[wrong].label): \(form.problem(at: wrong) ?? "not valid")"
            popups[popups.count - 1] = form
            return [.bell]
        }
        let request = form.request
        if let tuning = form.tuningRequest { return startTuning(tuning, form) }
        lastRequest = request
        popups.removeLast()
        awaitsFreshRun = true
        say("starting \(request.name ?? request.algorithm)", .text)
        var effects: [Effect] = [.command(.startJob(request))]
        // The data is shown beside the run that learns from it.
        if !request.datasetPath.isEmpty, !datasets.datasets.contains(where: { $0.isAt(request.datasetPath) }) {
            datasets.put(request.datasetPath, .loading)
            let reading = request.reading.isEmpty ? nil : request.reading
            effects.append(.command(.profileDataset(path: request.datasetPath, reading: reading)))
        }
        return effects
    }
}

extension NewRunForm {
    /// - Returns: whether it could be done.
    fileprivate mutating func perform(_ action: StudioAction, _ state: AppState) -> Bool {
        message = nil
        var isDone = true
        switch action {
        case .fieldNext: move(1)
        case .fieldPrevious: move(-1)
        case .fieldComplete: if !completes() { move(1) }
        case .formEnter: isDone = completes()
        case .headingNext: moveToHeading(1)
        case .headingPrevious: moveToHeading(-1)
        case .fieldReset: reset(state)
        case .fieldRange: toggleRange()
        case .takeAdvice: take(advice(state))
        case .formToggle: if let group = focusedGroup { fold(group, unfolded.contains(group)) }
        case .formUnfold, .formFold: if let group = focusedGroup { fold(group, action == .formFold) }
        case .formFind: beginSearch()
        case .findNext, .findPrevious: nextMatch(action == .findNext ? 1 : -1)
        case .findTake: isDone = takeMatch()
        case .findEnd: endSearch()
        default: break
        }
        changed(state)
        return isDone
    }

    private mutating func reset(_ state: AppState) {
        guard let index = focusedIndex else { return }
        fields[index].input = TextField()
        // Of how data is read the default is what was said about it.
        if fields[index].name == .reading { self[.reading] = DataReading.words(of: state.datasets.options(path: self[.dataset])) }
    }

    /// Completes the focused field if there is anything to add to what is typed.
    private mutating func completes() -> Bool {
        guard let index = focusedIndex, !fields[index].input.isEmpty else { return false }
        let field = fields[index]
        let completed =
            field.isPath || field.isReading
            ? PathCompletion.complete(field.input.text, from: field.isPath ? paths : field.matchingChoices) : field.completion
        guard let completed else { return false }
        fields[index].input.text = completed
        replaces = false
        return true
    }
}

import Events
import PipelineSteps

extension AppState {
    mutating func performPipeline(_ action: StudioAction) -> [Effect] {
        switch action {
        case .showPipeline:
            return datasets.selected.map { showPipeline(of: RowsFile($0)) } ?? []
        case .stepAdd, .stepChange: return openStepForm(isNew: action == .stepAdd)
        case .stepDelete, .stepLater, .stepEarlier: return move(action)
        case .pipelineWrite:
            guard let page = top as? PipelinePage else { return [] }
            return [.exportText(name: RowsFile.tableName(page.file.name) + "-steps.json", page.pipeline.lines)]
        case .pipelineRead: askForSteps()
        case .pipelineKeep: askForPrepared()
        case .pipelineTrain: return trainWithPipeline()
        case .answerWarnings: return answerWarnings()
        case .stepAccept: return acceptStep()
        case .stepFieldNext, .stepFieldPrevious, .stepComplete:
            changeTop(StepForm.self) { form, _ in form.perform(action) }
        default: changeTop(PipelinePage.self) { page, state in page.perform(action, state) }
        }
        pageChanged()
        return []
    }

    /// Opens the steps of a data set, with what the workspace keeps.
    mutating func showPipeline(of file: RowsFile) -> [Effect] {
        let asked = askForKeptPipeline(file) ?? []
        return asked + open(PipelinePage(file, pipelines[file.path] ?? startingPipeline()))
    }

    /// The pipeline that a data set begins with: what was predicted last of these columns, if anything.
    private func startingPipeline() -> DataPipeline {
        let names = datasets.selected?.profile?.columns.map(\.name) ?? []
        guard let target = lastRequest?.target, lastRequest?.datasetPath == datasets.selected?.path, names.contains(target),
            let step = try? PipelineStep(.target, ["column": [target]]), let made = try? DataPipeline([step])
        else { return .empty }
        return made
    }

    /// Keeps a data set's pipeline, shows it where it is open, and asks what it does.
    mutating func setPipeline(_ pipeline: DataPipeline, of file: RowsFile, _ words: String?, at place: Int? = nil) -> [Effect] {
        let before = pipelines[file.path]
        guard before != pipeline else { return [] }
        pipelines[file.path] = pipeline
        if let words {
            push { state in
                state.say("the steps are as before", .good)
                return state.putPipeline(before ?? .empty, of: file) + state.ask(KeepPipeline(file, before ?? .empty))
            }
            say(words, .text)
        }
        return putPipeline(pipeline, of: file, at: place) + ask(KeepPipeline(file, pipeline))
    }

    mutating func putPipeline(_ pipeline: DataPipeline, of file: RowsFile, at place: Int? = nil) -> [Effect] {
        pipelines[file.path] = pipeline
        pageChanged()
        let query = changeScreen(PipelinePage.self) { page, state -> PreviewPipeline? in
            guard page.file == file else { return nil }
            page.show(pipeline, at: place, state)
            return PreviewPipeline(file, pipeline)
        }
        return query.flatMap { $0 }.map { ask($0) } ?? []
    }

    // MARK: - Warnings

    /// What answers the warnings about the selected column, else about the whole data set.
    var warningsToAnswer: [WarningAnswer] {
        guard let profile = datasets.selected?.profile else { return [] }
        let own = isZoomed ? datasets.selectedColumn.map { column in profile.problems.filter { $0.column == column.name } } : nil
        let chosen = own?.compactMap(\.answer) ?? []
        return chosen.isEmpty ? profile.problems.compactMap(\.answer) : chosen
    }

    /// Puts steps behind the others of the data set's pipeline; where there are but settings, into the form of a new run.
    private mutating func answerWarnings() -> [Effect] {
        guard let file = datasets.selected.map(RowsFile.init) else { return [] }
        if let asked = askForKeptPipeline(file, answersWarnings: true) { return asked }
        let answers = warningsToAnswer, own = pipelines[file.path] ?? startingPipeline()
        let new = answers.compactMap { answer -> PipelineStep? in if case .step(let step) = answer { step } else { nil } }
            .filter { !own.steps.contains($0) }
        guard new.isEmpty else {
            do throws(PipelineError) {
                let words = new.count == 1 ? "added \(new[0].words)" : "added \(new.count) steps"
                var made = own
                for step in new { made = try made.adding(step) }
                return setPipeline(made, of: file, "\(words); P shows the pipeline, u undoes")
            } catch {
                say(error.message, .bad)
                return []
            }
        }
        var request = startingRequest()
        for case .setting(let name, let value) in answers { request.hyperparameters[name] = value }
        guard request != startingRequest() else {
            say("the pipeline has these steps already: P shows it", .text)
            return []
        }
        return openForm(request, origin: "the warnings of \(file.name)")
    }

    // MARK: - Steps

    private mutating func openStepForm(isNew: Bool) -> [Effect] {
        guard let page = top as? PipelinePage else { return [] }
        let columns = page.columns(before: isNew ? page.cursor.index + 1 : page.cursor.index, self)
        let place = isNew ? min(page.cursor.index + 1, page.pipeline.steps.count) : page.cursor.index
        open(StepForm(isNew ? nil : page.step, file: page.file, place: place, columns: columns))
        return []
    }

    private mutating func acceptStep() -> [Effect] {
        guard let form = popups.last as? StepForm, let pipeline = pipelineShown(form.file) else { return [] }
        do throws(PipelineError) {
            var steps = pipeline.steps
            let step = try form.step()
            if form.isNew { steps.insert(step, at: min(form.place, steps.count)) } else { steps[form.place] = step }
            let next = try DataPipeline(steps)
            popups.removeLast()
            return setPipeline(next, of: form.file, form.isNew ? "added; u undoes" : "changed; u undoes", at: form.place)
        } catch {
            changeTop(StepForm.self) { form, _ in form.message = error.message }
            return [.bell]
        }
    }

    private func pipelineShown(_ file: RowsFile) -> DataPipeline? {
        (screens.last as? PipelinePage).flatMap { $0.file == file ? $0.pipeline : nil }
    }

    private mutating func move(_ action: StudioAction) -> [Effect] {
        guard let page = top as? PipelinePage, let step = page.step else { return [] }
        var steps = page.pipeline.steps
        let place = page.cursor.index
        let next = action == .stepLater ? place + 1 : place - 1
        if action == .stepDelete {
            steps.remove(at: place)
        } else {
            guard steps.indices.contains(next) else { return [.bell] }
            steps.swapAt(place, next)
        }
        guard let changed = try? DataPipeline(steps) else { return [] }
        let isDeleted = action == .stepDelete
        return setPipeline(
            changed, of: page.file, isDeleted ? "took out \(step.words); u undoes" : "moved; u undoes",
            at: isDeleted ? place : next)
    }

    // MARK: - Files and runs

    private mutating func askForSteps() {
        guard let file = (top as? PipelinePage)?.file else { return }
        open(
            LinePrompt(
                "Steps of a file", help: "a file of steps, as w writes it",
                check: { text, _ in text.isEmpty ? .init("give a file's name, such as steps.json") : nil }
            ) { path, state in state.ask(ReadPipeline(path: path, file: file)) })
    }

    private mutating func askForPrepared() {
        guard let page = top as? PipelinePage else { return }
        let (file, pipeline) = (page.file, page.pipeline)
        open(
            LinePrompt(
                "Write the prepared rows", help: "a file to write: .csv, .tsv, .jsonl, .json or .parquet",
                check: { text, _ in text.isEmpty ? .init("give a file's name, such as ready.parquet") : nil }
            ) { path, state in
                state.say("writing \(path) …", .text)
                return state.ask(KeepPrepared(file, pipeline, path: path))
            })
    }

    private mutating func trainWithPipeline() -> [Effect] {
        guard let page = top as? PipelinePage else { return [] }
        var request = startingRequest()
        request.datasetPath = page.file.path
        (request.target, request.reading) = (page.target ?? request.target, page.file.reading)
        // What the steps say is said by them alone.
        if page.pipeline.target?.text("task") != nil { request.task = nil }
        if page.pipeline.split != nil { (request.group, request.validationOrder, request.folds) = (nil, nil, nil) }
        request.pipeline = page.pipeline.text
        return openForm(request, origin: "the pipeline of \(page.file.name)")
    }
}

import Events

extension AppState {
    mutating func performPictures(_ action: StudioAction) -> [Effect] {
        switch action {
        case .showPictures:
            guard let dataset = datasets.selected else { return [] }
            var question = PictureQuestion(RowsFile(dataset))
            // What a model was to predict last is what pictures are of.
            if let target = lastRequest?.target, lastRequest?.datasetPath == dataset.path { question.classColumn = target }
            return open(PicturesPage(question))
        case .pictureRow:
            guard let page = top as? PicturesPage, let tile = page.tile else { return [] }
            return openRows(RowsView(.file(page.question.file)), at: tile.row)
        case .pictureClass: askForClass()
        case .pictureWrong: askForJudge()
        case .pictureShape: askForShape()
        case .pictureColumn: askForClassColumn()
        case .pictureInvert: return changePictures { $0.isInverted.toggle() }
        case .pictureAll:
            changeTop(PicturesPage.self) { page, _ in page.show(class: nil) }
            if (top as? PicturesPage)?.question.wrongOf != nil { return changePictures { $0.wrongOf = nil } }
            pageChanged()
            return askForPictures()
        default:
            changeTop(PicturesPage.self) { page, state in page.perform(action, state) }
            pageChanged()
            return askForPictures()
        }
        needsRedraw = true
        return []
    }

    /// Asks for the pictures that are in view and were not read yet.
    mutating func askForPictures() -> [Effect] {
        guard let page = screens.last as? PicturesPage, let query = page.picturesQuery(self) else { return [] }
        return ask(query)
    }

    private mutating func changePictures(_ change: (inout PictureQuestion) -> Void) -> [Effect] {
        let next = changeTop(PicturesPage.self) { page, _ -> PictureQuestion in
            var question = page.question
            change(&question)
            page.ask(question)
            return question
        }
        pageChanged()
        return next.map { ask(ReadPictures($0)) } ?? []
    }

    /// Runs that choose between classes and learned from the file of the page on top, or were judged by it, newest first.
    var runsToJudgePictures: [RunSummary] {
        guard let path = (screens.last as? PicturesPage)?.question.file.path else { return [] }
        let dataset = datasets.datasets.first { $0.isAt(path) }
        return runs.entries.values.lazy.map(\.summary)
            .filter { run in
                let request = run.record.request
                let files = [request.datasetPath, request.validationPath].compactMap { $0 }
                return !run.isDeleted && !request.isScript && request.target != nil
                    && files.contains { $0 == path || dataset?.isAt($0) == true }
            }
            .sorted { ($1.record.createdAt, $1.record.id) < ($0.record.createdAt, $0.record.id) }
    }

    // MARK: - What is typed

    private mutating func askForClass() {
        guard let page = top as? PicturesPage else { return }
        let labels = page.sections.map { $0.label ?? "none" }
        open(
            LinePrompt(
                "Class to show", help: "tab completes", text: "",
                check: { text, _ in labels.contains(text) ? nil : .init("there is no class \(text)") },
                complete: { prompt, _ in Self.completeName(&prompt, labels) }
            ) { text, state in
                state.changeTop(PicturesPage.self) { page, _ in page.show(class: labels.firstIndex(of: text)) }
                state.pageChanged()
                return state.askForPictures()
            })
    }

    private mutating func askForJudge() {
        let runs = runsToJudgePictures, names = runs.map(\.record.name)
        open(
            LinePrompt(
                "Show what a model gets wrong", help: "the run's name, the newest first; tab completes", text: names.first ?? "",
                check: { text, _ in
                    names.contains(text) ? nil : .init("no run of this data is called \(text): tab shows those that are")
                },
                complete: { prompt, _ in Self.completeName(&prompt, names) }
            ) { text, state in
                let run = runs.first { $0.record.name == text }?.record.id
                return state.changePictures { $0.wrongOf = run }
            })
    }

    private mutating func askForShape() {
        guard let page = top as? PicturesPage else { return }
        open(
            LinePrompt(
                "How large pictures are",
                help: "height x width, such as 28x28; 32x32x3 with red, green and blue; empty = as the file says",
                text: page.question.shape ?? "",
                check: { text, _ in
                    text.isEmpty || Self.isShape(text) ? nil : .init("give two or three numbers such as 28x28 or 32x32x3")
                }
            ) { text, state in state.changePictures { $0.shape = text.isEmpty ? nil : text } })
    }

    private static func isShape(_ text: String) -> Bool {
        let numbers = text.lowercased().replacing("×", with: "x").split(separator: "x", omittingEmptySubsequences: false)
        return (2...3).contains(numbers.count) && numbers.allSatisfy { Int($0.trimmingSpaces).map { $0 > 0 } ?? false }
    }

    private mutating func askForClassColumn() {
        guard let page = top as? PicturesPage else { return }
        let names = columns(of: page.question.file.path)
        open(
            LinePrompt(
                "Column that tells classes", help: "its name; tab completes; empty = as it is found",
                text: page.question.classColumn ?? page.answer?.classColumn ?? "",
                check: { text, _ in
                    text.isEmpty || names.isEmpty || names.contains(text) ? nil : .init("there is no column \(text)")
                },
                complete: { prompt, _ in Self.completeName(&prompt, names) }
            ) { text, state in state.changePictures { $0.classColumn = text.isEmpty ? nil : text } })
    }
}

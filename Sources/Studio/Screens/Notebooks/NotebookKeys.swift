import Events
import PrintableText

extension KeyContext {
    static let notebook = KeyContext("In a notebook")
    static let notebooks = KeyContext("Among notebooks")
}

extension StudioAction {
    static let showNotebooks = StudioAction("notebook.list")
    static let openNotebook = StudioAction("notebook.open")
    static let runNotebook = StudioAction("notebook.run")
    static let notebookWhole = StudioAction("notebook.whole")
    static let exportNotebook = StudioAction("notebook.export")
    static let writeNotebook = StudioAction("notebook.write")
}

extension KeyTable {
    /// Notebooks: where they are, how they are read and run.
    static let notebooks = KeyGroup([
        KeyBinding(.showNotebooks, "9", [.global], "Go to the notebooks below this folder, from anywhere."),
        KeyBinding(
            .openNotebook, "enter", [.notebooks], hint: "read", priority: 8, "Read the notebook.", unless: needsNotebook),
        KeyBinding(
            .runNotebook, "r", [.notebook, .notebooks], hint: "run", priority: 10,
            "Run all of the notebook through its Jupyter kernel, as a run whose output O shows; what its cells give is written beside it.",
            unless: needsNotebook),
        KeyBinding(
            .notebookWhole, "w", [.notebook], hint: "whole", priority: 20, "Show long outputs whole, or cut again."),
        KeyBinding(
            .exportNotebook, "H", [.notebook, .notebooks], hint: "as a page", priority: 21,
            "Write the notebook as one HTML page for a browser, beside it.", unless: needsNotebook),
        KeyBinding(
            .writeNotebook, "%", [.experiments, .runPage, .tunings, .automl, .models], hint: "notebook", priority: 49,
            "Write what became of it as a Jupyter notebook that does it again, and show it.", unless: { $0.storySubject.refusal }),
    ]) { $0.performNotebook($1) }

    @Sendable private static func needsNotebook(_ state: AppState) -> String? {
        if let page = state.screens.last as? NotebooksPage {
            guard let chosen = page.chosen else { return "there is no notebook below this folder" }
            return chosen.fault.map { "\(chosen.path): \($0)" }
        }
        return (state.screens.last as? NotebookPage)?.notebook == nil ? "the notebook is not read yet" : nil
    }
}

extension AppState {
    mutating func performNotebook(_ action: StudioAction) -> [Effect] {
        switch action {
        case .showNotebooks: return screens.last is NotebooksPage ? [] : open(NotebooksPage())
        case .openNotebook: return (screens.last as? NotebooksPage)?.chosen.map { open(NotebookPage($0.path)) } ?? []
        case .writeNotebook:
            guard let name = storySubject.name else { return [] }
            say("writing a notebook …", .muted)
            return ask(WriteNotebook(of: name))
        case .notebookWhole:
            changeScreen(NotebookPage.self) { page, _ in page.showWhole() }
            return []
        case .exportNotebook: return shownNotebook.map { ask(ExportNotebook($0)) } ?? []
        default: return shownNotebook.map { run(notebook: $0) } ?? []
        }
    }

    /// The path of the notebook that is read, or chosen in the list.
    private var shownNotebook: String? {
        (screens.last as? NotebooksPage)?.chosen?.path ?? (screens.last as? NotebookPage)?.path
    }

    /// What a notebook would tell of, as a command line names it, or why there is nothing.
    var storySubject: (name: String?, refusal: String?) {
        switch screens.last {
        case let page as ModelsPage: return page.chosen(self).map { ($0.title, nil) } ?? (nil, "no model is kept yet")
        case let page as TuningsPage:
            return page.chosen.map { ($0.record.id, nil) } ?? (nil, "nothing was searched in this workspace")
        case let page as TuningPage:
            return page.standing.map { ($0.record.id, nil) } ?? (nil, "the tuning job is not read yet")
        case let page as AutoMLPage:
            guard let record = page.standing?.record else { return (nil, "the job is not read yet") }
            return record.ensemble == nil
                ? (nil, "\(record.name) has no average yet: a candidate must end first") : (record.id, nil)
        default: return subjectRun.map { ($0.record.id.text, nil) } ?? (nil, "no run is selected")
        }
    }

    /// Starts a run of a notebook, and shows what it is going to write.
    private mutating func run(notebook path: String) -> [Effect] {
        let base = path.hasSuffix(".ipynb") ? String(path.dropLast(6)) : path
        // One that was run before is run again in its place.
        let out = base.hasSuffix("-run") ? path : base + "-run.ipynb"
        var request = JobRequest(datasetPath: "", target: nil, algorithm: JobRequest.scriptAlgorithm)
        request.command = "\"$DESCENT_BINARY\" notebook run \(path.shellWord) --out \(out.shellWord)"
        request.name = "notebook-" + (base.split(separator: "/").last.map(String.init) ?? "run").fileNamePart
        say("\(path) runs; what its cells give is written to \(out)", .text)
        let shown: [Effect] = (screens.last as? NotebookPage)?.path == out ? [] : open(NotebookPage(out))
        return [.command(.startJob(request))] + shown
    }
}

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
        case .notebookWhole:
            changeScreen(NotebookPage.self) { page, _ in page.showWhole() }
            return []
        default:
            let path = (screens.last as? NotebooksPage)?.chosen?.path ?? (screens.last as? NotebookPage)?.path
            return path.map { run(notebook: $0) } ?? []
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

import Notebooks

extension AppState {
    /// Goes to a notebook's page: to the one that is open, where that is the same under another path.
    mutating func showNotebook(_ path: String) -> [Effect] {
        let open = screens.lazy.compactMap { $0 as? NotebookPage }.first { $0.wholePath == path }
        return self.open(NotebookPage(open?.path ?? path))
    }

    /// Has the terminal asked, once, whether it shows pictures as pixels.
    mutating func askForPictures(_ pictures: NotebookPictures) -> [Effect] {
        guard !pictures.isEmpty, !asksForPictures else { return [] }
        asksForPictures = true
        return [.askForPictures]
    }

    /// The runs that a notebook trained.
    func objects(ofNotebook path: String) -> [RelatedObject] {
        let runs = (screens.last as? NotebookPage)?.runs(self) ?? []
        guard !runs.isEmpty else {
            return [RelatedObject("r", "runs", unless: "its cells have trained nothing in this workspace") { _ in [] }]
        }
        return zip("123456789", runs).map { letter, run in RelatedObject(letter, "run: \(run.name)") { $0.showRun(run.id) } }
    }
}

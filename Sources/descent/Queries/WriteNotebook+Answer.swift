import Files
import OutputFiles
import Studio

extension WriteNotebook: AnsweredQuery {
    func answer(_ work: QueryWork<String>) throws -> String {
        let store = try work.store, found = try StorySubject.named(subject, store)
        let notebook = try found.notebook(store), stem = found.name.fileNamePart
        // One that is there may have been changed by its user.
        var path = stem + ".ipynb", number = 1
        while FileSet.exists(path) {
            number += 1
            path = "\(stem)-\(number).ipynb"
        }
        try OutputFile.write(notebook.text, to: path)
        return path
    }
}

extension ExportNotebook: AnsweredQuery {
    func answer(_ work: QueryWork<String>) throws -> String {
        let page = NotebookPageHTML.path(of: path)
        try OutputFile.write(NotebookPageHTML.page(of: try NotebookFile.read(path), at: path), to: page)
        return page
    }
}

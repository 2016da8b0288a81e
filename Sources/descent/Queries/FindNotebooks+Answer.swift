import CheckedNumbers
import Files
import Glibc
import Notebooks
import Studio

extension FindNotebooks: AnsweredQuery {
    /// Folders below the studio's own that are looked into.
    private static let depth = 4

    func answer(_ work: QueryWork<[NotebookSummary]>) throws -> [NotebookSummary] {
        var found: [NotebookSummary] = []
        collect(in: "", depth: 0, work, &found)
        found.sort { ($1.changedAt, $0.path) < ($0.changedAt, $1.path) }
        return found.prefix(Self.most).map(Self.read)
    }

    private func collect(in folder: String, depth: Int, _ work: QueryWork<[NotebookSummary]>, _ found: inout [NotebookSummary]) {
        guard depth <= Self.depth, work.isWanted() else { return }
        for name in Folder.names(in: folder.isEmpty ? "." : folder) where !name.hasPrefix(".") && name != "node_modules" {
            let path = folder.isEmpty ? name : folder + "/" + name
            var status = stat()
            // A link may lead round in a circle.
            guard lstat(path, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                collect(in: path, depth: depth + 1, work, &found)
            } else if name.hasSuffix(".ipynb") {
                var summary = NotebookSummary(path: path)
                summary.changedAt = Double(status.st_mtim.tv_sec)
                found.append(summary)
            }
        }
    }

    private static func read(_ summary: NotebookSummary) -> NotebookSummary {
        var summary = summary
        do {
            let notebook = try NotebookFile.read(summary.path)
            let code = notebook.cells.filter { $0.kind == .code }
            summary.language = notebook.language
            (summary.codeCount, summary.runCount) = (code.count, code.count { $0.executionCount != nil })
            summary.errorCount = code.count(where: \.hasError)
            summary.title = notebook.title
        } catch { summary.fault = error.description }
        return summary
    }
}

extension ReadNotebook: AnsweredQuery {
    func answer(_ work: QueryWork<Content?>) throws -> Content? {
        var status = stat()
        guard stat(path, &status) == 0 else { throw CommandError.failed("\(path) is not there yet") }
        let changedAt = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
        if known == changedAt { return nil }
        return Content(try NotebookFile.read(path), changedAt: changedAt, wholePath: Engine.absolute(path))
    }
}

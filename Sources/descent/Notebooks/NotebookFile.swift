import Files
import Notebooks

/// Notebooks as files.
enum NotebookFile {
    /// The most bytes of one that is read.
    private static let mostBytes = 1 << 29

    /// - Throws: a data fault where there is none, or it is damaged.
    static func read(_ path: String) throws(CommandError) -> Notebook {
        try DataFile.check(path)
        guard FileKind(at: path) != .folder else { throw .data("\(path) is a folder: name a notebook in it") }
        guard let bytes = FileContents.bytes(path, atMost: mostBytes) else {
            throw .data("\(path): it cannot be read, or has more than \(mostBytes >> 20) MB: check the path")
        }
        do throws(NotebookFault) { return try Notebook(parsing: bytes) } catch { throw .data("\(path): \(error)") }
    }
}

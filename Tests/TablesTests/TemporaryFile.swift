import TemporaryFolders
import Testing

@testable import Tables

/// A file that lives as long as the object.
final class TemporaryFile {
    private let folder: TemporaryFolder?
    let path: String

    init(_ bytes: [UInt8], name: String = "data.csv") {
        do throws(TemporaryFolder.Fault) {
            let folder = try TemporaryFolder()
            path = try folder.write(bytes, as: name)
            self.folder = folder
        } catch {
            Issue.record(error)
            (folder, path) = (nil, "/dev/null")
        }
    }

    convenience init(_ text: String) { self.init(Array(text.utf8)) }

    /// What is in it now.
    func read() throws -> String { try #require(folder).read(path.split(separator: "/").last.map(String.init) ?? "") }
}

extension Table {
    /// A table from the text of a file.
    static func of(_ text: String, options: ReadOptions = ReadOptions()) throws(TableError) -> Table {
        let file = TemporaryFile(text)
        defer { withExtendedLifetime(file) {} }
        return try Table(contentsOf: file.path, options: options)
    }

    /// All values as texts, column by column.
    var texts: [[String?]] { columns.map { column in (0..<rowCount).map { column.text(at: $0) } } }
}

/// The error that a file's text brings, with its path cut off.
func readingError(_ text: String) -> String {
    let file = TemporaryFile(text)
    do throws(TableError) {
        _ = try Table(contentsOf: file.path)
        return "no error"
    } catch {
        return error.description.replacing(file.path, with: "data.csv")
    }
}

extension ReadOptions {
    /// Options with everything found out but what `give` says.
    static func with(_ give: (inout ReadOptions) -> Void) -> ReadOptions {
        var options = ReadOptions()
        give(&options)
        return options
    }
}

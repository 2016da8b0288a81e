import Glibc

@testable import Tables

/// A file that lives as long as the object.
final class TemporaryFile {
    let path: String

    init(_ bytes: [UInt8], name: String = "data.csv") {
        var template = Array("/tmp/descent-tables-XXXXXX".utf8CString)
        let folder = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? "/tmp"
        }
        path = "\(folder)/\(name)"
        if let file = fopen(path, "w") {
            fwrite(bytes, 1, bytes.count, file)
            fclose(file)
        }
    }

    convenience init(_ text: String) { self.init(Array(text.utf8)) }

    deinit {
        unlink(path)
        rmdir(String(path.dropLast(path.split(separator: "/").last?.count ?? 0)))
    }

    static func read(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Table {
    /// A table from the text of a file.
    static func of(_ text: String, options: CSVOptions = CSVOptions()) throws(TableError) -> Table {
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

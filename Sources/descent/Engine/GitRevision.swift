import Files
import Glibc

/// The commit that the current folder's git work tree stands at, read from git's own files.
enum GitRevision {
    static func current() -> String? {
        guard let folder = realpath(".", nil) else { return nil }
        defer { free(folder) }
        var path = String(cString: folder)
        while true {
            if let head = firstLine(path + "/.git/HEAD") { return revision(head, gitFolder: path + "/.git") }
            guard let slash = path.lastIndex(of: "/"), path != "/" else { return nil }
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
    }

    private static func revision(_ head: String, gitFolder: String) -> String? {
        guard head.hasPrefix("ref: ") else { return head }
        let reference = String(head.dropFirst(5))
        if let hash = firstLine(gitFolder + "/" + reference) { return hash }
        return lines(gitFolder + "/packed-refs").first { $0.hasSuffix(" " + reference) }
            .flatMap { $0.split(separator: " ").first.map(String.init) }
    }

    private static func firstLine(_ path: String) -> String? { lines(path).first }

    private static func lines(_ path: String) -> [String] {
        (FileContents.text(path, atMost: 1 << 20) ?? "").split(separator: "\n").map(String.init)
    }
}

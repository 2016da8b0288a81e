import Debugging
import Events
import Experiments
import Files
import Glibc
import TextScanning

/// Files that list rules.
enum RuleFile {
    /// The workspace's own, which every run that is started there is looked at by.
    static func path(of workspace: Workspace) -> String { workspace.path + "/rules.txt" }

    /// The statements of a file, a line each.
    /// - Throws: a usage fault with the place of what is wrong.
    static func lines(_ path: String) throws(CommandError) -> [String] {
        let text: String?
        if path == "-" || path == "/dev/stdin" {
            text = readAll()
        } else {
            text = FileContents.text(path, atMost: 1 << 20)
        }
        guard let text else {
            let reason = access(path, R_OK) == 0 ? "it is no text" : String(cString: strerror(errno)).lowercased()
            throw .usage("\(path) cannot be read as a list of rules (\(reason)): check the path")
        }
        return try statements(in: text, of: path)
    }

    /// What the workspace's file says; nothing where there is none.
    static func lines(of workspace: Workspace) throws(CommandError) -> [String] {
        let path = path(of: workspace)
        return access(path, F_OK) == 0 ? try lines(path) : []
    }

    /// A run's list of rules behind the workspace's, which it holds against. What a run that is done again has of the workspace's already
    /// is not there twice.
    static func merged(_ lines: [String], in workspace: Workspace) throws(CommandError) -> [String] {
        try check(lines)
        let usual = try self.lines(of: workspace)
        return usual.filter { !lines.contains($0) } + lines
    }

    /// Checks statements that were given one by one.
    static func check(_ lines: [String]) throws(CommandError) {
        for line in lines { _ = try statements(in: line, of: nil) }
    }

    private static func statements(in text: String, of path: String?) throws(CommandError) -> [String] {
        do throws(TextFault) { return try RuleStatement.all(in: text).map(\.text) } catch {
            let place = error.place(in: text)
            let head = path.map { "\($0):\(place.line):\(place.column)" } ?? "the rule cannot be read"
            throw .usage("\(head): \(error.message)\n  \(place.text)\n  \(place.carets)")
        }
    }

    private static func readAll() -> String {
        var bytes: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < 1 << 20 {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count <= 0 { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

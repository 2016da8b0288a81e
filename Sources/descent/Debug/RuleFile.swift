import Debugging
import Events
import Experiments
import Glibc
import PrintableText
import TextScanning

/// Files that list rules.
enum RuleFile {
    /// The workspace's own, which every run that is started there is looked at by.
    static func path(of workspace: Workspace) -> String { workspace.path + "/rules.txt" }

    /// The statements of a file, a line each.
    /// - Throws: a usage fault with the place of what is wrong.
    static func lines(_ path: String) throws(CommandError) -> [String] {
        let text = try text(of: path)
        // Some editors begin a text with a mark of its encoding.
        return try statements(in: text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text, of: path)
    }

    /// Reads to the end, whatever kind of file it is: what a shell makes of `<(…)` has no size.
    private static func text(of path: String) throws(CommandError) -> String {
        func refuse(_ reason: String) -> CommandError {
            .usage("\(path) cannot be read as a list of rules (\(reason)): check the path")
        }
        let isInput = path == "-" || path == "/dev/stdin"
        let file = isInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw refuse(String(cString: strerror(errno)).lowercased()) }
        defer { if !isInput { close(file) } }
        var bytes: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw refuse(String(cString: strerror(errno)).lowercased()) }
            if count == 0 { break }
            bytes += buffer[..<count]
            if bytes.count > mostBytes { throw refuse("it is over 1 MiB") }
        }
        guard !bytes.contains(0) else { throw refuse("it is no text") }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let mostBytes = 1 << 20
    /// A line that is longer is not shown in a fault.
    private static let longestExcerpt = 200

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
            guard place.text.count <= longestExcerpt else { throw .usage("\(head): \(error.message)") }
            throw .usage("\(head): \(error.message)\n  \(place.text.printable)\n  \(place.carets)")
        }
    }
}

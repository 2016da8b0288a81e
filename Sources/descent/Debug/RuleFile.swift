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
        try statements(in: try text(of: path, as: "a list of rules"), of: path)
    }

    /// Reads to the end, whatever kind of file it is: what a shell makes of `<(…)` has no size.
    ///
    /// - Parameter isStanding: whether it is a file that is there for good, which nobody writes to while it is read: a pipe would be
    ///   waited for.
    static func text(of path: String, as kind: String, isStanding: Bool = false) throws(CommandError) -> String {
        func refuse(_ reason: String) -> CommandError {
            .usage("\(path) cannot be read as \(kind) (\(reason)): check the path")
        }
        if isStanding {
            var status = stat()
            if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG { throw refuse("it is no regular file") }
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
        let text = String(decoding: bytes, as: UTF8.self)
        // Some editors begin a text with a mark of its encoding.
        return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    }

    private static let mostBytes = 1 << 20
    /// A line that is longer is not shown in a fault.
    private static let longestExcerpt = 200

    /// What the workspace's file says, and what is wrong with it; nothing where there is none.
    ///
    /// A statement that cannot be read is left out, and the others hold: a slip in a file that every run has is no reason to start none.
    static func lines(of workspace: Workspace) -> (lines: [String], faults: [String]) {
        let path = path(of: workspace)
        guard access(path, F_OK) == 0 else { return ([], []) }
        do throws(CommandError) {
            let (found, faults) = RuleStatement.readable(
                in: try text(of: path, as: "a list of rules", isStanding: true))
            return (
                found,
                faults.map { fault in
                    "\(path):\(fault.line):\(fault.column): \(fault.message): this rule does not look, until it is mended there"
                }
            )
        } catch { return ([], ["\(error.description): the workspace's rules do not look"]) }
    }

    /// A run's list of rules behind the workspace's, which it holds against. What a run that is done again has of the workspace's already
    /// is not there twice.
    /// - Returns: the list, and what is wrong with the workspace's.
    /// - Throws: what is wrong with the run's own.
    static func merged(_ lines: [String], in workspace: Workspace) throws(CommandError) -> (lines: [String], faults: [String]) {
        let usual = self.lines(of: workspace)
        try check(lines, after: usual.lines)
        return (usual.lines.filter { !lines.contains($0) } + lines, usual.faults)
    }

    /// Checks statements that were given one by one.
    /// - Parameter before: those that stand before them.
    static func check(_ lines: [String], after before: [String] = []) throws(CommandError) {
        var own = RuleStatement.ownNames(in: before)
        for line in lines {
            _ = try statements(in: line, of: nil, knowing: own)
            own.formUnion(RuleStatement.ownNames(in: [line]))
        }
    }

    private static func statements(
        in text: String, of path: String?, knowing names: Set<String> = []
    ) throws(CommandError) -> [String] {
        do throws(TextFault) { return try RuleStatement.all(in: text, knowing: names).map(\.text) } catch {
            let place = error.place(in: text)
            let head = path.map { "\($0):\(place.line):\(place.column)" } ?? "the rule cannot be read"
            guard place.text.count <= longestExcerpt else { throw .usage("\(head): \(error.message)") }
            throw .usage("\(head): \(error.message)\n  \(place.text.printable)\n  \(place.carets)")
        }
    }
}

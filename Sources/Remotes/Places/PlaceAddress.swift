import Events

/// Where another workspace is, as the user named it.
public struct PlaceAddress: Hashable, Sendable {
    public enum Way: Hashable, Sendable {
        /// - Parameters:
        ///   - destination: `host` or `user@host`.
        ///   - folder: nil = the workspace that descent has there when none is named; `~/x` is below that user's home.
        case ssh(destination: String, port: Int?, folder: String?)
        /// A command whose input and output speak the same as `descent attach --stdio`.
        case command(String)
        /// A workspace of this machine.
        case folder(String)
    }

    /// As it was given.
    public var text: String
    public var way: Way

    /// Reads `ssh://[user@]host[:port][/folder]`, `exec:COMMAND`, or a folder.
    /// - Throws: `badAddress`.
    public init(_ text: String) throws(RemoteError) {
        self.text = text
        if let rest = text.after("ssh://") {
            way = try Self.ssh(rest, text)
        } else if let command = text.after("exec:") {
            guard !command.allSatisfy(\.isWhitespace) else { throw Self.fault(text, "exec: is followed by a command") }
            way = .command(command)
        } else if text.isEmpty || text.contains("://") {
            throw Self.fault(text, "use ssh://[user@]host[:port][/folder], exec:COMMAND or a folder of this machine")
        } else {
            way = .folder(text)
        }
    }

    private static func fault(_ text: String, _ why: String) -> RemoteError { RemoteError(.badAddress, "'\(text)': \(why)") }

    private static func ssh(_ rest: String, _ text: String) throws(RemoteError) -> Way {
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        var destination = String(rest[..<slash]), port: Int?
        // A colon inside brackets is an address of IPv6.
        if let colon = destination.lastIndex(of: ":"), !destination[colon...].contains("]") {
            guard let number = Int(destination[destination.index(after: colon)...]), (1...65_535).contains(number) else {
                throw fault(text, "the port is a number from 1 to 65535")
            }
            port = number
            destination = String(destination[..<colon])
        }
        let parts = destination.split(separator: "@", omittingEmptySubsequences: false)
        // What begins with a dash would be an option of ssh, and the rest something that a shell may read.
        let isPlain =
            parts.count <= 2
            && parts.allSatisfy { part in
                !part.isEmpty && !part.hasPrefix("-")
                    && part.utf8.allSatisfy { byte in byte > 0x20 && byte != 0x7F && !#"'"\$`;&|<>(){}*?!#"#.utf8.contains(byte) }
            }
        guard isPlain else { throw fault(text, "a host or user begins with a letter or digit and is plain text") }
        destination = destination.replacing("[", with: "").replacing("]", with: "")
        var folder = rest[slash...].isEmpty || rest[slash...] == "/" ? nil : String(rest[slash...])
        if let path = folder {
            guard path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { throw fault(text, "a folder is one line") }
            if path == "/~" || path == "/~/" { folder = nil } else if path.hasPrefix("/~/") { folder = String(path.dropFirst()) }
        }
        return .ssh(destination: destination, port: port, folder: folder)
    }

    /// What it is called where the user says nothing: the host's first word, the folder's name, or a command's first word.
    public var name: String {
        let word: Substring
        switch way {
        case .ssh(let destination, _, _):
            let host = destination.split(separator: "@").last ?? "there"
            let isNumeric = host.allSatisfy { $0.isNumber || $0 == "." || $0 == ":" }
            word = isNumeric ? host : host.split(separator: ".").first ?? host
        case .command(let command): word = command.split(separator: " ").first?.split(separator: "/").last ?? "there"
        case .folder(let path):
            let parts = path.split(separator: "/").filter { $0 != "." && $0 != ".descent" }
            word = parts.last ?? "here"
        }
        let plain = String(word.map { PlacePath.isName("a\($0)") ? $0 : "-" }.drop { $0 == "-" || $0 == "." }.prefix(32))
        return plain.isEmpty ? "there" : plain
    }

    /// The program and its arguments that reach it.
    /// - Parameters:
    ///   - descent: the program there.
    ///   - own: this program, for a workspace of this machine.
    ///   - asks: whether a person is there to answer questions, such as for a password.
    public func command(descent: String, own: String, asks: Bool) -> [String] {
        if case .command(let command) = way { return ["/bin/sh", "-c", command] }
        return command(running: ["attach", "--stdio"], descent: descent, own: own, asks: asks) ?? []
    }

    /// The program and its arguments that run a command of descent there.
    /// - Parameter words: the command, without its workspace.
    /// - Returns: nil for a place that is reached by a command of its own.
    public func command(running words: [String], descent: String, own: String, asks: Bool) -> [String]? {
        switch way {
        case .ssh(let destination, let port, let folder):
            var way = ["ssh", "-T", "-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=3", "-o", "ConnectTimeout=15"]
            if !asks { way += ["-o", "BatchMode=yes"] }
            if let port { way += ["-p", String(port)] }
            // A plain word needs no quotes, and an older shell has them simpler without.
            let plain = words.map {
                $0.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz-0123456789".utf8.contains($0) } ? $0 : $0.quotedForShell
            }
            var there = (["exec", descent.quotedForShell] + plain).joined(separator: " ")
            if let folder { there += " --workspace " + folder.quotedForShell }
            return way + ["--", destination, there]
        case .command: return nil
        case .folder(let path): return [own] + words + ["--workspace", path]
        }
    }
}

extension String {
    fileprivate func after(_ prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }

    /// One word for a shell; what begins with `~/` is below the home of whoever runs it.
    var quotedForShell: String {
        if let path = after("~/") { return "\"$HOME\"/" + path.quotedForShell }
        return "'" + replacing("'", with: #"'\''"#) + "'"
    }
}

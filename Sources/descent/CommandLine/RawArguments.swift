import Glibc

/// The command line as the system hands it over: bytes, which need not be text.
enum RawArguments {
    /// The arguments as text. A workspace folder whose name is no UTF-8 is opened, and named by the kernel's name for open files,
    /// under which all of the program finds it.
    /// - Throws: a usage fault for anything else that is no UTF-8: it would be looked for under another name.
    static func all() throws(CommandError) -> [String] {
        let count = Int(CommandLine.argc)
        var arguments: [String] = []
        for index in stride(from: 1, to: count, by: 1) {
            guard let raw = CommandLine.unsafeArgv[index] else { continue }
            if let text = String(validatingCString: raw) {
                arguments.append(text)
            } else if arguments.last == "--workspace" {
                arguments.append(try open(raw))
            } else if strncmp(raw, "--workspace=", 12) == 0 {
                arguments.append("--workspace=" + (try open(raw + 12)))
            } else {
                throw .usage(
                    "'\(String(cString: raw))' is not UTF-8, and descent reads no other names: rename the file, or make a link "
                        + "to it (ln -s)")
            }
        }
        return arguments
    }

    /// - Returns: another name for a folder, good for as long as the program runs.
    private static func open(_ raw: UnsafePointer<CChar>) throws(CommandError) -> String {
        let folder = Glibc.open(raw, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else {
            throw .failed(
                "the workspace \(String(cString: raw)) cannot be opened: a folder whose name is not UTF-8 must be there already "
                    + "(\(String(cString: strerror(errno))))")
        }
        return "/proc/self/fd/\(folder)"
    }
}

import Events
import Glibc
import JSON
import PseudoTerminals
import TemporaryFolders
import Testing

/// The real binary, run as a user would: arguments in; exit code, standard output and standard error out.
struct Program {
    /// The binary beside the test bundle.
    static let path: String = {
        let bundle = CommandLine.arguments[0]
        let folder = bundle.lastIndex(of: "/").map { String(bundle[..<$0]) } ?? "."
        return folder + "/descent"
    }()

    /// The project's folder.
    static let root: String = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

    static func sample(_ name: String) -> String { "\(root)/sample-data/\(name).csv" }

    var code: Int32
    var output: String
    var errors: String

    var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// Standard output as JSON, a document a line.
    func json() throws -> [JSONValue] { try lines.map { try JSONValue(parsing: $0) } }

    func events() throws -> [StudioEvent] { try json().compactMap(StudioEvent.init(json:)) }

    /// Runs to the end.
    @discardableResult
    static func run(_ arguments: String..., folder: String = "/") throws -> Program {
        try run(arguments, folder: folder)
    }

    static func run(_ arguments: [String], folder: String = "/") throws -> Program {
        let running = try Running(arguments, folder: folder)
        return running.finish()
    }
}

extension Program {
    /// The studio on a workspace, at 120x40.
    static func studio(_ workspace: String, home: String) throws -> PseudoTerminal {
        try PseudoTerminal(
            path, ["--workspace", workspace], width: 120, height: 40,
            environment: ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": home], directory: root)
    }

    /// Trains a linear model for two epochs, to the end.
    static func train(_ data: String, _ name: String, in workspace: String, epochs: Int = 2, more: [String] = []) throws {
        let words = [
            "train", data, "--target", "y", "--algorithm", "linear-learner", "--set", "epochs=\(epochs)", "--name", name,
            "--quiet",
            "--workspace", workspace,
        ]
        let ended = try run(words + more)
        try #require(ended.code == 0, "\(ended.errors)")
    }
}

/// A binary that is still running, its output going to two files.
final class Running {
    let process: pid_t
    private let outputPath: String
    private let errorPath: String

    /// - Parameters:
    ///   - variables: `NAME=VALUE`, beside those that every program here has.
    ///   - output: where standard output goes instead of to a file that is read, such as a pipe.
    ///   - program: what runs.
    ///   - limits: what the shell's `ulimit` sets for the program, such as `-f 100`; several apart by commas.
    init(
        _ arguments: [String], folder: String = "/", variables: [String] = [], limits: String = "", output: String? = nil,
        program: String = Program.path
    ) throws {
        var template = Array("/tmp/descent-output-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        try #require(file >= 0)
        close(file)
        outputPath = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        errorPath = outputPath + ".errors"
        let limiting = limits.split(separator: ",").map { "ulimit \($0) && " }.joined()
        // The limits last: the shell itself needs files.
        let script =
            "cd \"$1\" && out=$2 && shift 2 && exec >\"\(output ?? "$out")\" 2>\"$out.errors\" </dev/null && \(limiting)exec \"$@\""
        let words: [String] = ["/bin/sh", "-c", script, "sh", folder, outputPath, program] + arguments
        let settings: [String] = ["PATH=/usr/bin:/bin", "HOME=/dev/null", "LC_ALL=C.UTF-8"] + variables
        var environment: [UnsafeMutablePointer<CChar>?] = settings.map { strdup($0) } + [nil]
        var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { (pointers + environment).forEach { free($0) } }
        var started = pid_t()
        let code = posix_spawn(&started, "/bin/sh", nil, nil, &pointers, &environment)
        try #require(code == 0)
        process = started
    }

    /// What a command that must succeed says last, in JSON.
    static func last(_ words: [String], in workspace: String) throws -> JSONValue {
        let ended = try Running(words + ["--json", "--workspace", workspace]).finish()
        try #require(ended.code == 0, "\(words): \(ended.errors)")
        return try #require(try ended.json().last)
    }

    /// What was printed on standard output so far.
    var output: String { Self.read(outputPath) }
    /// What was printed on standard error so far.
    var errors: String { Self.read(errorPath) }

    func finish() -> Program {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
        defer {
            unlink(outputPath)
            unlink(errorPath)
        }
        return Program(code: code, output: output, errors: Self.read(errorPath))
    }

    private static func read(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension TemporaryFolder {
    /// Fifty rows of `x,y` on a line.
    func writeLine() throws -> String { try write("x,y\n" + (0..<50).map { "\($0),\($0 * 2)\n" }.joined(), as: "d.csv") }
}

import Events
import Files
import Glibc
import JSON

/// The program that a job runs: a script by what runs such scripts, or a command.
package struct ScriptProgram {
    /// What is executed, with all its arguments.
    let words: [String]
    /// What is said of hyperparameters as arguments.
    let arguments: [String]
    /// What people call it.
    let title: String

    /// - Parameter hyperparameters: those of the script.
    /// - Throws: that the script is not there or cannot be run, and what to do.
    init(_ request: JobRequest, hyperparameters: [String: String], _ environment: [String: String]) throws(ScriptError) {
        arguments = ScriptArguments.arguments(hyperparameters)
        if let command = request.command {
            guard command.contains(where: { !$0.isWhitespace }) else {
                throw ScriptError("the command is empty: say what to run")
            }
            // Settings follow a command that is one program; of others nobody knows where they would go, unless they say "$@".
            let isOne = !arguments.isEmpty && !command.contains { ";&|(){}<>`$#\n".contains($0) }
            words = ["/bin/sh", "-c", isOne ? command + " \"$@\"" : command, "sh"] + arguments
            title = command.split(whereSeparator: \.isWhitespace).prefix(3).joined(separator: " ")
            return
        }
        guard let script = request.script, !script.isEmpty else {
            throw ScriptError("no script: name one with --script FILE, or give a --command")
        }
        title = FilePath.name(script)
        words = try Self.runner(of: script, environment) + arguments
    }

    /// What runs a script: the interpreter that its ending or its first line names, or the file itself.
    private static func runner(of script: String, _ environment: [String: String]) throws(ScriptError) -> [String] {
        guard access(script, F_OK) == 0 else { throw ScriptError("\(script) is not there: name the script with --script FILE") }
        if case .folder = FileKind(at: script) { throw ScriptError("\(script) is a folder: name the script in it") }
        guard access(script, R_OK) == 0 else { throw ScriptError("\(script) cannot be read: chmod u+r \(script)") }
        let ending = FilePath.name(script).split(separator: ".").last.map { $0.lowercased() } ?? ""
        switch ending {
        case "py":
            guard let python = python(environment) else {
                throw ScriptError("there is no python3 on the PATH: install it, or name one in DESCENT_PYTHON")
            }
            return [python, script]
        case "sh": return ["/bin/sh", script]
        case "r": return [try installed("Rscript", for: script, environment), script]
        case "jl": return [try installed("julia", for: script, environment), script]
        case "ipynb": throw ScriptError("\(script) is a notebook: jupyter nbconvert --to script makes a script of it")
        default: break
        }
        guard access(script, X_OK) == 0 else {
            throw ScriptError(
                "\(script) cannot be executed: chmod +x \(script), or say what runs it with --command 'PROGRAM \(script)'")
        }
        try checkInterpreter(of: script, environment)
        return [script]
    }

    /// - Throws: that the program that a script's first line names is not here.
    private static func checkInterpreter(of script: String, _ environment: [String: String]) throws(ScriptError) {
        let head = FileContents.head(script, count: 256)
        guard head.starts(with: "#!".utf8) else { return }
        let line = String(decoding: head.dropFirst(2).prefix { $0 != 0x0A }, as: UTF8.self)
        guard !line.hasSuffix("\r") else {
            throw ScriptError("\(script) has the line ends of Windows: sed -i 's/\\r$//' \(script)")
        }
        let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
        guard let interpreter = words.first else { return }
        guard access(interpreter, X_OK) == 0 else {
            throw ScriptError(
                "\(script) asks in its first line for \(interpreter), which is not here: install it, or say what runs it with --command"
            )
        }
        // What env is to look for.
        guard FilePath.name(interpreter) == "env",
            let named = words.dropFirst().first(where: { !$0.hasPrefix("-") && !$0.contains("=") })
        else { return }
        _ = try installed(named, for: script, environment)
    }

    /// A program on the PATH.
    private static func installed(
        _ program: String, for script: String, _ environment: [String: String]
    ) throws(ScriptError) -> String {
        if program.contains("/") { return program }
        guard onPath([program], environment) != nil else {
            throw ScriptError(
                "\(script) is run by \(program), which is not on the PATH: install it, or say what runs it with --command")
        }
        return program
    }

    /// The first of some programs that the PATH has.
    static func onPath(_ names: [String], _ environment: [String: String]) -> String? {
        let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":").map(String.init)
        return names.lazy.flatMap { name in folders.lazy.map { $0 + "/" + name } }.first { access($0, X_OK) == 0 }
    }

    /// The user's own Python: the one named, that of the environment that is active, or the first on the PATH.
    package static func python(_ environment: [String: String]) -> String? {
        if let named = environment["DESCENT_PYTHON"], !named.isEmpty {
            return named.contains("/") && access(named, X_OK) != 0 ? nil : named
        }
        if let active = environment["VIRTUAL_ENV"], access(active + "/bin/python", X_OK) == 0 { return active + "/bin/python" }
        return onPath(["python3", "python"], environment)
    }
}

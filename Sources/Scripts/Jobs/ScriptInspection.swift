import Events
import Files
import Glibc

/// What became of a script's run since: whether it could run again, whether its output is whole, what it left running.
public enum ScriptInspection {
    /// Why a run's program cannot be started any more; nil = nothing stands in the way.
    public static func obstacle(to request: JobRequest, environment: [String: String]) -> String? {
        if let folder = request.folder, access(folder, F_OK) != 0 { return "its folder \(folder) is not there" }
        do throws(ScriptError) {
            let program = try ScriptProgram(request, hyperparameters: [:], environment)
            let word = request.command.flatMap(Self.program) ?? program.words[0]
            return isProgram(word, in: request.folder ?? "/", environment) ? nil : "there is no program \(word)"
        } catch {
            let text = error.description
            return text.firstIndex(of: ":").map { String(text[..<$0]) } ?? text
        }
    }

    /// The program of a command; nil for a command of which only a shell knows what it runs.
    private static func program(of command: String) -> String? {
        guard !command.contains(where: { ";&|(){}<>`$\\'\"*?#~=!\n".contains($0) }) else { return nil }
        return command.split(whereSeparator: \.isWhitespace).first.map(String.init)
    }

    private static func isProgram(_ word: String, in folder: String, _ environment: [String: String]) -> Bool {
        if word.contains("/") { return access(word.hasPrefix("/") ? word : folder + "/" + word, X_OK) == 0 }
        // What the shell does itself is no file.
        if ["exec", "cd", "set", "export", "test", "true", "false", "echo", "if", "for", "while", "until"].contains(word) {
            return true
        }
        return ScriptProgram.onPath([word], environment) != nil
    }

    /// What of a run's output is not there any more; nil = nothing is amiss.
    /// - Parameter folder: the run's artifacts.
    public static func lostOutput(in folder: String) -> String? {
        let files = ScriptLog.files(in: folder)
        guard let first = files.first, first.number == 0 else { return "\(ScriptLog.name) is not there" }
        let later = files.dropFirst().map(\.number)
        if let second = later.first {
            // The first one was full when the second was begun; a line that did not fit may be as long as a line can be.
            let size = FileStamp(first.path)?.size ?? 0
            if size < ScriptLog.fileBytes - OutputLines.longest - (1 << 17) { return "\(ScriptLog.name) is cut" }
            if second > 1, later.count < ScriptLog.laterFiles { return "output-\(second - 1).log is not there" }
        }
        for (number, next) in zip(later, later.dropFirst()) where next != number + 1 {
            return "output-\(number + 1).log is not there"
        }
        return nil
    }

    /// Processes that a run's script started, guards among them, by the run's id.
    public static func processes() -> [String: [Int]] {
        var found: [String: [Int]] = [:]
        for (process, run) in ProcessTree.processes(naming: "DESCENT_RUN") { found[run, default: []].append(Int(process)) }
        return found
    }
}

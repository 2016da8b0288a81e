import Events
import Glibc

/// How a script failed, in words: by what it said itself, by the exception that its output ends with, or by its status.
struct ScriptFailure {
    /// How it ended, and why, in one line.
    var summary: String
    /// The same with why it ended first, for where there is no room for all.
    let headline: String
    /// Where the exception was raised, as `train.py:42`.
    var place: String?
    /// The last lines of its output.
    var lastLines: [String]
    var remedies: [Alert.Remedy] = []
    var exitStatus: Double

    init(
        _ end: GuardedProcess.End, program: ScriptProgram, said: ScriptMessage.Failure?, reason: String?, tail: [String]
    ) {
        lastLines = tail.suffix(12).filter { !$0.allSatisfy(\.isWhitespace) }
        let exception = PythonException(in: tail)
        place = said?.file.map { file in said?.line.map { "\(Self.name(file)):\($0)" } ?? Self.name(file) } ?? exception?.place
        var words: String
        switch end {
        case .exited(let status):
            words = "\(program.title) ended with status \(status)"
            exitStatus = Double(status)
            if status == 126 || status == 127, exception == nil {
                words += status == 127 ? ": a program was not found" : ": a program cannot be executed"
            }
        case .killed(let signal):
            words = "\(program.title) was killed by signal \(signal) (\(String(cString: strsignal(signal))))"
            exitStatus = Double(128 + signal)
            if signal == SIGKILL {
                remedies.append(
                    Alert.Remedy("if nobody killed it, the machine ran out of memory: a smaller batch, or less data at a time"))
            }
        case .lost:
            words = "\(program.title) ended with its guard, which was killed"
            exitStatus = Double(128 + SIGKILL)
        case .failed(let code):
            words = "\(program.title) cannot be started: \(String(cString: strerror(code)))"
            exitStatus = 127
        }
        var why: String?
        if let said {
            why = "\(said.type): \(said.message)"
        } else if let reason {
            why = reason
        } else if let exception {
            why = exception.message
        } else if let last = lastLines.last, case .exited = end {
            why = last
        }
        let at = place.map { " (\($0))" } ?? ""
        summary = String((words + (why.map { ": " + $0 } ?? "") + at).prefix(1024))
        // Of an exception with several lines the first says what it is.
        let first = why?.split(separator: "\n").first.map { String($0.prefix(512)) }
        headline = first.map { "\($0)\(at): \(words)" } ?? words + at
        if let module = exception?.missingModule {
            remedies.append(Alert.Remedy("pip install \(module), or name the Python that has it in DESCENT_PYTHON"))
        }
    }

    private static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// - Parameter log: the file that has all of its output.
    func alert(step: Int, of name: String, log: String) -> Alert {
        let cause = lastLines.isEmpty ? "it wrote nothing" : "the last lines of its output:\n" + lastLines.joined(separator: "\n")
        return Alert(
            rule: "ScriptFailed", severity: .issue, step: step, summary: headline,
            evidence: [Alert.Evidence("exit status", exitStatus)], cause: cause,
            remedies: remedies + [Alert.Remedy("all that it wrote: descent runs output \(name), or \(log)")])
    }
}

/// The exception that a Python program's output ends with.
struct PythonException {
    var message: String
    /// Where it was raised: the innermost place that is no library's.
    var place: String?
    var missingModule: String?

    init?(in output: [String]) {
        let lines = output.map(Self.withoutRank)
        let starts = lines.indices.filter { lines[$0].hasPrefix("Traceback (most recent call last)") }
        // That of the launcher says no more than that a worker failed.
        let found = starts.indices.reversed().lazy.compactMap { place in
            PythonException(Array(lines[starts[place]..<(place + 1 < starts.count ? starts[place + 1] : lines.count)]))
        }
        guard let own = found.first(where: { !$0.message.contains("ChildFailedError") }) ?? found.first else { return nil }
        self = own
    }

    /// A line without what says which of several processes wrote it: `[rank1]: `.
    private static func withoutRank(_ line: String) -> String {
        guard line.hasPrefix("[rank") || line.hasPrefix("[default"), let end = line.firstIndex(of: "]") else { return line }
        let rest = line[end...].dropFirst()
        guard rest.hasPrefix(":") else { return line }
        return String(rest.dropFirst(rest.hasPrefix(": ") ? 2 : 1))
    }

    /// - Parameter lines: a traceback and what follows it.
    private init?(_ lines: [String]) {
        let start = 0
        let rest = lines[(start + 1)...]
        var places: [String] = []
        for line in rest {
            let words = line.split(separator: "\"", omittingEmptySubsequences: false)
            guard line.hasPrefix("  File \""), words.count > 2 else { continue }
            let number = words[2].drop { !$0.isNumber }.prefix { $0.isNumber }
            let file = String(words[1])
            if !file.contains("site-packages"), !file.contains("/lib/python"), !file.hasPrefix("<") {
                places.append("\(file.split(separator: "/").last.map(String.init) ?? file):\(number)")
            }
        }
        // Behind the places it was passed on through comes what it is; other things may have been printed after it.
        let end = rest.lastIndex { $0.hasPrefix("  ") } ?? start
        guard let last = lines[(end + 1)...].first(where: { $0.first?.isLetter == true }) else { return nil }
        message = last
        place = places.last
        if last.hasPrefix("ModuleNotFoundError"), let name = last.split(separator: "'").dropFirst().first {
            missingModule = String(name.prefix { $0 != "." })
        }
    }
}

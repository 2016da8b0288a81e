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

    /// - Parameters:
    ///   - tail: the last lines of its output.
    ///   - isMetric: whether a line tells how training goes, and so not why it ended.
    init(
        _ end: GuardedProcess.End, program: ScriptProgram, said: ScriptMessage.Failure?, reason: String?, tail: [String],
        isMetric: (String) -> Bool
    ) {
        lastLines = tail.suffix(12).filter { !$0.allSatisfy(\.isWhitespace) }
        let cause = LaunchedFailure(in: tail)
        // What others say when one of them is gone is not why.
        let exception = cause?.isKilled == true ? nil : PythonException(in: tail)
        let said = cause?.isKilled == true ? nil : said
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
                remedies.append(Self.memory)
            }
        case .lost:
            words = "\(program.title) ended with its guard, which was killed"
            exitStatus = Double(128 + SIGKILL)
        case .failed(let code):
            words = "\(program.title) cannot be started: \(String(cString: strerror(code)))"
            exitStatus = 127
        }
        var why: String?
        if let cause, cause.isKilled {
            why = cause.message
        } else if let said {
            why = "\(said.type): \(said.message)"
        } else if let reason {
            why = reason
        } else if let exception, !exception.isOfLauncher || cause == nil {
            why = exception.message
        } else if let cause {
            why = cause.message
        } else if case .exited = end {
            why = lastLines.last { Self.hasWords($0) && !isMetric($0) }
        }
        let at = place.map { " (\($0))" } ?? ""
        summary = String((words + (why.map { ": " + $0 } ?? "") + at).prefix(1024))
        // Of an exception with several lines the first says what it is.
        let first = why?.split(separator: "\n").first.map { String($0.prefix(512)) }
        headline = first.map { "\($0)\(at): \(words)" } ?? words + at
        if cause?.signal == "SIGKILL" { remedies.append(Self.memory) }
        if let module = exception?.missingModule {
            remedies.append(Alert.Remedy("pip install \(module), or name the Python that has it in DESCENT_PYTHON"))
        }
    }

    private static let memory = Alert.Remedy(
        "if nobody killed it, the machine ran out of memory: a smaller batch, or less data at a time")

    /// Whether a line is more than something that divides others.
    private static func hasWords(_ line: String) -> Bool { line.contains { $0.isLetter || $0.isNumber } }

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

    /// Whether it says no more than that one of several processes failed.
    var isOfLauncher: Bool { message.contains("ChildFailedError") }

    init?(in output: [String]) {
        let lines = output.map(Self.withoutRank)
        let starts = lines.indices.filter { lines[$0].hasPrefix("Traceback (most recent call last)") }
        // That of the launcher says no more than that a worker failed.
        let found = starts.indices.reversed().lazy.compactMap { place in
            PythonException(Array(lines[starts[place]..<(place + 1 < starts.count ? starts[place + 1] : lines.count)]))
        }
        guard let own = found.first(where: { !$0.isOfLauncher }) ?? found.first else { return nil }
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

/// What torchrun says of the process that failed first.
struct LaunchedFailure {
    private let rank: String
    private let status: String
    /// Such as `SIGKILL`; nil = it was not killed.
    let signal: String?

    var isKilled: Bool { signal != nil }

    var message: String {
        signal.map { "rank \(rank) was killed by \($0)" } ?? "rank \(rank) ended with status \(status)"
    }

    init?(in output: [String]) {
        guard let start = output.lastIndex(where: { $0.contains("Root Cause") }) else { return nil }
        func member(_ name: String) -> Substring? {
            for line in output[start...].prefix(12) {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts.count == 2, parts[0].split(whereSeparator: \.isWhitespace) == [name[...]] {
                    return parts[1].drop(while: \.isWhitespace)
                }
            }
            return nil
        }
        guard let rank = member("rank")?.prefix(while: \.isNumber), let status = member("exitcode")?.prefix(while: { $0 != " " }),
            !rank.isEmpty
        else { return nil }
        (self.rank, self.status) = (String(rank), String(status))
        // Signal 9 (SIGKILL) received by PID 4711
        let said = member("traceback").flatMap {
            $0.hasPrefix("Signal ") ? $0.split { "()".contains($0) }.dropFirst().first : nil
        }
        signal = status.hasPrefix("-") ? said.map(String.init) ?? "signal \(status.dropFirst())" : nil
    }
}

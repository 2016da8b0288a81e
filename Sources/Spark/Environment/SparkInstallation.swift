import Clocks
import Files
import Glibc
import JSON

/// Makes the environment of Spark, and takes it away.
package struct SparkInstallation {
    package let place: SparkEnvironment
    let environment: [String: String]
    /// Told what is done.
    let tell: (String) -> Void

    package init(_ place: SparkEnvironment, environment: [String: String], tell: @escaping (String) -> Void) {
        (self.place, self.environment, self.tell) = (place, environment, tell)
    }

    /// Installs it, unless it is there already.
    ///
    /// - Parameter python: the interpreter that it is made of; nil = `python3`.
    /// - Returns: whether something was installed.
    /// - Throws: `failed` with the reason of Python or pip; nothing is left behind then.
    package func install(python: String?) throws(SparkFault) -> Bool {
        let lock = try lock()
        defer { close(lock) }
        if place.isCurrent { return false }
        let interpreter = python ?? "python3"
        try check(interpreter)
        Folder.remove(place.folder)
        do throws(SparkFault) {
            try fill(interpreter)
        } catch {
            Folder.remove(place.folder)
            throw error
        }
        return true
    }

    /// Takes it away.
    /// - Returns: whether something was there.
    package func remove() throws(SparkFault) -> Bool {
        let lock = try lock()
        defer { close(lock) }
        guard access(place.folder, F_OK) == 0 else { return false }
        // From here on it is not whole.
        unlink(place.markPath)
        Folder.remove(place.folder)
        guard access(place.folder, F_OK) != 0 else {
            throw SparkFault(.failed, "\(place.folder) cannot be removed: remove it by hand")
        }
        return true
    }

    /// One at a time: another one waits until this one is over.
    private func lock() throws(SparkFault) -> Int32 {
        let folder = FilePath.folder(place.folder)
        do throws(FileError) { try Folder.make(folder) } catch {
            throw SparkFault(.failed, "\(folder) cannot be made: \(error.cause ?? error.message)")
        }
        let path = place.folder + ".lock", file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw SparkFault(.failed, "\(path) cannot be opened: \(String(cString: strerror(errno)))") }
        guard flock(file, LOCK_EX | LOCK_NB) != 0 else { return file }
        tell("another Descent installs or removes it: waiting until that is done")
        while flock(file, LOCK_EX) != 0, errno == EINTR {}
        return file
    }

    private func check(_ interpreter: String) throws(SparkFault) {
        let code = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
        let found = try ProgramOutput.run(
            [interpreter, "-c", code], environment: environment,
            failing: "\(interpreter) cannot be started, and Spark needs Python: install it, or name another one with --python")
        let oldest = SparkEnvironment.oldestPython
        let numbers = (found.lines.last ?? "").split(separator: ".").compactMap { Int($0) }
        guard found.status == 0, numbers.count == 2 else {
            throw SparkFault(
                .failed,
                "\(interpreter) has no venv (\(found.lines.last ?? "it ended")): install it (such as python3-venv), or name another one with --python"
            )
        }
        guard (numbers[0], numbers[1]) >= (oldest.major, oldest.minor) else {
            throw SparkFault(
                .failed,
                "\(interpreter) is Python \(found.lines.last ?? ""), and Spark is installed with \(oldest.major).\(oldest.minor) or newer: name another one with --python"
            )
        }
    }

    private func fill(_ interpreter: String) throws(SparkFault) {
        tell("making an environment in \(place.folder)")
        let made = try ProgramOutput.run(
            [interpreter, "-m", "venv", place.folder], environment: environment, failing: "\(interpreter) cannot be started")
        guard made.status == 0 else {
            throw SparkFault(.failed, "no environment can be made: \(Self.reason(made.lines)): check the disk, or give --python")
        }
        var named: Set<String> = []
        let pip = [
            place.python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off",
            "--retries", "2", "--timeout", "20",
        ]
        let filled = try ProgramOutput.run(
            pip + SparkEnvironment.requirements, environment: environment, failing: "pip cannot be started"
        ) { line in
            let words = line.split(separator: " ")
            if words.first == "Collecting", words.count > 1, named.insert(String(words[1])).inserted {
                tell("fetching \(words[1])")
            } else if words.first == "Downloading", let size = line.split(separator: "(").last?.dropLast(), line.hasSuffix(")") {
                tell("  \(size)")
            } else if line.hasPrefix("Installing collected packages") {
                tell("unpacking: about 1 GB")
            }
        }
        guard filled.status == 0 else {
            throw SparkFault(
                .failed,
                "Spark cannot be installed: \(Self.reason(filled.lines)): check the network, or pip's settings (pip config), and try again"
            )
        }
        try finish()
    }

    /// Tries everything once, and says that it is whole.
    private func finish() throws(SparkFault) {
        tell("trying it")
        let names = SparkEnvironment.requirements.map { $0.split(separator: "=").first.map(String.init) ?? $0 }
        let code =
            "import json, sys, pyspark, xgboost.tracker, pyarrow, numpy, pandas; from importlib.metadata import version; "
            + "print(json.dumps({'python': sys.version.split()[0], 'packages': {n: version(n) for n in sys.argv[1:]}}))"
        let tried = try ProgramOutput.run(
            [place.python, "-W", "ignore", "-c", code] + names, environment: environment,
            failing: "\(place.python) cannot be started")
        guard tried.status == 0, let line = tried.lines.last else {
            throw SparkFault(
                .failed, "what was installed does not run: \(Self.reason(tried.lines)): try another Python with --python")
        }
        do throws(FileError) { try AtomicFile.write(Array((line + "\n").utf8), to: place.markPath) } catch {
            throw SparkFault(.failed, "\(place.markPath) cannot be written: \(error.cause ?? error.message)")
        }
    }

    /// The line that says why: the last one that is called an error, else the last.
    static func reason(_ lines: [String]) -> String {
        let told = lines.filter { !$0.allSatisfy(\.isWhitespace) }
        let network = told.last { $0.contains("NewConnectionError") || $0.contains("ProxyError") || $0.contains("Timeout") }
        let errors = told.filter { $0.hasPrefix("ERROR:") }
        let error = (errors.last { !$0.contains("No matching distribution") } ?? errors.last).map { String($0.dropFirst(7)) }
        let text = [network.flatMap(Self.cause), error ?? told.last].compactMap { $0 }.joined(separator: "; ")
        return String(text.prefix(400))
    }

    /// What the network said, out of pip's warning.
    private static func cause(_ line: String) -> String? {
        let quoted = line.split(separator: "'").first { $0.contains("Failed to ") || $0.contains("Errno") }
        return quoted.map { text in String(text.split(separator: ">").last ?? text).trimmingPrefix(": ").description }
    }
}

import Clocks
import Databases
import Events
import Experiments
import Glibc
import PseudoTerminals
import TemporaryFolders
import Testing

/// What the program says and leaves when its workspace cannot be written, vanishes or is damaged.
@Suite(.serialized) struct WorkspaceFaultTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func arguments(_ name: String, epochs: Int = 1_000_000) -> [String] {
        [
            "train", Program.sample("brokerage"), "--target", "churned", "--name", name, "--workspace", workspace, "--set",
            "epochs=\(epochs)", "--set", "early_stopping_patience=off", "--set", "mini_batch_size=16",
        ]
    }

    private func trained(_ name: String = "adam") throws {
        let ended = try Program.run(arguments(name, epochs: 2) + ["--quiet"])
        try #require(ended.code == 0, "\(ended.errors)")
    }

    private func isMissing(_ path: String) -> Bool { access(path, F_OK) != 0 }

    /// Waits until a file is there, for at most a minute.
    private func wait(for path: String) throws {
        let limit = SteadyClock.nanoseconds() + 60_000_000_000
        while isMissing(path) {
            try #require(SteadyClock.nanoseconds() < limit, "\(path) did not appear")
            usleep(5_000)
        }
    }

    /// Waits until standard output has a text, for at most a minute.
    private func wait(_ running: Running, for text: String) throws {
        let limit = SteadyClock.nanoseconds() + 60_000_000_000
        while !running.output.contains(text) {
            try #require(SteadyClock.nanoseconds() < limit, "no \(text) in \(running.output.suffix(500))")
            usleep(5_000)
        }
    }

    @Test(.timeLimit(.minutes(2))) func aWorkspaceThatMayNotGrowEndsTraining() throws {
        try trained()
        // The limit is in blocks of 512 bytes.
        let running = try Running(arguments("limited") + ["--quiet"], limits: "-f 400")
        let ended = running.finish()
        #expect(ended.code == 1, "\(ended.errors)")
        #expect(ended.errors.contains("ulimit -f") || ended.errors.contains("File too large"), "\(ended.errors)")
        #expect(!ended.errors.contains("INSERT") && !ended.errors.contains("COMMIT"))
    }

    @Test(.timeLimit(.minutes(2)), arguments: [SIGTERM, SIGINT])
    func aWorkspaceThatIsRemovedUnderTrainingIsSaidAndSignalsStillCount(signal: Int32) throws {
        let running = try Running(arguments("orphan") + ["--json", "--pace", "200"])
        try wait(running, for: "\"metricsRecorded\"")
        try wait(for: workspace + "/artifacts")
        #expect(rename(workspace, workspace + ".away") == 0)
        try wait(running, for: "\"recordingStalled\"")
        kill(running.process, signal)
        let ended = running.finish()
        #expect(ended.code == 1 || ended.code == 130, "\(ended.code) \(ended.errors)")
        #expect(ended.errors.contains("\n  orphan: "), "\(ended.errors)")
        #expect(ended.errors.contains("is gone: bring it back"))
        #expect(ended.output.contains("\"problem\":\"workspace gone\""))
    }

    @Test(.timeLimit(.minutes(2)), arguments: [SIGTERM, SIGINT])
    func aReaderThatTakesNothingDoesNotKeepASignalFromEndingTraining(signal: Int32) throws {
        let pipe = scratch.path + "/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        // Opened and never read.
        let reader = open(pipe, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        let words = arguments("blocked") + ["--json"]
        let running = try Running(words, output: pipe)
        try wait(for: workspace + "/artifacts")
        var ready = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
        try #require(poll(&ready, 1, 60_000) == 1)
        kill(running.process, signal)
        let ended = running.finish()
        #expect(ended.code == 130, "\(ended.code) \(ended.errors)")
        let run = try RunStore(Workspace(path: workspace)).run(named: "blocked")
        #expect(run.status == .stopped && run.reason == .stoppedByUser, "\(run.status) \(run.reason)")
    }

    @Test(.timeLimit(.minutes(2))) func aWorkspaceThatComesBackGetsEverything() throws {
        let running = try Running(arguments("back") + ["--json", "--pace", "200"])
        try wait(running, for: "\"metricsRecorded\"")
        #expect(rename(workspace, workspace + ".away") == 0)
        try wait(running, for: "\"recordingStalled\"")
        // A checkpoint may have made the folder anew meanwhile.
        _ = try ShellLine.run("rm -rf '\(workspace)' && mv '\(workspace).away' '\(workspace)'")
        try wait(running, for: "\"recordingResumed\"")
        kill(running.process, SIGINT)
        let ended = running.finish()
        #expect(!ended.errors.contains("not everything is recorded"), "\(ended.errors)")
        let store = try RunStore(Workspace(path: workspace))
        let run = try store.run(named: "back")
        let steps = try store.points(run: run.record.id, metric: .trainLoss).map(\.step)
        #expect(steps == Array(1..<(steps.count + 1)))
        #expect(steps.count >= run.step)
    }

    @Test(.timeLimit(.minutes(2)), arguments: [SIGTERM, SIGHUP, SIGINT])
    func theStudioSaysThatItsWorkspaceIsGoneAndCanBeLeft(signal: Int32) throws {
        try trained()
        let terminal = try PseudoTerminal(
            Program.path, ["--workspace", workspace], width: 120, height: 30,
            environment: ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": scratch.path], directory: Program.root)
        try terminal.wait(forText: "adam")
        _ = try ShellLine.run("rm -rf '\(workspace)'")
        try terminal.wait(forText: "not recorded: workspace gone")
        // What cannot be written is not shown as done.
        terminal.send("2tpaper\r")
        try terminal.wait(forText: "was not changed")
        terminal.signal(signal)
        #expect(try terminal.waitForExit() == .exited(130))
        #expect(!terminal.screen.modes.contains(1049))
    }

    @Test func commandsThatOnlyLookMakeNoWorkspace() throws {
        let commands: [(words: [String], code: Int32)] = [
            (["runs", "list"], 0), (["runs", "list", "--json"], 0), (["runs", "show", "x"], 2), (["runs", "tag", "x", "y"], 2),
            (["runs", "compare", "a", "b"], 2), (["runs", "delete", "x"], 2), (["runs", "resume", "x"], 2),
            (["runs", "fork", "x"], 2), (["runs", "reproduce", "x"], 2), (["runs", "stop", "x"], 2),
        ]
        for (words, code) in commands {
            let ended = try Program.run(words + ["--workspace", workspace])
            #expect(ended.code == code, "\(words): \(ended.errors)")
            #expect(isMissing(workspace), "\(words)")
            if code == 2 { #expect(ended.errors.contains("there is no workspace in \(workspace)"), "\(words): \(ended.errors)") }
        }
        let doctor = try Program.run("doctor", "--workspace", workspace)
        #expect(doctor.output.contains("not made yet"))
        #expect(isMissing(workspace))
    }

    @Test func anEmptiedDatabaseSaysWhatIsMissingAndGetsItBack() throws {
        try trained("first")
        try trained("second")
        #expect(try Program.run("runs", "tag", "second", "kept", "--workspace", workspace).code == 0)
        let before = try Program.run("runs", "list", "--json", "--workspace", workspace).json()
        for end in ["", "-wal", "-shm"] { unlink(workspace + "/descent.sqlite" + end) }
        let gone = try Program.run("runs", "list", "--workspace", workspace)
        #expect(gone.code == 1)
        #expect(gone.errors.contains("files of 2 runs are there: `descent doctor --recover`"), "\(gone.errors)")
        #expect(isMissing(workspace + "/descent.sqlite"))
        let doctor = try Program.run("doctor", "--workspace", workspace)
        #expect(doctor.code == 1)
        #expect(doctor.output.contains("2 have files and are not in the database"), "\(doctor.output)")
        let recovered = try Program.run("doctor", "--recover", "--workspace", workspace)
        #expect(recovered.code == 0, "\(recovered.errors)")
        #expect(recovered.output.contains("first") && recovered.output.contains("second"))
        let after = try Program.run("runs", "list", "--json", "--workspace", workspace).json()
        for name in ["first", "second"] {
            let pair = [before, after].map { $0.first { $0["name"]?.string == name } }
            for member in ["run", "status", "reason", "hyperparameters", "tags", "step", "metrics"] {
                #expect(pair[0]?[member] == pair[1]?[member], "\(name) \(member)")
            }
        }
        let rows = Program.sample("brokerage")
        #expect(try Program.run("evaluate", "second", rows, "--workspace", workspace).code == 0)
    }

    @Test func aDamagedDatabaseGivesBackWhatCanBeRead() throws {
        for name in ["a", "b", "c"] { try trained(name) }
        let path = workspace + "/descent.sqlite"
        // What still stands in the log would be read from there.
        try Database(path: path).execute("PRAGMA wal_checkpoint(TRUNCATE)")
        // A page in the middle of the file, and the last one.
        let file = open(path, O_RDWR)
        try #require(file >= 0)
        let size = lseek(file, 0, SEEK_END)
        let noise = [UInt8](repeating: 0xA5, count: 16_384)
        for page in [size / 16_384 / 2, size / 16_384 - 1] { _ = pwrite(file, noise, noise.count, page * 16_384) }
        close(file)
        let doctor = try Program.run("doctor", "--workspace", workspace)
        #expect(doctor.code == 1)
        #expect(doctor.output.contains("is damaged"), "\(doctor.output)")
        let recovered = try Program.run("doctor", "--recover", "--workspace", workspace)
        #expect(recovered.code == 0, "\(recovered.errors)")
        #expect(recovered.output.contains("descent.sqlite.damaged-1"), "\(recovered.output)")
        let listed = try Program.run("runs", "list", "--json", "--workspace", workspace).json()
        #expect(Set(listed.compactMap { $0["name"]?.string }) == ["a", "b", "c"])
        #expect(try Program.run("doctor", "--workspace", workspace).output.contains("3 runs"))
    }

    @Test func aFileThatIsNoDatabaseIsSavedAsideAndRunsComeBack() throws {
        try trained("a")
        let path = workspace + "/descent.sqlite"
        for end in ["-wal", "-shm"] { unlink(path + end) }
        _ = try scratch.write(String(repeating: "not a database ", count: 5_000), as: "workspace/descent.sqlite")
        let listed = try Program.run("runs", "list", "--workspace", workspace)
        #expect(listed.code == 1)
        #expect(listed.errors.contains("`descent doctor --recover` saves what can be read"), "\(listed.errors)")
        #expect(try Program.run("doctor", "--recover", "--workspace", workspace).code == 0)
        #expect(try Program.run("runs", "show", "a", "--workspace", workspace).code == 0)
    }

    @Test func runsThatAreRefusedForTheirSettingsLeaveNothing() throws {
        try trained("parent")
        let before = try ShellLine.run("ls '\(workspace)/artifacts' | wc -l")
        let data = Program.sample("brokerage")
        let refused: [[String]] = [
            ["train", data, "--target", "churned", "--set", "lerning_rate=1"],
            ["train", data, "--target", "churned", "--set", "learning_rate=fast"],
            ["train", data, "--target", "churned", "--objective", "validation:nothing"],
            ["train", data, "--target", "churned", "--name", "@latest"],
            ["train", data, "--target", "churned", "--drop", "no_such_column"],
            ["train", data, "--target", "no_such_column"],
            ["train", data, "--target", "churned", "--weight", "no_such_column"],
            ["runs", "fork", "parent", "--set", "lerning_rate=1"], ["runs", "fork", "parent", "--at", "0"],
            ["runs", "fork", "parent", "--name", "-x"], ["runs", "fork", "parent", "--set", "learning_rate=-1"],
        ]
        for words in refused {
            let ended = try Program.run(words + ["--workspace", workspace])
            #expect([1, 2, 3].contains(ended.code), "\(words)")
            let listed = try Program.run("runs", "list", "--json", "--workspace", workspace).json()
            #expect(listed.compactMap { $0["name"]?.string } == ["parent"], "\(words)")
            #expect(try ShellLine.run("ls '\(workspace)/artifacts' | wc -l") == before, "\(words)")
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: ["-n 8", "-n 9", "-n 10", "-v 200000", "-v 300000", "-v 400000"])
    func aLimitThatIsTooLowIsSaidAndNothingHangs(limit: String) throws {
        let words = ["train", Program.sample("diabetes"), "--target", "progression", "--set", "epochs=2", "--quiet"]
        let ended = try Running(
            words + ["--workspace", workspace], variables: ["SWIFT_BACKTRACE=enable=no"], limits: limit
        ).finish()
        #expect(ended.code >= 0, "\(limit): \(ended.code) \(ended.errors)")
        if ended.code != 0 { #expect(ended.errors.contains(": "), "\(limit): \(ended.errors)") }
    }
}

/// A line for the shell, where Swift has no short way.
enum ShellLine {
    @discardableResult
    static func run(_ line: String) throws -> String {
        let pipe = try #require(popen(line, "r"))
        defer { pclose(pipe) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = fread(&buffer, 1, buffer.count, pipe)
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

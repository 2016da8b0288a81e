import Cells
import Glibc
import PseudoTerminals
import TemporaryFolders
import Testing

/// Everyday jobs in the real studio, with the keys they take, sent as fast as a terminal takes them. One studio does all of them, one
/// after another, as somebody at it would; every key is counted that leads from where the last job ended.
@Suite struct KeystrokeStudioTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func train(_ name: String, _ file: String, _ target: String, _ settings: String...) throws {
        let options = settings.flatMap { ["--set", $0] }
        let trained = try Program.run(
            ["train", Program.sample(file), "--target", target, "--name", name, "--quiet", "--workspace", workspace] + options)
        #expect(trained.code == 0, "\(trained.errors)")
    }

    private func open() throws -> PseudoTerminal {
        symlink("\(Program.root)/sample-data", scratch.path + "/sample-data")
        let terminal = try PseudoTerminal(
            Program.path, ["--workspace", workspace], width: 120, height: 40,
            environment: ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": scratch.path], directory: scratch.path)
        try terminal.wait(forText: "2 Experiments")
        return terminal
    }

    /// A studio and the hand at it.
    private struct Hand {
        let terminal: PseudoTerminal

        /// Presses keys as fast as a terminal takes them, and waits until the screen says that the job is done.
        /// - Returns: how many keys that took.
        func keys(_ script: String, until what: String, _ isDone: (VirtualScreen) -> Bool) throws -> Int {
            let keys = Keystrokes(script)
            terminal.send(Array(keys.bytes.joined()))
            try terminal.wait(for: what, until: isDone)
            return keys.count
        }

        func keys(_ script: String, until text: String) throws -> Int { try keys(script, until: text) { $0.contains(text) } }
    }

    /// Rows of the table that end in a full bar; the note under it has none.
    private func doneRuns(_ screen: VirtualScreen) -> Int { screen.lines.count { $0.contains("✔") && $0.contains("━") } }

    private func settings(_ run: String) throws -> String {
        try Program.run("runs", "show", run, "--json", "--workspace", workspace).output
    }

    @Test func `everyday jobs take few keys`() throws {
        try train("too-fast", "insurance", "charges", "epochs=20", "optimizer=sgd", "learning_rate=0.9")
        try train("first", "insurance", "charges", "epochs=20")
        let hand = Hand(terminal: try open())
        let terminal = hand.terminal
        try terminal.wait(forText: "first")

        // Open and understand data: a path is completed from the disk, so that this hand looks at the screen.
        var count = 0
        for (script, text) in [
            ("o s", "sample-data/"), ("tab i r", "sample-data/iris.csv"), ("tab enter", "sorted by species"),
            ("enter", "none missing   35 distinct"),
        ] { count += try hand.keys(script, until: text) }
        #expect(count <= 9)

        // Find the best run.
        #expect(try hand.keys("2 *", until: "first is the best of 2 runs") <= 3)

        // A run with one changed value.
        count = try hand.keys("e / lea enter 0.01 ctrl-s", until: "a third run that is done") { screen in
            doneRuns(screen) == 3 && screen.contains("0 running")
        }
        #expect(count <= 12)
        let changed = try settings("@latest")
        #expect(changed.contains(#""learning_rate":"0.01""#) && changed.contains(#""epochs":"20""#), "\(changed)")

        // A fork from the best one, with one changed value.
        count = try hand.keys("* F tab 0.02 enter", until: "a fork that is done") { screen in
            doneRuns(screen) == 4 && screen.contains("0 running")
        }
        #expect(count <= 8)
        let fork = try settings("@latest")
        #expect(fork.contains(#""learning_rate":"0.02""#) && fork.contains("parent"), "\(fork)")

        // From a run to what belongs to it, and back.
        _ = try hand.keys("g", until: "the fork to be selected") { $0.lines.contains { $0.contains("▸") && $0.contains("D") } }
        #expect(try hand.keys("' p", until: "overview") <= 2)
        #expect(try hand.keys("ctrl-o", until: "the home screen") { !$0.contains("overview") } <= 2)
        #expect(try hand.keys("' d", until: "smoker") <= 2)
        #expect(try hand.keys("ctrl-o", until: "the home screen") { !$0.contains("smoker") } <= 2)
        _ = try hand.keys("G", until: "the run with an alert") { $0.lines.contains { $0.contains("▸A") } }
        #expect(try hand.keys("' a", until: "f fix: a new run") <= 2)
        #expect(try hand.keys("ctrl-o", until: "the table") { $0.lines.contains { $0.contains("▸A") } } <= 2)

        // From an alert to its remedy.
        #expect(try hand.keys("4 f ctrl-s", until: "the form to close") { !$0.contains("New run") } == 3)
        _ = try hand.keys("2", until: "the remedy's run") { screen in
            doneRuns(screen) == 5 && screen.contains("0 running")
        }
        // The rate that was chosen by hand, back to the one that the algorithm takes.
        let mended = try settings("@latest")
        #expect(mended.contains("learning_rate") && !mended.contains(#""learning_rate":"0.9""#), "\(mended)")

        // Compare three runs, and take the comparison away as an image.
        #expect(try hand.keys("g space space space c", until: "Compare 3 runs") == 5)
        #expect(try hand.keys("ctrl-e enter", until: "wrote ") <= 2)
        #expect(try hand.keys("q", until: "the home screen") { !$0.contains("Compare 3 runs") } == 1)

        try steer(hand)
        terminal.send("q")
        #expect(try terminal.waitForExit() == .exited(0))
    }

    /// Changes a setting of a run that another process trains.
    private func steer(_ hand: Hand) throws {
        let other = try Running([
            "train", Program.sample("brokerage"), "--target", "churned", "--name", "endless", "--quiet", "--workspace",
            workspace, "--set", "epochs=1000000", "--set", "early_stopping_patience=1000000",
        ])
        defer {
            kill(other.process, SIGKILL)
            _ = other.finish()
        }
        try hand.terminal.wait(forText: "1 running")
        _ = try hand.keys("esc", until: "all panes") { $0.contains("4 Alerts") && $0.contains("3 marked") }
        _ = try hand.keys("esc", until: "the marks to go") { !$0.contains("3 marked") }
        _ = try hand.keys("2 g", until: "the run in training") {
            $0.lines.contains { $0.contains("▸") && $0.contains("endless") }
        }
        #expect(try hand.keys("E tab 0.03 enter", until: "learning_rate = 0.03") <= 8)
    }
}

import Glibc
import PseudoTerminals
import TemporaryFolders
import Testing

/// Everyday jobs in the real studio, with the keys they take, sent as fast as a terminal takes them.
@Suite(.serialized) struct KeystrokeStudioTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func studioWithRun() throws -> PseudoTerminal {
        let trained = try Program.run(
            "train", Program.sample("insurance"), "--target", "charges", "--set", "epochs=20", "--name", "first", "--quiet",
            "--workspace", workspace)
        #expect(trained.code == 0)
        let terminal = try PseudoTerminal(
            Program.path, ["--workspace", workspace], width: 120, height: 40,
            environment: ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": scratch.path], directory: Program.root)
        try terminal.wait(forText: "first")
        terminal.send("2")
        try terminal.waitForIdle()
        return terminal
    }

    /// The settings of the newest run, once it is done.
    private func newest(_ terminal: PseudoTerminal, after script: String) throws -> (keys: Int, settings: String) {
        let keys = Keystrokes(script)
        terminal.send(Array(keys.bytes.joined()))
        try terminal.wait(for: "a second run that is done") { screen in
            screen.lines.count { $0.contains("✔") } >= 2 && screen.contains("0 running")
        }
        terminal.send("q")
        #expect(try terminal.waitForExit() == .exited(0))
        let shown = try Program.run("runs", "show", "@latest", "--json", "--workspace", workspace)
        return (keys.count, shown.output)
    }

    @Test func `a run with one changed value takes 11 keys`() throws {
        let (keys, settings) = try newest(try studioWithRun(), after: "e / lea enter 0.01 ctrl-s")
        #expect(keys == 11)
        #expect(settings.contains(#""learning_rate":"0.01""#) && settings.contains(#""epochs":"20""#), "\(settings)")
    }

    @Test func `a fork of the best evaluation with one changed value takes 7 keys`() throws {
        let (keys, settings) = try newest(try studioWithRun(), after: "F tab 0.02 enter")
        #expect(keys == 7)
        #expect(settings.contains(#""learning_rate":"0.02""#) && settings.contains("parent"), "\(settings)")
    }
}

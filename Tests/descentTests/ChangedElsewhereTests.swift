import Glibc
import PseudoTerminals
import TemporaryFolders
import Testing

/// What another process does to what is on the screen is told there.
@Suite(.serialized) struct ChangedElsewhereTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func studio() throws -> PseudoTerminal { try Program.studio(workspace, home: scratch.path) }

    private func train(_ path: String, _ name: String) throws { try Program.train(path, name, in: workspace) }

    private func rows(_ count: Int) throws -> String {
        try scratch.write("x,y\n" + (0..<count).map { "\($0),\($0 * 2)\n" }.joined(), as: "rows.csv")
    }

    @Test func aRunThatIsThrownAwayElsewhereSaysSoOnItsPage() throws {
        let path = try rows(40)
        try train(path, "one")
        try train(path, "two")
        let terminal = try studio()
        try terminal.wait(forText: "two")
        terminal.send("2g\r")
        try terminal.wait(forText: "two: ")
        #expect(try Program.run("runs", "delete", "two", "--workspace", workspace).code == 0)
        try terminal.wait(forText: "this run is in the bin")
        #expect(try Program.run("runs", "restore", "two", "--workspace", workspace).code == 0)
        try terminal.wait(for: "its end") { !$0.contains("this run is in the bin") }
        #expect(try Program.run("runs", "delete", "two", "--permanently", "--workspace", workspace).code == 0)
        try terminal.wait(forText: "removed from the workspace for good")
        terminal.send("\u{1b}")
        try terminal.wait(forText: "2 Experiments")
        try terminal.wait(for: "its end") { !$0.contains("two") }
        terminal.send("q")
        #expect(try terminal.waitForExit() == .exited(0))
    }

    @Test func aFileThatChangesUnderItsPageIsToldThere() throws {
        let path = try rows(40)
        usleep(60_000)
        try train(path, "one")
        let terminal = try studio()
        try terminal.wait(forText: "40×2")
        terminal.send("1\r")
        try terminal.wait(forText: "none missing")
        _ = try rows(41)
        // The user comes back from an editor.
        terminal.send("\u{1b}[I")
        try terminal.wait(forText: "rows.csv has changed since it was last read")
        terminal.send("r")
        try terminal.wait(for: "its end") { !$0.contains("has changed since") }
        unlink(path)
        terminal.send("\u{1b}[I")
        try terminal.wait(forText: "rows.csv is gone")
        terminal.send("q")
        #expect(try terminal.waitForExit() == .exited(0))
    }
}

import Events
import Experiments
import Glibc
import PseudoTerminals
import TemporaryFolders
import Testing

/// Data that was trained on in a shell, in the studio's pane.
@Suite(.serialized) struct KnownDataTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func studio() throws -> PseudoTerminal { try Program.studio(workspace, home: scratch.path) }

    private func train(_ path: String, _ name: String) throws { try Program.train(path, name, in: workspace) }

    private func leave(_ terminal: PseudoTerminal) throws {
        terminal.send("q")
        #expect(try terminal.waitForExit() == .exited(0))
    }

    private func write(_ rows: Int, as name: String) throws -> String {
        let path = try scratch.write("x,y\n" + (0..<rows).map { "\($0),\($0 * 2)\n" }.joined(), as: name)
        // Before the run that reads it is asked for, by any clock.
        usleep(60_000)
        return path
    }

    private func known() throws -> [DatasetSummary] {
        try RunStore(reading: try Workspace(existing: workspace)).datasets.datasets(includingDeleted: true)
    }

    @Test func whatARunInAShellLearnedFromIsListedAndStaysClosed() throws {
        let path = try write(57, as: "first.csv")
        try train(path, "one")
        #expect(try known().map(\.profile) == [nil])
        var terminal = try studio()
        try terminal.wait(forText: "first.csv")
        try terminal.wait(forText: "57×2")
        #expect(try known().first?.profile?.rowCount == 57)
        // Another process registers one while it is looked at.
        try train(try write(41, as: "second.csv"), "two")
        try terminal.wait(forText: "second.csv")
        try terminal.wait(forText: "41×2")
        terminal.send("1d")
        try terminal.wait(forText: "closed first.csv")
        try leave(terminal)
        terminal = try studio()
        try terminal.wait(forText: "second.csv")
        try terminal.waitForIdle()
        #expect(!terminal.screen.contains("first.csv"))
        try train(path, "three")
        try terminal.wait(forText: "first.csv")
        try leave(terminal)
    }

    @Test func whatBecameOfAFileIsSaidInWords() throws {
        let (gone, changed, kept) = (
            try write(20, as: "gone.csv"), try write(30, as: "mutable.csv"), try write(40, as: "kept.csv")
        )
        for (index, path) in [gone, changed, kept].enumerated() { try train(path, "run\(index)") }
        unlink(gone)
        _ = try write(31, as: "mutable.csv")
        let terminal = try studio()
        try terminal.wait(forText: "40×2")
        try terminal.wait(forText: "△ changed")
        terminal.send("1j")
        try terminal.wait(forText: "mutable.csv has changed since")
        terminal.send("r")
        try terminal.wait(forText: "31×2")
        terminal.send("/gone\r")
        try terminal.wait(forText: "bring it back")
        try leave(terminal)
    }

    @Test func equalFilesAreOneDataSet() throws {
        try train(try write(50, as: "one.csv"), "one")
        try train(try write(50, as: "two.csv"), "two")
        let all = try known()
        #expect(all.map(\.labels.name) == ["one.csv"])
        #expect(all.first?.places.map(\.path) == [scratch.path + "/two.csv", scratch.path + "/one.csv"])
        let shown = try Program.run("runs", "show", "two", "--json", "--workspace", workspace).json()
        #expect(shown.first?["lineage"]?["from"]?.array?.first?["path"]?.string == scratch.path + "/two.csv")
    }
}

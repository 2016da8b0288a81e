import Glibc
import PseudoTerminals
import TemporaryFolders
import Testing

/// How data is read, said in the real studio.
@Suite(.serialized) struct ReadingStudioTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func studio(_ files: String...) throws -> PseudoTerminal {
        try PseudoTerminal(
            Program.path, files + ["--workspace", workspace], width: 120, height: 40,
            environment: ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": scratch.path], directory: Program.root)
    }

    private func leave(_ terminal: PseudoTerminal) throws {
        terminal.send("q")
        #expect(try terminal.waitForExit() == .exited(0))
    }

    @Test func `what is said about reading is seen at once, kept, and trained with`() throws {
        // Of these dates nobody can tell the day from the month.
        let rows = (0..<120).map { "0\($0 % 9 + 1)/0\($0 % 7 + 1)/2024;\($0 + 1).234;\($0)\n" }.joined()
        let path = try scratch.write("day;amount;y\n" + rows, as: "till.csv")
        var terminal = try studio(path)
        try terminal.wait(forText: "120×3")
        terminal.send("1R")
        try terminal.wait(forText: "How to read till.csv")
        try terminal.wait(forText: "not sure of")
        // A wrong value, and what is valid; then a right one.
        func goDown(to help: String) throws {
            for _ in 0..<40 where !terminal.screen.contains(help) {
                terminal.send("\u{1B}[B")
                try terminal.waitForIdle()
            }
        }
        try goDown(to: "the decimal mark")
        terminal.send("x")
        try terminal.wait(forText: "decimal is 'x': give . or ,")
        terminal.send("\u{15},")
        try terminal.wait(forText: "integer 1.234,5")
        try goDown(to: "the order of dates")
        terminal.send("mdy")
        try terminal.wait(forText: "date mdy")
        terminal.send("\r")
        try terminal.wait(forText: "with --date-format mdy --decimal ,")
        terminal.send("\r")
        try terminal.wait(forText: "integer 1.234,5")
        terminal.send("\u{1B}")
        try terminal.wait(forText: "Experiments")
        try leave(terminal)

        // Other data in the same file are read alike, in another session.
        _ = try scratch.write("day;amount;y\n" + rows + "01/01/2024;7.000;7\n", as: "till.csv")
        terminal = try studio(path)
        try terminal.wait(forText: "121×3")
        terminal.send("1n")
        try terminal.wait(forText: "--date-format mdy --decimal ,")
        terminal.send("\u{1B}[B")
        terminal.send("\u{15}y\r")
        try terminal.wait(for: "a completed run") { $0.contains("✔") }
        try leave(terminal)
        let runs = try Program.run("runs", "list", "--json", "--workspace", workspace).json()
        let name = try #require(runs.first?["name"]?.string)
        let shown = try Program.run("runs", "show", name, "--json", "--workspace", workspace)
        #expect(shown.output.contains(#""reading":{"date-format":"mdy","decimal":","}"#), "\(shown.output)")
    }
}

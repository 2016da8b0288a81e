import Glibc
import PseudoTerminals
import TemporaryFolders
import Testing

/// What the studio remembers of how one looks at a workspace stays with it; the rest is the same everywhere.
@Suite(.serialized) struct WorkspaceSettingsTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    private func workspace(_ name: String) -> String { scratch.path + "/" + name }

    /// Makes a workspace with a run in it.
    private func train(_ name: String) throws {
        let run = try Program.run(
            "train", Program.sample("iris"), "--target", "species", "--name", "only", "--set", "epochs=2", "--quiet",
            "--workspace",
            workspace(name))
        #expect(run.code == 0)
    }

    private func open(_ name: String) throws -> PseudoTerminal {
        let terminal = try PseudoTerminal(
            Program.path, ["--workspace", workspace(name)], width: 120, height: 40,
            environment: ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": scratch.path], directory: Program.root)
        try terminal.wait(forText: "4 Alerts")
        return terminal
    }

    private func quit(_ terminal: PseudoTerminal) throws {
        terminal.send("q")
        #expect(try terminal.waitForExit() == .exited(0))
    }

    /// Where the Curves pane begins.
    private func curvesColumn(_ terminal: PseudoTerminal) throws -> Int {
        let title = try #require(terminal.screen.lines.first { $0.contains("3 Curves") })
        let characters = Array(title)
        return try #require(characters.indices.last { characters[$0] == "╭" && characters[$0...].starts(with: "╭ 3 Curves") })
    }

    @Test func paneSizesStayWithTheWorkspaceAndTheGlyphsAreTheSameInAll() throws {
        var terminal = try open("first")
        let usual = try curvesColumn(terminal)
        terminal.send("2))))")
        try terminal.wait(for: "a wider pane") { _ in (try? curvesColumn(terminal)) == usual + 8 }
        terminal.send("\u{7}")
        try terminal.wait(forText: "drawn with block characters")
        try quit(terminal)
        #expect(try scratch.read("first/settings").hasPrefix("pane-sizes = columns=0."))
        #expect(try scratch.read(".config/descent/settings") == "glyphs = block\n")

        // The same by mouse, in a terminal's own words: pressed on the border, dragged, let go.
        terminal = try open("dragged")
        terminal.send("\u{1B}[<0;\(usual + 1);20M\u{1B}[<32;\(usual + 6);20M\u{1B}[<0;\(usual + 6);20m")
        try terminal.wait(for: "a wider pane") { _ in (try? curvesColumn(terminal)) == usual + 5 }
        try quit(terminal)
        #expect(try scratch.read("dragged/settings").hasPrefix("pane-sizes = columns=0."))

        terminal = try open("second")
        #expect(try curvesColumn(terminal) == usual)
        try quit(terminal)
        terminal = try open("first")
        #expect(try curvesColumn(terminal) == usual + 8)
        try quit(terminal)
        // A picture of it, too.
        let frame = try Program.run("frame", "--workspace", workspace("first"))
        let title = try #require(frame.lines.first { $0.contains("3 Curves") }).map { $0 }
        #expect(title[usual + 8] == "╭")
    }

    @Test func twoStudiosOnOneWorkspaceKeepWhatEitherChanged() throws {
        try train("shared")
        let first = try open("shared"), second = try open("shared")
        for (terminal, name) in [(first, "mine"), (second, "yours")] {
            try terminal.wait(forText: "only")
            terminal.send("2V\r")
            try terminal.wait(forText: "Save the view as")
            terminal.send(name + "\r")
            try terminal.wait(forText: "saved the view \(name)")
        }
        for terminal in [first, second] { try quit(terminal) }
        let both = try scratch.read("shared/settings")
        #expect(both.contains("view.mine = ") && both.contains("view.yours = "))
    }

    @Test func whereTheyCannotBeWrittenThatIsSaid() throws {
        for folder in ["closed", "closed/settings"] { mkdir(workspace(folder), 0o755) }
        let terminal = try open("closed")
        terminal.send("2)")
        try terminal.wait(forText: "the settings of this workspace are not kept")
        try quit(terminal)
    }

    @Test func whatWasOnceTheSameEverywhereIsWhereAWorkspaceBegins() throws {
        for folder in [".config", ".config/descent"] { mkdir(scratch.path + "/" + folder, 0o755) }
        try scratch.write("theme = frost\n# mine\nview.old = sort=name\n", as: ".config/descent/settings")
        try train("any")
        let terminal = try open("any")
        try terminal.wait(forText: "only")
        terminal.send("2V")
        try terminal.wait(forText: "old")
        terminal.send("\u{1B}[B\u{1B}[3~")
        try terminal.wait(forText: "the view old is gone")
        terminal.send("\u{1B}")
        try terminal.wait(for: "the menu to close") { !$0.contains("save this view") }
        try quit(terminal)
        // Gone here, and there elsewhere.
        #expect(try scratch.read("any/settings") == "view.old = \n")
        #expect(try scratch.read(".config/descent/settings") == "theme = frost\n# mine\nview.old = sort=name\n")
    }
}

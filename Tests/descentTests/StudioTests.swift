import Glibc
import PseudoTerminals
import TemporaryFolders
import Testing

/// The real studio on a terminal without a person. Nothing sleeps: every step waits for what it expects on the screen.
@Suite(.serialized) struct StudioTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func open(
        _ arguments: [String] = [], width: Int = 100, height: Int = 30, term: String = "xterm-256color",
        locale: String = "C.UTF-8"
    ) throws -> PseudoTerminal {
        try PseudoTerminal(
            Program.path, arguments + ["--workspace", workspace], width: width, height: height,
            environment: ["TERM": term, "LC_ALL": locale, "HOME": scratch.path], directory: Program.root)
    }

    @Test func theDemoShowsRunsInTrainingAndWhyOneDoesNotConverge() throws {
        let terminal = try open(["demo"], width: 120, height: 40)
        try terminal.wait(forText: "4 running")
        try terminal.wait(forText: "DataOrder")
        try terminal.wait(forText: "rows arrive sorted by churned")
        try terminal.wait(forText: "brokerage.csv")
        try terminal.wait(for: "a curve") { screen in
            screen.lines.contains { $0.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) } }
        }
        terminal.send("q")
        try terminal.wait(forText: "stop and save")
        terminal.send("s")
        #expect(try terminal.waitForExit() == .exited(0))
    }

    @Test func whatAnotherTerminalSaysAboutARunInTrainingIsSeen() throws {
        let terminal = try open(["demo"], width: 120, height: 40)
        try terminal.wait(forText: "4 running")
        let listed = try Program.run("runs", "list", "--json", "--workspace", workspace).json()
        let name = try #require(listed.first?["name"]?.string)
        #expect(try Program.run("runs", "rename", name, "under-watch", "--workspace", workspace).code == 0)
        try terminal.wait(forText: "under-watch")
        // A search that is typed, with a name that is completed.
        terminal.send("2/nam\t = under*")
        try terminal.wait(forText: "/name = under*")
        terminal.send("\u{15}name ~ under*\r")
        try terminal.wait(for: "one run") { screen in screen.contains("under-watch") && !screen.contains(name + " ") }
        terminal.send("tpaper\r")
        try terminal.wait(forText: "tagged under-watch")
        terminal.send("q")
        try terminal.wait(forText: "stop and save")
        terminal.send("s")
        #expect(try terminal.waitForExit() == .exited(0))
        let found = try Program.run("runs", "search", "tag = paper", "--json", "--workspace", workspace).json()
        #expect(found.compactMap { $0["name"]?.string } == ["under-watch"])
    }

    @Test func aRunIsStartedFromTheFormAndItsResultShown() throws {
        let terminal = try open([Program.sample("diabetes")], width: 120, height: 40)
        try terminal.wait(forText: "diabetes.csv")
        terminal.send("n")
        try terminal.wait(forText: "New run")
        // Data file is filled in from the opened one; the target is the second field.
        terminal.send("\u{1B}[B")
        terminal.send("\u{15}progression")
        try terminal.wait(forText: "progression")
        terminal.send("\r")
        try terminal.wait(for: "a completed run") { screen in screen.contains("✔") }
        terminal.send("2\r")
        try terminal.wait(forText: "overview")
        try terminal.wait(forText: "validation:rmse")
        // Esc and a letter at once would be Alt and that letter.
        terminal.send("\u{1B}")
        try terminal.wait(for: "the details to close") { !$0.contains("overview") }
        terminal.send("q")
        #expect(try terminal.waitForExit() == .exited(0))
        let runs = try Program.run("runs", "list", "--json", "--workspace", workspace).json()
        #expect(runs.first?["status"]?.string == "Completed")
    }

    @Test func aRunOfAnotherProcessAppearsWhileItIsBeingTrained() throws {
        let terminal = try open(width: 120, height: 40)
        try terminal.wait(forText: "No runs yet")
        let other = try Running([
            "train", Program.sample("brokerage"), "--target", "churned", "--name", "elsewhere", "--quiet", "--workspace",
            workspace, "--set", "epochs=1000000", "--set", "early_stopping_patience=1000000",
        ])
        try terminal.wait(forText: "elsewhere")
        try terminal.wait(forText: "1 running")
        try terminal.wait(for: "its curve") { screen in
            screen.lines.contains { $0.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) } }
        }
        kill(other.process, SIGKILL)
        _ = other.finish()
        try terminal.wait(forText: "0 running")
        terminal.send("q")
        #expect(try terminal.waitForExit() == .exited(0))
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGINT])
    func everySignalThatEndsItGivesTheTerminalBack(signal: Int32) throws {
        let terminal = try open()
        try terminal.wait(forText: "Datasets")
        terminal.signal(signal)
        #expect(try terminal.waitForExit() == .exited(130))
        #expect(!terminal.screen.modes.contains(1049))
        #expect(terminal.screen.modes.contains(25))
        #expect(!terminal.screen.modes.contains(2004))
    }

    @Test(arguments: [
        SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU, SIGVTALRM, SIGPROF, SIGSYS, SIGIO, SIGPWR, SIGSTKFLT, 34, 64,
    ])
    func everyOtherSignalStillEndsItAndGivesTheTerminalBack(signal: Int32) throws {
        let terminal = try open()
        try terminal.wait(forText: "Datasets")
        terminal.signal(signal)
        #expect(try terminal.waitForExit() == .killed(signal))
        #expect(!terminal.screen.modes.contains(1049))
        #expect(terminal.screen.modes.contains(25))
        #expect(!terminal.screen.modes.contains(2004))
    }

    @Test func aStormOfSizesAndKeysLeavesItStanding() throws {
        let terminal = try open(["demo", "--pace", "400"])
        try terminal.wait(forText: "running")
        var state: UInt64 = 0x2545_F491_4F6C_DD1D
        func random(_ bound: UInt64) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int((state >> 33) % bound)
        }
        // No q, no ctrl-c, no ctrl-z: those leave it as they should.
        let keys = [
            "n", "j", "k", "h", "l", "\t", "z", " ", "/", "a", "\u{1B}", "\r", "?", ":", "m", "y", "x", "s", "S", "+", "-", "0",
            "f", "T", "1", "2", "3", "4", "g", "G", "r", "<", ">", "b", "d", "u", "p", "\u{1B}[A", "\u{1B}[B", "\u{1B}[C",
            "\u{1B}[D", "\u{1B}[5~", "\u{1B}[6~", "\u{1B}[<0;10;10M", "\u{1B}[<64;50;10M", "\u{7F}", "é", "日",
        ]
        for round in 0..<150 {
            terminal.send((0..<12).map { _ in keys[random(UInt64(keys.count))] }.joined())
            terminal.resize(width: 1 + random(200), height: 1 + random(60))
            _ = terminal.pump(milliseconds: 2)
            if round % 30 == 0 { #expect(terminal.ending == nil) }
        }
        terminal.resize(width: 120, height: 40)
        for _ in 0..<6 { terminal.send("\u{1B}"); try terminal.waitForIdleOrBusy() }
        terminal.signal(SIGTERM)
        #expect(try terminal.waitForExit() == .exited(130))
    }

    @Test(arguments: [(1, 1), (5, 2), (20, 5), (39, 11), (200, 60)])
    func everySizeIsDrawnOrSaysWhatItNeeds(width: Int, height: Int) throws {
        let terminal = try open(width: width, height: height)
        try terminal.wait(for: "a frame") { $0.lines.contains { $0.contains { $0 != " " } } }
        terminal.resize(width: 100, height: 30)
        try terminal.wait(forText: "Datasets")
        terminal.send("q")
        #expect(try terminal.waitForExit() == .exited(0))
    }

    @Test(arguments: ["xterm-256color", "tmux-256color", "screen", "linux", "vt100", "xterm-kitty", "no-such-terminal"])
    func everyKindOfTerminalShowsTheStudio(term: String) throws {
        let terminal = try open(term: term)
        try terminal.wait(forText: "Datasets")
        // Of a terminal that this machine does not describe, the log tells.
        terminal.send("L")
        try terminal.wait(forText: "Log")
        let isMissing = ["xterm-kitty", "no-such-terminal"].contains(term)
        try terminal.wait(for: "the log") { $0.contains("no description of TERM=\(term)") == isMissing }
        // The console's font has no rounded corners and no braille.
        if term == "linux" || term == "vt100" {
            #expect(terminal.screen.lines.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value < 0x80 } })
        }
        // The log, then the studio.
        terminal.send("qq")
        #expect(try terminal.waitForExit() == .exited(0))
    }

    @Test func aTerminalThatCannotMoveItsCursorIsRefusedInWords() throws {
        let terminal = try open(term: "dumb")
        #expect(try terminal.waitForExit() == .exited(1))
        #expect(terminal.screen.contains("TERM=dumb is a terminal that cannot move its cursor"))
        #expect(terminal.screen.contains("descent frame"))
    }

    @Test func withoutUnicodeEverythingIsASCII() throws {
        let terminal = try open(["demo"], locale: "C")
        try terminal.wait(forText: "4 running")
        try terminal.wait(forText: "DataOrder")
        #expect(terminal.screen.lines.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value < 0x80 } })
        terminal.signal(SIGTERM)
        _ = try terminal.waitForExit()
    }

    @Test func stoppedWithCtrlZItComesBackWithTheScreen() throws {
        // A shell in between, as for a user: the kernel lets no process stop whose group nobody could continue.
        let terminal = try PseudoTerminal(
            "/bin/bash", ["--norc", "--noprofile", "-i"], width: 100, height: 30,
            environment: ["LC_ALL": "C.UTF-8", "HOME": scratch.path, "PS1": "prompt> "], directory: Program.root)
        try terminal.wait(forText: "prompt>")
        terminal.send("\(Program.path) --workspace \(workspace)\r")
        try terminal.wait(for: "the studio") { $0.modes.contains(1049) && $0.contains("Datasets") }
        terminal.send("\u{1A}")
        try terminal.wait(for: "the shell") { !$0.modes.contains(1049) && $0.contains("Stopped") }
        terminal.send("fg\r")
        try terminal.wait(for: "the studio again") { $0.modes.contains(1049) && $0.contains("Datasets") }
        terminal.send("q")
        try terminal.wait(for: "the shell") { !$0.modes.contains(1049) }
        terminal.send("exit\r")
        _ = try terminal.waitForExit()
    }

    @Test func aBadThemeFileIsNamedAndTheDefaultIsUsed() throws {
        let themes = scratch.path + "/.config/descent/themes"
        for folder in ["/.config", "/.config/descent", "/.config/descent/themes"] { mkdir(scratch.path + folder, 0o755) }
        _ = try scratch.write("name = broken\nacent = 75\n", as: ".config/descent/themes/broken.theme")
        let terminal = try open(width: 140, height: 40)
        try terminal.wait(forText: "unknown role 'acent'")
        #expect(themes.hasPrefix("/tmp"))
        terminal.send("q")
        #expect(try terminal.waitForExit() == .exited(0))
    }
}

extension PseudoTerminal {
    /// Reads what there is for a moment; a studio with running jobs is never quiet.
    fileprivate func waitForIdleOrBusy() throws { _ = pump(milliseconds: 60) }
}

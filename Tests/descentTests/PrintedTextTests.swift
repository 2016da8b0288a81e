import Events
import Glibc
import JSON
import PseudoTerminals
import TemporaryFolders
import Testing

/// What others wrote is shown and never obeyed: a file, a log or a name that holds control characters.
@Suite struct PrintedTextTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }
    /// Colours, a window title, the clipboard, C1, carriage return, backspace, turned writing.
    private static let evil =
        "\u{1B}[31mred\u{1B}]0;owned\u{07}\u{9B}2J\u{9D}52;c;x\u{9C}\rover\u{08}\u{202E}turned\u{2066}\u{200F}"

    init() throws { scratch = try TemporaryFolder() }

    private func check(_ program: Program, _ what: Comment) {
        for text in [program.output, program.errors] {
            let acting = text.unicodeScalars.filter { scalar in
                switch scalar.value {
                case 0x0A: false
                case 0..<0x20, 0x7F...0x9F, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
                default: false
                }
            }
            #expect(acting.isEmpty, what)
        }
    }

    @Test func `of a data file`() throws {
        let evil = Self.evil
        let rows = (0..<40).map { "\($0),\"\(evil)\($0 % 3)\",\($0 % 2 == 0 ? "yes" : evil)" }
        let data = try scratch.write("n,\"c\(evil)\",y\n" + rows.joined(separator: "\n") + "\n", as: "evil.csv")
        check(try Program.run("data", "profile", data), "profile")
        check(try Program.run("data", "profile", data, "--json"), "profile --json")
        check(try Program.run("data", "profile", data, "--target", evil), "an unknown column")
        let trained = try Program.run(
            "train", data, "--target", "y", "--set", "epochs=2", "--experiment", evil, "--workspace", workspace)
        check(trained, "train")
        check(try Program.run("train", data, "--target", "y", "--json", "--set", "epochs=1", "--workspace", workspace), "--json")
        for command in [["list"], ["list", "--json"], ["show", "@latest"], ["show", "@latest", "--json"]] {
            check(try Program.run(["runs"] + command + ["--workspace", workspace]), "\(command)")
        }
        check(try Program.run("evaluate", "@latest", data, "--workspace", workspace), "evaluate")
        check(try Program.run("evaluate", "@latest", data, "--json", "--workspace", workspace), "evaluate --json")
        check(try Program.run("runs", "tag", "@latest", evil, "--workspace", workspace), "tag")
        check(try Program.run("runs", "note", "@latest", evil, "--workspace", workspace), "note")
        check(try Program.run("runs", "show", "@latest", "--workspace", workspace), "show with tag and note")
        check(try Program.run("runs", "search", "tag = \"\(evil)\"", "--workspace", workspace), "search")
        check(try Program.run("runs", "show", evil, "--workspace", workspace), "an unknown run")
        check(try Program.run(evil, "--workspace", workspace), "an unknown command")
    }

    @Test func `of another program's log`() throws {
        let quoted = JSONValue.string(Self.evil).text
        // The characters themselves, as another program would write them.
        let raw = "\u{9B}2J\u{202E}"
        let line = { (step: Int) in
            "{\"step\":\(step),\"loss\":\(1.0 / Double(step)),\"acc\(raw)\":0.5,\(quoted):0.25}\n"
        }
        let log = try scratch.write((1...5).map(line).joined(), as: "evil.jsonl")
        check(try Program.run("watch", log, "--once", "--workspace", workspace), "watch")
        check(try Program.run("runs", "list", "--workspace", workspace), "list")
        check(try Program.run("runs", "list", "--json", "--workspace", workspace), "list --json")
        check(try Program.run("runs", "show", "@latest", "--workspace", workspace), "show")
        check(try Program.run("runs", "curves", "@latest", "--metric", "loss", "--workspace", workspace), "curves")
    }

    @Test func `of the studio's screen`() throws {
        let evil = Self.evil
        let data = try scratch.write("n,\"c\(evil)\",y\n1,\"\(evil)\",2\n2,b,3\n", as: "evil\u{9B}2J.csv")
        let terminal = try PseudoTerminal(
            Program.path, [data, "--workspace", workspace], width: 120, height: 40,
            environment: ["LC_ALL": "C.UTF-8", "HOME": scratch.path], directory: scratch.path)
        try terminal.wait(forText: "2×3")
        #expect(!terminal.screen.lines.contains { $0.unicodeScalars.contains { (0x80...0x9F).contains($0.value) } })
        terminal.send("q")
        #expect(try terminal.waitForExit() == .exited(0))
    }
}

import Events
import JSON
import PseudoTerminals
import TemporaryFolders
import Testing

/// `descent data list|note`, and the studio beside them.
@Suite(.serialized) struct DatasetCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func data(_ words: String...) throws -> Program {
        try Program.run(["data"] + words + ["--workspace", workspace])
    }

    private func listed(_ words: String...) throws -> [JSONValue] {
        let ended = try Program.run(["data", "list"] + words + ["--json", "--workspace", workspace])
        #expect(ended.code == 0, "\(ended.errors)")
        return try ended.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    @Test func aNoteStaysWithWhatIsInAFileAndIsFoundByItsWords() throws {
        let first = try scratch.write("x,y\n1,2\n3,4\n", as: "first.csv")
        _ = try scratch.write("x,y\n5,6\n", as: "second.csv")
        #expect(try data("note", first, "ordered", "by date").code == 0)
        #expect(try data("note", scratch.path + "/second.csv", "clean").code == 0)
        #expect(try listed().compactMap { $0["note"]?.string } == ["clean", "ordered by date"])
        #expect(try listed("DATE", "first").compactMap { $0["name"]?.string } == ["first.csv"])
        #expect(try listed("nothing").isEmpty)
        // The same content elsewhere is the same data set.
        let copy = try scratch.write("x,y\n1,2\n3,4\n", as: "copy.csv")
        #expect(try data("note", copy, "still ordered").code == 0)
        let kept = try listed("ordered")
        #expect(kept.count == 1 && kept.first?["note"]?.string == "still ordered")
        // A file that changed is another data set.
        _ = try scratch.write("x,y\n7,8\n9,9\n1,1\n", as: "first.csv")
        #expect(try data("note", first, "as it is now").code == 0)
        #expect(try listed().first?["note"]?.string == "as it is now")
        #expect(try listed("still").first?["rows"]?.integer == 2)
        // By its name, and taken away.
        #expect(try data("note", "@latest", "").code == 0)
        #expect(try listed().first?["note"]?.string == "")
    }

    @Test func whatIsNoDataSetIsRefusedInWords() throws {
        let unknown = try data("note", "nowhere.csv", "x")
        #expect(unknown.code == 2 && unknown.errors.hasPrefix("descent: no data set 'nowhere.csv'"), "\(unknown.errors)")
        let folder = try data("note", scratch.path, "x")
        #expect(folder.code == 3 && folder.errors.contains("descent.sqlite"), "\(folder.errors)")
        let device = try data("note", "/dev/zero", "x")
        #expect(device.code == 3 && device.errors.contains("is a device"), "\(device.errors)")
        let empty = try Program.run("data", "list", "--workspace", scratch.path + "/none")
        #expect(empty.code == 0 && empty.output.isEmpty)
    }

    @Test func aNoteFromAShellShowsInTheOpenStudio() throws {
        let path = try scratch.write("x,y\n1,2\n3,4\n", as: "first.csv")
        let terminal = try PseudoTerminal(
            Program.path, ["--workspace", workspace, path], width: 120, height: 40,
            environment: ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": scratch.path], directory: Program.root)
        try terminal.wait(forText: "2×2")
        #expect(try data("note", path, "from a shell").code == 0)
        try terminal.wait(forText: "from a shell")
        terminal.send("1N")
        try terminal.wait(forText: "Note on first.csv")
        terminal.send(" and here\r")
        try terminal.wait(forText: "from a shell and here")
        terminal.send("q")
        #expect(try terminal.waitForExit() == .exited(0))
        #expect(try listed().compactMap { $0["note"]?.string } == ["from a shell and here"])
    }
}

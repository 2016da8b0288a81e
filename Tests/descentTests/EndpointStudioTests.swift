import Glibc
import Hosting
import JSON
import PseudoTerminals
import TemporaryFolders
import Testing

/// Endpoints in the real studio, whose host is a process of its own: from a kept model to a load, a canary and back.
@Suite(.serialized) struct EndpointStudioTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func train(_ name: String, epochs: Int) throws -> String {
        var lines = ["x,kind,y"]
        for row in 0..<60 { lines.append("\(row % 7),\(row % 2 == 0 ? "a" : "b"),\(row % 7 * 3 + row % 2)") }
        let file = try scratch.write(lines.joined(separator: "\n") + "\n", as: "toy.csv")
        try Program.train(file, name, in: workspace, epochs: epochs)
        return file
    }

    private func open() throws -> PseudoTerminal {
        let terminal = try PseudoTerminal(
            Program.path, ["--workspace", workspace], width: 140, height: 50,
            environment: ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": scratch.path], directory: scratch.path)
        try terminal.wait(forText: "2 Experiments")
        return terminal
    }

    @Test func aModelIsKeptDeployedLoadedUpdatedRolledBackAndDeletedByKeys() throws {
        defer { _ = try? Program.run("serve", "stop", "--quiet", "--workspace", workspace) }
        _ = try train("old", epochs: 1)
        _ = try train("new", epochs: 3)
        let terminal = try open()
        func keys(_ script: String, until text: String) throws {
            terminal.send(Array(Keystrokes(script).bytes.joined()))
            try terminal.wait(forText: text)
        }
        func type(_ text: String, until wanted: String) throws {
            terminal.send(Array(text.utf8) + [13])
            try terminal.wait(forText: wanted)
        }
        try terminal.wait(for: "the runs") { screen in screen.lines.contains { $0.contains("✔ new") } }
        try keys("2 g K", until: "Keep the model")
        try type("", until: "keeping the model as toy")
        try keys("7 7", until: "toy:1")
        try keys("a", until: "✔ approved")
        // From the kept model to an endpoint in service, whose page opens by itself.
        try keys("y", until: "Endpoint for toy:1")
        try type("", until: "● InService")
        try terminal.wait(forText: "● host process")
        try keys("l ctrl-u", until: "What to send")
        try type("toy.csv 40/s 60s", until: "▶ load")
        try terminal.wait(for: "requests a second") { screen in screen.lines.contains { $0.contains("Latency of the model") } }
        // A canary of the other run, and back.
        try keys("U ctrl-u", until: "Update toy")
        try type("old", until: "old for toy.")
        try keys("o ctrl-u", until: "Steps")
        try type("canary 50% wait=600", until: "Deployment   canary")
        try terminal.wait(for: "both versions' requests") { screen in
            screen.lines.contains { $0.contains("old (new)") && $0.contains("50 %") }
        }
        try keys("B", until: "rolled back: it was asked for")
        try keys("l", until: "load is over")
        #expect(!terminal.screen.contains(" failed"))
        // What was counted is what was answered.
        try checkCounts()
        try keys("d d 7", until: "No model answers requests")
        terminal.send(Array("q".utf8))
    }

    /// Second by second as many requests as in all, of the old version and of the one that is gone.
    private func checkCounts() throws {
        let question = JSONValue.object(["request": .string("traffic"), "stretches": .integer(120)])
        var variants: [JSONValue] = []
        // The second that goes on is not told of yet.
        for _ in 0..<40 {
            let told = try #require(HostLink(workspace).ask(question))
            variants = try #require(told["endpoints"]?.array?.first?["variants"]?.array)
            if variants.allSatisfy({ counted($0) == $0["total"]?["n"]?.integer }) { break }
            usleep(100_000)
        }
        #expect(Set(variants.compactMap { $0["part"]?.string }) == ["current", "retired"])
        for variant in variants {
            #expect(counted(variant) > 0 && counted(variant) == variant["total"]?["n"]?.integer, "\(variant)")
        }
    }

    private func counted(_ variant: JSONValue) -> Int {
        (variant["stretches"]?.array ?? []).reduce(0) { $0 + ($1["n"]?.integer ?? 0) }
    }

    @Test func anEndpointWhoseHostWasStoppedSaysSoAndComesBackByAKey() throws {
        defer { _ = try? Program.run("serve", "stop", "--quiet", "--workspace", workspace) }
        _ = try train("toy", epochs: 1)
        let made = try Program.run("endpoint", "create", "toy", "--model", "toy", "--workspace", workspace)
        #expect(made.code == 0, "\(made.errors)")
        let terminal = try open()
        terminal.send(Array("7".utf8))
        try terminal.wait(forText: "● InService")
        #expect(try Program.run("serve", "stop", "--quiet", "--workspace", workspace).code == 0)
        try terminal.wait(forText: "the host is away: S starts one")
        try terminal.wait(forText: "○ OutOfService")
        terminal.send(Array("S".utf8))
        try terminal.wait(forText: "● host process")
        try terminal.wait(forText: "● InService")
        terminal.send(Array("q".utf8))
    }
}

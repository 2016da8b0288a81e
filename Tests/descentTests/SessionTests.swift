import Events
import Glibc
import JSON
import PseudoTerminals
import TemporaryFolders
import Testing

/// Whole sessions of the studio, as somebody sits them out: the real binary on a terminal, and at the end what the workspace
/// holds of it. Every step waits for what it brings onto the screen; nothing sleeps.
@Suite(.serialized) struct SessionTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func open(_ arguments: [String] = [], width: Int = 120, height: Int = 40) throws -> PseudoTerminal {
        try PseudoTerminal(
            Program.path, arguments + ["--workspace", workspace], width: width, height: height,
            environment: ["LC_ALL": "C.UTF-8", "HOME": scratch.path], directory: scratch.path)
    }

    private func runs() throws -> [JSONValue] {
        try Program.run("runs", "list", "--json", "--workspace", workspace).json()
    }

    /// The training losses that are recorded of a run, by step.
    private func losses(_ run: String) throws -> [(step: Int, value: Double)] {
        let path = scratch.path + "/\(run).csv"
        #expect(try Program.run("runs", "curves", run, "--metric", "loss", "--csv", path, "--workspace", workspace).code == 0)
        let lines = try scratch.read("\(run).csv").split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let head = try #require(lines.first)
        let metric = try #require(head.firstIndex(of: "metric"))
        let step = try #require(head.firstIndex(of: "step")), value = try #require(head.firstIndex(of: "value"))
        return lines.dropFirst().filter { $0[metric] == "train:loss" }.compactMap { cells in
            Int(cells[step]).flatMap { step in Double(cells[value]).map { (step, $0) } }
        }
    }

    @Test func aSessionFromDataToAReproducedRun() throws {
        let terminal = try open([Program.sample("diabetes")])
        try terminal.wait(forText: "diabetes.csv")
        try terminal.wait(forText: "No runs yet")

        // Two runs, one from the palette and one like it with another learning rate; their curves appear.
        try terminal.press(":", shows: "type to search")
        try terminal.press("new run", shows: "Start a new run")
        try terminal.press("\r", shows: "New run")
        try terminal.fill("target", "progression")
        try terminal.fill("name", "first")
        try terminal.press("\r", shows: "✔ ")
        try terminal.waitForCurve()
        try terminal.press("2e", shows: "New run: like first")
        try terminal.fill("name", "second")
        try terminal.fill("learning_rate", "0.3")
        try terminal.press("\r", shows: "second completed")

        // Marked and compared, down to the rows that the models see most differently.
        try terminal.press("2a", shows: "2 marked")
        try terminal.press("c", shows: "Compare 2 runs")
        try terminal.wait(forText: "Disagreements")
        try terminal.press("]]", shows: "learning_rate")
        try terminal.press("G", shows: "record ")
        try terminal.press("\u{1B}", hides: "Compare 2 runs")

        // Found by a setting; then without the filter again.
        try terminal.press("/learning_rate = 0.3\r", shows: "/learning_rate = 0.3")
        try terminal.wait(for: "one run") { screen in
            let table = screen.lines.map { String($0.prefix(40)) }
            return table.contains { $0.contains("✔ second") } && !table.contains { $0.contains("✔ first") }
        }
        try terminal.press("\u{1B}", hides: "/learning_rate")

        // A fork of the selected run, at its best evaluation.
        try terminal.press("F", shows: "◆ step")
        try terminal.press("learning_rate=0.05\r", shows: "-fork completed")

        // Its chart in a file that an XML reader takes.
        try terminal.press("3e", shows: "Export")
        try terminal.press("svg", shows: "SVG image")
        try terminal.press("\r", shows: "wrote ")
        let image = try #require(terminal.screen.word(after: "wrote "))
        try expectWellFormed(try scratch.read(image))

        // The first run done again, from the palette: the same to the bit.
        try terminal.press("2G", shows: "✔ first")
        try terminal.waitForIdle()
        try terminal.press(":reproduce", shows: "Run the run again")
        try terminal.press("\r", shows: "Nothing stands in the way")
        try terminal.press("r", shows: "= first: the same to the bit")
        try terminal.press("q", shows: "")
        #expect(try terminal.waitForExit() == .exited(0))

        let runs = try runs()
        let names = runs.compactMap { $0["name"]?.string }
        #expect(names.count == 4 && Set(names).isSuperset(of: ["first", "second"]), "\(names)")
        #expect(names.contains { $0.hasSuffix("-fork") } && names.contains { $0.hasSuffix("-again") }, "\(names)")
        #expect(runs.allSatisfy { $0["status"]?.string == "Completed" })
        let second = try #require(runs.first { $0["name"]?.string == "second" })
        #expect(second["hyperparameters"]?["learning_rate"]?.string == "0.3")
        let again = try #require(names.first { $0.hasSuffix("-again") })
        let before = try losses(String(again.dropLast("-again".count))), now = try losses(again)
        #expect(!before.isEmpty && before.map(\.value) == now.map(\.value) && before.map(\.step) == now.map(\.step))
    }

    @Test func aScreenThatChangesItsSizeInTheMidstShowsTheSame() throws {
        let terminal = try open([Program.sample("diabetes")], width: 80, height: 24)
        try terminal.wait(forText: "diabetes.csv")
        func resize(_ width: Int, _ height: Int, shows text: String) throws {
            terminal.resize(width: width, height: height)
            try terminal.wait(for: "'\(text)' on all of \(width)×\(height)") { screen in
                // Header and hints reach from edge to edge.
                screen.contains(text) && screen.lines.count == height && screen.lines[0].contains("descent")
                    && screen.lines[height - 1].contains { $0 != " " }
                    && screen.lines.allSatisfy { $0.unicodeScalars.count <= width }
            }
        }
        try terminal.press("n", shows: "New run")
        try resize(200, 60, shows: "New run")
        try terminal.fill("target", "progression")
        try resize(80, 24, shows: "progression")
        try terminal.fill("name", "small")
        try terminal.press("\r", shows: "small completed")
        try resize(200, 60, shows: "small")
        try terminal.waitForCurve()
        try terminal.press("2e", shows: "New run: like small")
        try resize(80, 24, shows: "New run: like small")
        try resize(200, 60, shows: "New run: like small")
        try terminal.fill("name", "large")
        try terminal.fill("learning_rate", "0.3")
        try terminal.press("\r", shows: "large completed")
        try terminal.press("2ac", shows: "Compare 2 runs")
        try terminal.wait(forText: "Disagreements")
        try resize(80, 24, shows: "Compare 2 runs")
        try terminal.press("G", shows: "record ")
        try resize(200, 60, shows: "record ")
        // Out of room and back: the same page at the same place.
        terminal.resize(width: 10, height: 3)
        try terminal.wait(for: "what it needs") { $0.lines.contains { $0.contains("needs") || $0.contains("24×6") } }
        try resize(120, 40, shows: "record ")
        try terminal.press("\u{1B}", hides: "Compare 2 runs")
        try terminal.press("q", shows: "")
        #expect(try terminal.waitForExit() == .exited(0))
        #expect(Set(try runs().compactMap { $0["name"]?.string }) == ["small", "large"])
    }

    @Test func aStudioThatWasKilledGoesOnWhereItWas() throws {
        let killed = try open([Program.sample("brokerage")])
        try killed.wait(forText: "brokerage.csv")
        try killed.press("n", shows: "New run")
        try killed.fill("target", "churned")
        try killed.fill("name", "long")
        try killed.fill("early_stopping_patience", "off")
        try killed.fill("epochs", "100000")
        try killed.press("\r", shows: "1 running")
        try killed.waitForCurve()
        try killed.press("2\r", shows: "long: overview")
        // Checkpoints are written about once a second.
        try killed.press("lll", shows: "saved")
        killed.signal(SIGKILL)
        #expect(try killed.waitForExit() == .killed(SIGKILL))
        let interrupted = try #require(try runs().first)
        #expect(interrupted["status"]?.string == "Stopped")
        let recorded = try losses("long")
        let reached = try #require(recorded.last?.step)

        let terminal = try open()
        try terminal.wait(forText: "interrupted")
        try terminal.waitForCurve()
        try terminal.press("2p", shows: "1 running")
        try terminal.press("\r", shows: "long: overview")
        try terminal.wait(for: "more than \(reached) steps") { screen in
            screen.number(after: "steps ").map { $0 > reached } ?? false
        }
        try terminal.press("\u{1B}", hides: "long: overview")
        try terminal.press("q", shows: "stop and save")
        try terminal.press("s", shows: "")
        #expect(try terminal.waitForExit() == .exited(0))
        #expect(try runs().count == 1)
        let whole = try losses("long")
        let last = try #require(whole.last?.step)
        #expect(last > reached)
        // Every step once, and up to the kill the values there were: the run went on to the bit.
        #expect(whole.map(\.step) == Array(1...last))
        #expect(zip(whole, recorded).allSatisfy { $0.value == $1.value })
    }

    /// Whether every element is closed by its own name, as XML demands.
    private func expectWellFormed(_ image: String) throws {
        var open: [Substring] = []
        for piece in image.split(separator: "<") {
            let tag = try #require(piece.split(separator: ">", omittingEmptySubsequences: false).first)
            let name = tag.drop { $0 == "/" }.prefix { $0.isLetter }
            if tag.hasPrefix("/") {
                #expect(open.popLast() == name)
            } else if !tag.hasSuffix("/") {
                open.append(name)
            }
        }
        #expect(open.isEmpty && image.hasPrefix("<svg") && image.contains("<path"))
    }
}

extension PseudoTerminal {
    /// Types, and waits for what that shows.
    func press(_ keys: String, shows text: String) throws {
        send(keys)
        if !text.isEmpty { try wait(forText: text, milliseconds: 20_000) }
    }

    /// Types, and waits for something to go.
    fileprivate func press(_ keys: String, hides text: String) throws {
        send(keys)
        try wait(for: "'\(text)' to go") { !$0.contains(text) }
    }

    fileprivate func waitForCurve() throws {
        try wait(for: "a curve") { screen in
            screen.lines.contains { $0.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) } }
        }
    }

    /// Goes to a field of the form and types its value in place of what is there.
    fileprivate func fill(_ field: String, _ value: String) throws {
        func row(_ screen: VirtualScreen) -> String { screen.lines.first { $0.contains("│›") } ?? "" }
        // Found by its name, wherever it is folded away.
        send("\u{06}" + field)
        try wait(for: "the field \(field)") { screen in
            screen.contains("/ \(field)") && row(screen).split(separator: "│›").last?.trimmed.hasPrefix("\(field) ") == true
        }
        send("\r\u{15}" + value)
        try wait(for: "\(field) = \(value)") { row($0).contains(" \(field) ") && row($0).contains(value) }
    }
}

extension Substring {
    fileprivate var trimmed: Substring { drop { $0 == " " } }
}

extension VirtualScreen {
    fileprivate func word(after text: String) -> String? {
        lines.lazy.compactMap { line in
            line.split(separator: text, maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first
        }
        .first.flatMap { $0.split(separator: " ").first.map(String.init) }
    }

    /// A number with separators, after a label and spaces.
    fileprivate func number(after label: String) -> Int? {
        word(after: label).flatMap { Int($0.filter { $0 != "," }) }
    }
}

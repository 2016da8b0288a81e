import TemporaryFolders
import Testing

/// `descent frame` as a user runs it.
@Suite struct FrameCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws {
        scratch = try TemporaryFolder()
        for name in ["first", "second"] {
            let run = try Program.run(
                "train", Program.sample("insurance"), "--target", "charges", "--name", name, "--set", "epochs=4", "--quiet",
                "--workspace", workspace)
            #expect(run.code == 0)
        }
    }

    private func frame(_ arguments: String...) throws -> Program {
        try Program.run(["frame"] + arguments + ["--workspace", workspace])
    }

    @Test func everyScreenIsShownWithoutATerminal() throws {
        let home = try frame("--size", "80x24")
        #expect(home.code == 0 && home.lines.count == 24)
        #expect(home.output.contains("2 Experiments") && home.output.contains("first") && home.output.contains("insurance.csv"))
        // The curves of the run that was asked for, not of the newest.
        let first = try frame("home", "--run", "first")
        #expect(first.output.contains("first") && !first.output.contains("No loss recorded"))
        let page = try frame("run", "--run", "first", "--keys", "right")
        #expect(page.output.contains("first: configuration") && page.output.contains("learning_rate"))
        #expect(try frame("compare").output.contains("Compare 2 runs"))
        #expect(try frame("curves").output.contains("loss"))
        let json = try #require(try frame("home", "--json").json().first)
        #expect(json["width"]?.double == 120 && json["lines"]?.array?.count == 40)
    }

    @Test func anImageHasTheThemesColours() throws {
        let path = scratch.path + "/home.svg"
        #expect(try frame("--theme", "descent-light", "--out", path).code == 0)
        let light = try scratch.read("home.svg")
        #expect(light.hasPrefix("<svg xmlns") && light.contains("Experiments") && light.hasSuffix("</svg>\n"))
        #expect(try frame("--theme", "descent-dark", "--out", path).code == 0)
        let dark = try scratch.read("home.svg")
        #expect(dark != light)
        // The themes' menu, and the theme that is chosen in it.
        #expect(try frame("themes").output.contains("colour-blind-light"))
        let chosen = try frame("home", "--theme", "descent-dark", "--keys", "T down enter", "--out", path)
        #expect(chosen.code == 0, "\(chosen.errors)")
        #expect(try scratch.read("home.svg").contains(try #require(light.firstMatch(of: /<rect width[^>]*>/)).output))
    }

    @Test func whatIsNotThereIsNamedWithWhatIs() throws {
        #expect(try frame("hoem").errors.contains("there is no screen 'hoem': give home, datasets"))
        #expect(try frame("--size", "9x9").code == 2)
        #expect(try frame("--theme", "none").errors.contains("descent-dark"))
        #expect(try frame("--keys", "nokey").errors.contains("there is no key 'nokey'"))
        #expect(try frame("--run", "third").errors.contains("there is no run 'third'"))
        #expect(try Program.run("frame", "--workspace", scratch.path + "/none").code != 0)
        #expect(try frame("importance").errors.contains("it takes four runs"))
    }
}

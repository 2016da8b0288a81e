import Events
import Testing

/// `descent runs curves` as a user runs it.
@Suite struct CurvesCommandTests {
    private let scratch: Scratch
    private var workspace: String { scratch.path + "/workspace" }

    init() throws {
        scratch = try Scratch()
        let run = try Program.run(
            "train", Program.sample("insurance"), "--target", "charges", "--name", "a", "--set", "epochs=4", "--quiet",
            "--workspace",
            workspace)
        #expect(run.code == 0)
    }

    @Test func curvesAreDrawnWrittenAsImageAndGivenWhole() throws {
        let text = try Program.run("runs", "curves", "a", "--workspace", workspace)
        #expect(text.code == 0)
        #expect(text.lines.first == "loss")
        #expect(text.output.contains("A a  "))
        let image = scratch.path + "/a.svg"
        #expect(try Program.run("runs", "curves", "a", "--svg", image, "--workspace", workspace).code == 0)
        #expect(try scratch.read("a.svg").hasPrefix("<svg xmlns"))
        let csv = try Program.run("runs", "curves", "a", "--metric", "rmse", "--csv", "-", "--workspace", workspace)
        let json = try Program.run("runs", "curves", "a", "--metric", "rmse", "--json", "--workspace", workspace).json()
        let recorded = json.reduce(0) { $0 + ($1["values"]?.array?.count ?? 0) }
        #expect(recorded == 8)
        #expect(csv.lines.count == 1 + recorded)
    }

    @Test func whatWasNotRecordedIsNamedWithWhatWas() throws {
        let wrong = try Program.run("runs", "curves", "a", "--metric", "rsme", "--workspace", workspace)
        #expect(wrong.code == 2)
        #expect(wrong.errors.hasPrefix("descent: no rsme was recorded: there are "))
        #expect(wrong.errors.contains("rmse"))
        #expect(try Program.run("runs", "curves", "a", "--size", "9", "--svg", "-", "--workspace", workspace).code == 2)
    }
}

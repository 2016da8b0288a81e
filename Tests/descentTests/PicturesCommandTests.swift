import Files
import JSON
import TemporaryFolders
import Testing

/// `data pictures`, as a user runs it.
@Suite struct PicturesCommandTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    @Test func `digits are seen by their class, with the shape that was found`() throws {
        let program = try Program.run("data", "pictures", Program.sample("digits"), "--class", "3", "--count", "1", "--json")
        #expect(program.code == 0)
        let line = try #require(program.lines.first)
        // The fourth row of scikit-learn's digits is the first three: its first line is 0 0 7 15 13 1 0 0, of 16.
        #expect(line.hasPrefix(#"{"kind":"picture","row":4,"class":"3","height":8,"width":8,"pixels":[[0,0,112,239,207,16,0,0]"#))
        #expect(program.errors.contains("8 × 8 pixels by the 64 columns pixel_0_0 to pixel_7_7, 0 black to 16 white"))
        let unknown = try Program.run("data", "pictures", Program.sample("digits"), "--class", "x")
        #expect(unknown.code == 2 && unknown.errors.contains("there is no class 'x': there are 0, 1, 2"))
    }

    @Test func `what is no picture is refused with what would be needed`() throws {
        let program = try Program.run("data", "pictures", Program.sample("iris"))
        #expect(program.code == 3 && program.errors.contains("give their shape"))
        let shape = try Program.run("data", "pictures", Program.sample("digits"), "--shape", "7x9")
        #expect(shape.code == 3 && shape.errors.contains("7 × 9 pixels are 63 columns"))
    }

    @Test func `what a model gets wrong is what evaluate counts on the same rows`() throws {
        // Every fourth row judges a model of the others, so that what is right is known from outside.
        let text = try #require(FileContents.text(Program.sample("digits")))
        let lines = text.split(separator: "\n").map { String($0) }
        let rows = lines.dropFirst().enumerated()
        let learned = rows.filter { $0.offset % 4 != 0 }.map { $0.element }
        let judging = rows.filter { $0.offset % 4 == 0 }.map { $0.element }
        let train = try scratch.write(([lines[0]] + learned).joined(separator: "\n") + "\n", as: "train.csv")
        let judge = try scratch.write(([lines[0]] + judging).joined(separator: "\n") + "\n", as: "judge.csv")
        let workspace = ["--workspace", scratch.path + "/w"]
        let words = [
            "train", train, "--target", "digit", "--algorithm", "linear-learner", "--validation", judge, "--set", "epochs=3",
            "--name",
            "line", "--quiet",
        ]
        let trained = try Program.run(words + workspace)
        #expect(trained.code == 0, "\(trained.errors)")
        let wrong = try Program.run(["data", "pictures", judge, "--wrong", "line", "--count", "1000", "--json"] + workspace)
        #expect(wrong.code == 0, "\(wrong.errors)")
        let measured = try Program.run(["evaluate", "line", judge, "--json"] + workspace)
        let found = try #require(try measured.json().last)
        let accuracy = try #require(found["metrics"]?["test:accuracy"]?.double)
        let expected = (450 * (1 - accuracy)).rounded()
        #expect(!wrong.lines.isEmpty && Double(wrong.lines.count) == expected)
        let first = try JSONValue(parsing: wrong.lines[0])
        #expect(first["predicted"]?.string != first["class"]?.string && (first["sureness"]?.double ?? 0) > 0.1)
        #expect(wrong.errors.contains("\(wrong.lines.count) of 450 that line gets wrong"))
    }
}

import JSON
import TemporaryFolders
import Testing

/// What a model learned about reading holds for the files it is used on, and a user can say otherwise.
@Suite struct ReadingOptionsTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    /// `y` is the day of the year, written day first.
    private static let days: [String] = {
        let starts = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
        var lines: [String] = []
        for month in 1...12 {
            for day in stride(from: 1, through: 28, by: 3) {
                lines.append("\(day < 10 ? "0" : "")\(day)/\(month < 10 ? "0" : "")\(month)/2023;0,5;\(starts[month - 1] + day)")
            }
        }
        return lines
    }()

    @Test func `a model reads dates and decimal commas as it learned them, whatever few rows would say`() throws {
        let train = try scratch.write((["d;z;y"] + Self.days).joined(separator: "\n") + "\n", as: "train.csv")
        // Each of these would be month first, or anything, by itself.
        let test = try scratch.write("d;z;y\n01/02/2023;0,5;32\n03/11/2023;0,5;307\n11/03/2023;1,500;70\n", as: "test.csv")
        let trained = try Program.run(
            "train", train, "--target", "y", "--set", "epochs=60", "--name", "days", "--workspace",
            workspace)
        #expect(trained.code == 0, "\(trained.errors)")
        #expect(
            trained.errors.contains("--delimiter ';' --header yes --decimal , --date-format dmy --encoding utf-8 --skip-rows 0")
        )
        let program = try Program.run("predict", "days", test, "--workspace", workspace)
        #expect(program.code == 0, "\(program.errors)")
        let predictions = program.lines.dropFirst().compactMap {
            $0.split(separator: ";").last.flatMap { Double($0.replacing(",", with: ".")) }
        }
        #expect(predictions.count == 3)
        for (prediction, day) in zip(predictions, [32.0, 307, 70]) {
            #expect(abs(prediction - day) < 25, "\(prediction) for \(day)")
        }
        let evaluated = try Program.run("evaluate", "days", test, "--json", "--workspace", workspace)
        #expect((try evaluated.json().first?["metrics"]?["test:rmse"]?.double ?? .infinity) < 25)
    }

    @Test func `a value that fits no more is counted, and refused with its place where that is asked for`() throws {
        let train = try scratch.write(
            "n,c,y\n" + (0..<60).map { "\($0).5,\($0 % 2 == 0 ? "red" : "blue"),\($0 * 2)\n" }.joined(), as: "train.csv")
        let trained = try Program.run(
            "train", train, "--target", "y", "--quiet", "--name", "plain", "--workspace", workspace)
        #expect(trained.code == 0)
        let test = try scratch.write("n,c,y\n1.5,red,2\noops,blue,4\n", as: "test.csv")
        let program = try Program.run("predict", "plain", test, "--workspace", workspace)
        #expect(program.code == 0)
        #expect(program.errors.contains("n: 1 value is no numbers and counts as missing: 'oops' (line 3)"))
        let strict = try Program.run("predict", "plain", test, "--strict", "--workspace", workspace)
        #expect(strict.code == 3)
        #expect(strict.errors.contains("line 3: 'oops' of column 'n'"))
        let unseen = try scratch.write("n,c,y\n1.5,green,2\n", as: "unseen.csv")
        let counted = try Program.run("predict", "plain", unseen, "--workspace", workspace)
        #expect(counted.code == 0)
        #expect(counted.errors.contains("'green'"))
        #expect(try Program.run("predict", "plain", unseen, "--strict", "--workspace", workspace).code == 3)
    }

    @Test func `options decide how a file is read, in the run's record and in its profile`() throws {
        let file = try scratch.write("a|b\n1.234|x\n2.345|y\n3.456|x\n", as: "data.txt")
        let profile = try Program.run("data", "profile", file, "--decimal", ",", "--thousands", ".", "--type", "b=text", "--json")
        #expect(profile.code == 0, "\(profile.errors)")
        let columns = try profile.json()[0]["columns"]?.array ?? []
        #expect(columns.map { $0["kind"]?.string } == ["integer", "text"])
        #expect(columns[0]["statistics"]?["maximum"]?.double == 3456)
        let choices = try profile.json()[0]["reading"]?["choices"]?.array ?? []
        #expect(choices.contains { $0["option"]?.string == "delimiter" && $0["value"]?.string == "|" })
        let trained = try Program.run(
            "train", file, "--target", "a", "--thousands", ".", "--decimal", ",", "--validation-split", "0", "--name", "r",
            "--quiet", "--workspace",
            workspace)
        #expect(trained.code == 0, "\(trained.errors)")
        let shown = try Program.run("runs", "show", "r", "--workspace", workspace, "--json")
        #expect(shown.output.contains(#""thousands":"."#))
        let wrong = try Program.run("data", "profile", file, "--decimal", "x")
        #expect(wrong.code == 2)
        #expect(wrong.errors.contains("--decimal is 'x': give . or ,"))
        let limited = try Program.run("data", "profile", file, "--rows", "2")
        #expect(limited.output.contains("2 rows × 2 columns") && limited.output.contains("--rows 2"))
    }

    @Test func `a file without a header is predicted without one, even where its first row could be names`() throws {
        let rows = (0..<80).map {
            "\($0 % 2 == 0 ? "red" : "blue"),\($0 % 3 == 0 ? "big" : "small"),\($0 % 2 == 0 ? "yes" : "no")"
        }
        let train = try scratch.write(rows.joined(separator: "\n") + "\n", as: "train.csv")
        let trained = try Program.run(
            "train", train, "--header", "no", "--target", "last", "--quiet", "--name", "words", "--workspace", workspace)
        #expect(trained.code == 0, "\(trained.errors)")
        let test = try scratch.write("red,big,yes\nblue,small,no\n", as: "test.csv")
        let program = try Program.run("predict", "words", test, "--workspace", workspace)
        #expect(program.lines.count == 3, "\(program.output)\(program.errors)")
        #expect(program.lines.dropFirst().map { $0.split(separator: ",")[3] } == ["yes", "no"])
    }
}

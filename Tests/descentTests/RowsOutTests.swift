import JSON
import TemporaryFolders
import Testing

/// `predict` and `data split` give the rows that they were given.
@Suite struct RowsOutTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    /// Rows with values that a way through doubles, dates or truth values would change.
    private static let records = [
        #"{"id": 1234567890123456701, "sepal_length": 5.10, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2, "ver": "1.10", "cc": "NA", "at": "2020-01-01T10:00:00.000000001+02:00"}"#,
        #"{"id": 1234567890123456702, "sepal_length": 6.5, "sepal_width": 3e0, "petal_length": 5.8, "petal_width": 2.2, "ver": "1e5", "cc": "a, \"b\"\n", "at": null}"#,
    ]

    private func train() throws {
        let trained = try Program.run(
            "train", Program.sample("iris"), "--target", "species", "--name", "iris", "--quiet", "--workspace", workspace)
        #expect(trained.code == 0)
    }

    @Test func `predictions are members behind those of the records, and standard output is the same text`() throws {
        try train()
        let rows = try scratch.write(Self.records.map { $0 + "\n" }.joined(), as: "rows.jsonl")
        let program = try Program.run("predict", "iris", rows, "--workspace", workspace)
        #expect(program.code == 0)
        #expect(program.lines.count == 2)
        for (line, record) in zip(program.lines, Self.records) {
            #expect(line.hasPrefix(record.dropLast() + ", \"prediction\": \""))
        }
        let answers = try program.json()
        #expect(answers.map { $0["prediction"]?.string } == ["setosa", "virginica"])
        let scores = ["setosa", "versicolor", "virginica"].compactMap { answers[0]["score_" + $0]?.double }
        #expect(abs(scores.reduce(0, +) - 1) < 1e-5)
        try Program.run("predict", "iris", rows, "--out", scratch.path + "/out.ndjson", "--quiet", "--workspace", workspace)
        #expect(try scratch.read("out.ndjson") == program.output)
    }

    @Test func `a column that is there twice is refused, where two are not what the model learned from`() throws {
        try train()
        let head = "sepal_length,sepal_width,petal_length,petal_width"
        for (name, text) in [
            ("rows.csv", "\(head),petal_width\n5.1,3.5,1.4,0.2,2.2\n"),
            (
                "rows.jsonl",
                #"{"sepal_length":5.1,"sepal_width":3.5,"petal_length":1.4,"petal_width":0.2,"petal_width":2.2}"# + "\n"
            ),
        ] {
            let rows = try scratch.write(text, as: name)
            let refused = try Program.run("predict", "iris", rows, "--workspace", workspace)
            #expect(refused.code == 3 && refused.errors.contains("'petal_width' is there twice"), "\(refused.errors)")
            let judged = try Program.run("evaluate", "iris", rows, "--workspace", workspace)
            #expect(judged.code == 3 && judged.errors.contains("'petal_width' is there twice"), "\(judged.errors)")
        }
        // What the model does not use is nobody's doubt, and what it learned from under two names are two columns.
        let other = try scratch.write("\(head),note,note\n5.1,3.5,1.4,0.2,a,b\n", as: "other.csv")
        #expect(try Program.run("predict", "iris", other, "--workspace", workspace).code == 0)
        let twice = (0..<40).map { "\($0 % 7),\($0 % 5),\($0 % 2)" }.joined(separator: "\n")
        let data = try scratch.write("a,a,y\n\(twice)\n", as: "twice.csv")
        let trained = try Program.run(
            "train", data, "--target", "y", "--name", "twice", "--quiet", "--set", "epochs=1", "--workspace", workspace)
        #expect(trained.code == 0, "\(trained.errors)")
        #expect(try Program.run("predict", "twice", data, "--workspace", workspace).code == 0)
    }

    @Test func `Parquet is written where the name says so, and printed as CSV with every digit`() throws {
        try train()
        let rows = try scratch.write(Self.records.map { $0 + "\n" }.joined(), as: "rows.jsonl")
        let out = scratch.path + "/rows.parquet"
        let written = try Program.run("predict", "iris", rows, "--out", out, "--quiet", "--workspace", workspace)
        #expect(written.code == 0 && written.errors.isEmpty)
        let program = try Program.run("predict", "iris", out, "--workspace", workspace)
        #expect(program.code == 0)
        #expect(
            program.lines[0]
                == "id,sepal_length,sepal_width,petal_length,petal_width,ver,cc,at,prediction,score_setosa,score_versicolor,"
                + "score_virginica,prediction_2,score_setosa_2,score_versicolor_2,score_virginica_2")
        #expect(
            program.lines[1].hasPrefix(
                "1234567890123456701,5.1,3.5,1.4,0.2,1.10,NA,2020-01-01T10:00:00.000000001+02:00,setosa,"))
        #expect(program.lines[2].hasPrefix("1234567890123456702,6.5,3.0,5.8,2.2,1e5,\"a, \"\"b\"\""))
        // The scores of the first prediction stand there as they were.
        let fields = program.lines[1].split(separator: ",")
        #expect(fields.suffix(3).map { Double($0) } == fields.suffix(7).prefix(3).map { Double($0) })
    }

    @Test func `the parts of a split have the file's format, and its records as they were`() throws {
        let records = (0..<20).map { #"{"id":12345678901234567\#(10 + $0),"v":"1.\#($0)0"}"# }
        let rows = try scratch.write(records.map { $0 + "\n" }.joined(), as: "rows.jsonl")
        let split = try Program.run("data", "split", rows, "--test", "0.25", "--out", scratch.path, "--workspace", workspace)
        #expect(split.code == 0)
        let parts = try ["train", "test"].map { try scratch.read("rows-\($0).jsonl").split(separator: "\n").map(String.init) }
        #expect(parts.map(\.count) == [15, 5])
        #expect(parts.joined().sorted() == records.sorted())

        let folder = scratch.path + "/parquet"
        let stored = Program.root + "/Tests/TablesTests/Files/exact.parquet"
        #expect(try Program.run("data", "split", stored, "--test", "0.4", "--out", folder, "--workspace", workspace).code == 0)
        let counts = try ["train", "test"].map { part in
            let shown = try Program.run("data", "profile", "\(folder)/exact-\(part).parquet", "--json", "--workspace", workspace)
            let profile = try #require(try shown.json().first)
            #expect(profile["format"]?.string == "parquet")
            return profile["rowCount"]?.double
        }
        #expect(counts == [3, 2])
    }
}

import Glibc
import JSON
import TemporaryFolders
import Testing

/// `descent transform`, by the real program.
@Suite struct TransformCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func run(_ arguments: String..., limits: String = "") throws -> Program {
        try Running(arguments + ["--workspace", workspace], limits: limits).finish()
    }

    private static let model = ["--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=2"]

    private func train() throws {
        let trained = try Program.run(
            ["train", Program.sample("insurance"), "--name", "m", "--quiet", "--workspace", workspace] + Self.model)
        #expect(trained.code == 0, "\(trained.errors)")
    }

    /// Rows like those of insurance.csv; more than 1 MB of them are more than a piece.
    private func rows(_ count: Int) -> [String] {
        (0..<count).map { row in
            let (age, bmi) = (18 + row * 7 % 46, Double(160 + row * 13 % 370) / 10)
            return
                "\(age),\(row % 2 == 0 ? "male" : "female"),\(bmi),\(row % 5),\(row % 3 == 0 ? "yes" : "no"),\(["northeast", "southwest", "southeast"][row % 3])"
        }
    }

    private static let header = "age,sex,bmi,children,smoker,region"

    private func predicted(_ path: String) throws -> [String] {
        try run("predict", "m", path).lines.dropFirst().compactMap { $0.split(separator: ",").last.map(String.init) }
    }

    @Test func outputsSayWhatPredictSaysInTheInputsOrderWhateverThePieces() throws {
        try train()
        let records = rows(60_000)
        #expect(records.reduce(0) { $0 + $1.utf8.count } > 1 << 20)
        try scratch.write(([Self.header] + records).joined(separator: "\n") + "\n", as: "in.csv")
        try scratch.write(records.prefix(500).joined(separator: "\r\n"), as: "bare.csv")
        let expected = try predicted(scratch.path + "/in.csv")
        #expect(expected.count == 60_000 && Set(expected).count > 1000)
        let done = try run(
            "transform", "m", scratch.path + "/in.csv", scratch.path + "/bare.csv", "--out", scratch.path + "/out", "--split",
            "line",
            "--max-payload", "1", "--json")
        #expect(done.code == 0, "\(done.errors)")
        let end = try #require(try done.json().last)
        #expect(end["kind"]?.string == "transformFinished" && end["status"]?.string == "Completed")
        #expect(end["records"]?.integer == 60_500 && end["files"]?.integer == 2)
        #expect(end["output"]?.string == scratch.path + "/out")
        let text = try scratch.read("out/in.csv.out")
        #expect(text.split(separator: "\n").map(String.init) == expected)
        #expect(try scratch.read("out/bare.csv.out").split(separator: "\n").map(String.init) == Array(expected.prefix(500)))
        let side = try run(
            "transform", "m", scratch.path + "/in.csv", "--out", scratch.path + "/side", "--split", "line", "--max-payload", "1",
            "--max-concurrent", "3", "--quiet")
        #expect(side.code == 0 && side.errors.isEmpty)
        #expect(try scratch.read("side/in.csv.out") == text)
        // In one request as in many; a file that does not fit into one says so.
        let whole = try run("transform", "m", scratch.path + "/bare.csv", "--out", scratch.path + "/whole")
        #expect(whole.code == 0)
        #expect(try scratch.read("whole/bare.csv.out") == scratch.read("out/bare.csv.out"))
        let large = try run("transform", "m", scratch.path + "/in.csv", "--out", scratch.path + "/whole", "--max-payload", "1")
        #expect(large.code == 3 && large.errors.contains("--split line"))
        // What is done is not done again.
        let again = try run(
            "transform", "m", scratch.path + "/in.csv", scratch.path + "/bare.csv", "--out", scratch.path + "/out", "--split",
            "line",
            "--max-payload", "1", "--json")
        #expect(try again.json().last?["kept"]?.integer == 60_500)
    }

    @Test func recordsAreJoinedAndFilteredAsSageMakersAre() throws {
        try train()
        let records = rows(20).map { "id\($0.count),\($0)" },
            path = try scratch.write(records.joined(separator: "\n") + "\n", as: "ids.csv")
        let plain = try scratch.write(([Self.header] + rows(20)).joined(separator: "\n") + "\n", as: "plain.csv")
        let expected = try predicted(plain)
        func transformed(_ input: String, _ out: String, _ options: String...) throws -> [String] {
            let done = try Program.run(
                [
                    "transform", "m", input, "--out", scratch.path + "/" + out, "--split", "line", "--quiet", "--workspace",
                    workspace,
                ]
                    + options)
            #expect(done.code == 0, "\(done.errors)")
            let name = input.split(separator: "/").last.map(String.init) ?? ""
            return try scratch.read("\(out)/\(name).out").split(separator: "\n").map(String.init)
        }
        #expect(try transformed(path, "a", "--input-filter", "$[1:]") == expected)
        #expect(
            try transformed(path, "b", "--input-filter", "$[1:]", "--join", "input")
                == zip(records, expected).map { "\($0),\($1)" })
        #expect(
            try transformed(path, "c", "--input-filter", "$[1:]", "--join", "input", "--output-filter", "$[0,-1]")
                == zip(records, expected).map { "\($0.prefix { $0 != "," }),\($1)" })
        let names = Self.header.split(separator: ",")
        let objects = rows(20).enumerated().map { index, row in
            let values = row.split(separator: ",")
            let members = zip(names, values).map { Double($1) == nil ? "\"\($0)\":\"\($1)\"" : "\"\($0)\":\($1)" }
            return "{\"id\":\(index),\"row\":{\(members.joined(separator: ","))}}"
        }
        let lines = try scratch.write(objects.joined(separator: "\n") + "\n", as: "rows.jsonl")
        #expect(
            try transformed(
                lines, "d", "--input-filter", "$.row", "--join", "input", "--output-filter", "$['id','SageMakerOutput']")
                == expected.enumerated().map { "[\($0),{\"score\":\($1)}]" })
        let whole = try transformed(lines, "e", "--input-filter", "$.row", "--join", "input")
        #expect(whole[3] == String(objects[3].dropLast()) + ",\"SageMakerOutput\":{\"score\":\(expected[3])}}")
        for (filter, code) in [("$[99]", Int32(3)), ("$.name", 2), ("oops", 2)] {
            let refused = try run(
                "transform", "m", path, "--out", scratch.path + "/f", "--split", "line", "--input-filter", filter)
            #expect(refused.code == code && refused.errors.contains(filter), "\(refused.errors)")
        }
    }

    @Test func aBadRecordIsNamedWithItsLineAndOtherFilesGoOn() throws {
        try train()
        var records = rows(2000)
        records[1234] = "1,2"
        mkdir(scratch.path + "/in", 0o755)
        mkdir(scratch.path + "/in/deep", 0o755)
        try scratch.write("", as: "in/.hidden")
        try scratch.write(([Self.header] + records).joined(separator: "\n") + "\n", as: "in/a.csv")
        try scratch.write(([Self.header] + rows(30)).joined(separator: "\n") + "\n", as: "in/deep/b.csv")
        let done = try run("transform", "m", scratch.path + "/in", "--out", scratch.path + "/out", "--split", "line", "--json")
        #expect(done.code == 3 && done.errors.contains("/in/a.csv:1236: there are 2 values"), "\(done.errors)")
        let lines = try done.json()
        #expect(lines.first?["kind"]?.string == "transformFailed" && lines.first?["line"]?.integer == 1236)
        #expect(lines.last?["status"]?.string == "Failed" && lines.last?["records"]?.integer == 30)
        #expect(try scratch.read("out/deep/b.csv.out").split(separator: "\n").count == 30)
        #expect(access(scratch.path + "/out/a.csv.out", F_OK) != 0 && access(scratch.path + "/out/.a.csv.out.partial", F_OK) != 0)
        // Mended, only that one is done.
        try scratch.write(([Self.header] + rows(2000)).joined(separator: "\n") + "\n", as: "in/a.csv")
        let mended = try run("transform", "m", scratch.path + "/in", "--out", scratch.path + "/out", "--split", "line", "--json")
        #expect(mended.code == 0)
        #expect(try mended.json().last?["kept"]?.integer == 30 && mended.json().last?["records"]?.integer == 2030)
        // What somebody else put there stays.
        try scratch.write("mine", as: "out/c.csv.out")
        let other = try scratch.write(rows(3).joined(separator: "\n"), as: "c.csv")
        let refused = try run("transform", "m", other, "--out", scratch.path + "/out", "--split", "line")
        #expect(refused.code == 2 && refused.errors.contains("move it away"))
        #expect(try scratch.read("out/c.csv.out") == "mine")
    }

    /// Killed at any moment, the same command goes on and leaves what it would have left; and so where there is no room on the disk.
    @Test func whatIsKilledOrHasNoRoomGoesOnAndLeavesNothingHalf() throws {
        try train()
        let records = rows(200_000),
            path = try scratch.write(([Self.header] + records).joined(separator: "\n") + "\n", as: "in.csv")
        let command = { (out: String) in
            [
                "transform", "m", path, "--out", scratch.path + "/" + out, "--split", "line", "--max-payload", "1", "--json",
                "--workspace", workspace,
            ]
        }
        #expect(try Program.run(command("whole")).code == 0)
        let expected = try scratch.read("whole/in.csv.out")
        let out = scratch.path + "/killed", journal = out + "/.transform.jsonl"
        var kills = 0
        for wanted in 1...3 {
            let running = try Running(command("killed"))
            // As soon as the journal says that so many pieces are done.
            while kill(running.process, 0) == 0, lineCount(journal) < wanted * 2 { usleep(1000) }
            kill(running.process, SIGKILL)
            _ = running.finish()
            if access(out + "/in.csv.out", F_OK) != 0 { kills += 1 }
        }
        let ended = try Program.run(command("killed"))
        #expect(ended.code == 0, "\(ended.errors)")
        #expect(try scratch.read("killed/in.csv.out") == expected)
        #expect(access(out + "/.in.csv.out.partial", F_OK) != 0)
        if kills > 0 { #expect(try #require(ended.json().last?["kept"]?.integer) > 0) }

        // 512 bytes a block.
        let full = try Running(command("full"), limits: "-f 1500").finish()
        #expect(full.code == 1 && full.errors.contains("check the disk's space"), "\(full.code) \(full.errors)")
        #expect(access(scratch.path + "/full/in.csv.out", F_OK) != 0)
        let room = try Program.run(command("full"))
        #expect(room.code == 0)
        #expect(try scratch.read("full/in.csv.out") == expected)
        #expect(try #require(room.json().last?["kept"]?.integer) > 0)
    }

    private func lineCount(_ path: String) -> Int {
        guard let file = fopen(path, "r") else { return 0 }
        defer { fclose(file) }
        var count = 0
        while case let byte = fgetc(file), byte != EOF { count += byte == 10 ? 1 : 0 }
        return count
    }
}

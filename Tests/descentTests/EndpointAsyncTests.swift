import Files
import Glibc
import JSON
import TemporaryFolders
import Testing

/// Requests that are answered later, what follows from alarms, and endpoints that nobody calls: the real program with its host.
@Suite(.serialized) struct EndpointAsyncTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func run(_ words: String...) throws -> Program { try Running(words + ["--workspace", workspace]).finish() }

    private func last(_ words: String...) throws -> JSONValue { try Running.last(words, in: workspace) }

    private func stopHost() { _ = try? run("serve", "stop", "--quiet") }

    private func wait(seconds: Int = 20, _ isDone: () throws -> Bool) rethrows -> Bool {
        for _ in 0..<(seconds * 20) {
            if try isDone() { return true }
            usleep(50_000)
        }
        return false
    }

    private func train(_ name: String) throws {
        var lines = ["x,kind,y"]
        for row in 0..<60 { lines.append("\(row % 7),\(row % 2 == 0 ? "a" : "b"),\(row % 7 * 3 + row % 2)") }
        let file = try scratch.write(lines.joined(separator: "\n") + "\n", as: "\(name).csv")
        try Program.train(file, name, in: workspace, epochs: 2)
    }

    private func path(_ location: JSONValue?) -> String { String((location?.string ?? "").dropFirst("file://".count)) }

    @Test func whatIsAskedLaterIsAnsweredAsPredictDoesWhateverBecomesOfTheHost() throws {
        defer { stopHost() }
        try train("toy")
        _ = try last("endpoint", "create", "toy", "--model", "toy")
        let rows = try scratch.write("x,kind\n1,a\n6,b\n", as: "rows.csv")
        // More than comes with a request.
        let many = try scratch.write("x,kind\n" + String(repeating: "3,a\n", count: 40_000), as: "many.csv")
        func predicted(_ file: String) throws -> [String] {
            try run("predict", "toy", file).lines.dropFirst().map { $0.split(separator: ",").last.map(String.init) ?? "" }
        }
        for (file, expected) in [(rows, try predicted(rows)), (many, try predicted(many))] {
            let asked = try last("endpoint", "invoke", "toy", "--async", file, "--accept", "text/csv")
            #expect(asked["kind"]?.string == "asyncInvocation" && asked["inferenceID"]?.string?.count == 36)
            let output = path(asked["outputLocation"])
            #expect(wait { FileContents.text(output) != nil })
            #expect(FileContents.text(output)?.split(separator: "\n").map(String.init) == expected, "\(file)")
        }
        let bad = try scratch.write("1,a,2,3\n", as: "bad.csv")
        let failure = path(try last("endpoint", "invoke", "toy", "--async", bad)["failureLocation"])
        #expect(wait { FileContents.text(failure)?.contains("CLIENT_ERROR_FROM_MODEL") == true })

        // Some large ones wait when the host is killed.
        var outputs: [String] = []
        for _ in 0..<6 {
            let asked = try last("endpoint", "invoke", "toy", "--async", many, "--accept", "text/csv")
            outputs.append(path(asked["outputLocation"]))
        }
        let process = try #require(try last("serve", "status")["pid"]?.integer)
        kill(pid_t(process), SIGKILL)
        while kill(pid_t(process), 0) == 0 { usleep(10_000) }
        #expect(try run("serve", "--detach").code == 0)
        #expect(wait(seconds: 60) { outputs.allSatisfy { FileContents.text($0) != nil } })
        let expected = try predicted(many)
        for output in outputs { #expect(FileContents.text(output)?.split(separator: "\n").map(String.init) == expected) }
        #expect(try wait { try last("endpoint", "show", "toy")["async"]?["approximateBacklogSize"]?.integer == 0 })
        for words in [["--ttl", "60"], ["--async", "--variant", "a"], ["--async", "--ttl", "x"]] {
            #expect(try Running(["endpoint", "invoke", "toy", rows] + words + ["--workspace", workspace]).finish().code == 2)
        }
    }

    @Test func anAlarmThatGoesOnAndOffIsToldOnceEach() throws {
        defer { stopHost() }
        try train("toy")
        _ = try last("endpoint", "create", "toy", "--model", "toy")
        let told = scratch.path + "/told.txt"
        try AtomicFile.write(
            Array(
                """
                channel log: file \(scratch.path)/events.jsonl
                alarm busy: notify log, command "echo $DESCENT_KIND $DESCENT_STATE $DESCENT_ENDPOINT >> \(told)"
                alarm any off: notify log
                alarm other change: notify log

                """.utf8), to: workspace + "/actions.txt")
        #expect(try run("debug", "actions").code == 0)
        _ = try run(
            "alarm", "create", "busy", "--endpoint", "toy", "--metric", "Invocations", "--statistic", "Sum", "--threshold", "0",
            "--period", "1")
        let rows = try scratch.write("x,kind\n1,a\n6,b\n", as: "rows.csv")
        _ = try last("endpoint", "invoke", "toy", rows)
        func events() throws -> [JSONValue] {
            let text = FileContents.text(scratch.path + "/events.jsonl") ?? ""
            return try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        }
        #expect(try wait { try events().count == 2 })
        usleep(1_500_000)
        let all = try events()
        #expect(all.map { $0["detail"]?["state"]?["value"]?.string } == ["ALARM", "OK"], "\(all.map(\.text))")
        #expect(all.allSatisfy { $0["detail-type"]?.string == "Descent Alarm State Change" })
        #expect(all.allSatisfy { $0["resources"]?.array?.first?.string == "descent:endpoint/toy" })
        #expect(all.first?["detail"]?["alarmName"]?.string == "busy")
        #expect(FileContents.text(told) == "alarm ALARM toy\n")
        // A run takes nothing of what is about alarms.
        let data = scratch.path + "/toy.csv"
        #expect(try run("train", data, "--target", "y", "--set", "epochs=1", "--name", "more", "--quiet").code == 0)
        let refused = try run("train", data, "--target", "y", "--action", "alarm busy: bell")
        #expect(refused.code == 2 && refused.errors.contains("belongs to no run"), "\(refused.errors)")
        let levels = try run(
            "alarm", "create", "hot", "--endpoint", "toy", "--metric", "CPUUtilization", "--statistic", "p99", "--threshold", "1")
        #expect(levels.code == 2 && levels.errors.contains("use Average"))
    }

    @Test func anEndpointThatNobodyCallsIsDeletedAndSaysSo() throws {
        defer { stopHost() }
        try train("toy")
        _ = try last("endpoint", "create", "toy", "--model", "toy", "--idle-delete", "2s")
        let rows = try scratch.write("x,kind\n1,a\n", as: "rows.csv")
        // Who is called stays.
        for _ in 0..<10 {
            usleep(300_000)
            #expect(try run("endpoint", "invoke", "toy", rows).code == 0)
        }
        #expect(try run("endpoint", "show", "toy").output.contains("nobody has called it for 2 s"))
        #expect(try wait { try last("endpoint", "list")["status"]?.string == "Deleting" })
        let line = try run("endpoint", "list").output
        #expect(line.contains("nobody called it for 2 s"), "\(line)")
        #expect(try run("endpoint", "show", "toy").output.contains("deleted: nobody called it"))
        #expect(try run("endpoint", "invoke", "toy", rows).code == 1)
        // Its name is free, and what keeps it can be changed.
        let again = try last("endpoint", "create", "toy", "--model", "toy", "--idle-delete", "1d")
        #expect(again["idleDeleteSeconds"]?.double == 86_400)
        #expect(try run("endpoint", "update", "toy", "--idle-delete", "never").code == 0)
        #expect(try last("endpoint", "show", "toy")["idleDeleteSeconds"] == nil)
        #expect(try run("endpoint", "create", "other", "--model", "toy", "--idle-delete", "soon").code == 2)
    }
}

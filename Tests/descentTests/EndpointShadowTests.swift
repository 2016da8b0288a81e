import Glibc
import JSON
import TemporaryFolders
import Testing

/// Shadow tests, and what a new version has to show before it gets requests: the real program with its host.
@Suite(.serialized) struct EndpointShadowTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func run(_ words: String...) throws -> Program { try Running(words + ["--workspace", workspace]).finish() }

    private func last(_ words: String...) throws -> JSONValue { try Running.last(words, in: workspace) }

    private func stopHost() { _ = try? run("serve", "stop", "--quiet") }

    private func killHost() throws {
        let process = try #require(try last("serve", "status")["pid"]?.integer)
        kill(pid_t(process), SIGKILL)
        while kill(pid_t(process), 0) == 0 { usleep(10_000) }
    }

    /// Waits until an endpoint is shown as it is wanted.
    private func shown(_ name: String, _ isWanted: (JSONValue) -> Bool) throws -> JSONValue {
        var found = JSONValue.null
        for _ in 0..<200 {
            found = try last("endpoint", "show", name)
            if isWanted(found) { return found }
            usleep(50_000)
        }
        return found
    }

    private func train(_ name: String, epochs: Int = 2, column: String = "x") throws {
        var lines = ["\(column),kind,y"]
        for row in 0..<60 { lines.append("\(row % 7),\(row % 2 == 0 ? "a" : "b"),\(row % 7 * 3 + row % 2)") }
        let file = try scratch.write(lines.joined(separator: "\n") + "\n", as: "\(name).csv")
        try Program.train(file, name, in: workspace, epochs: epochs)
    }

    @Test func aShadowIsComparedSurvivesTheHostAndIsPromoted() throws {
        defer { stopHost() }
        try train("old")
        try train("newer", epochs: 9)
        _ = try last("endpoint", "create", "toy", "--model", "old")
        let begun = try last("endpoint", "shadow", "toy", "--model", "newer")
        #expect(begun["kind"]?.string == "endpointShadow" && begun["shadow"]?["model"]?.string == "newer")
        let rows = try scratch.write("x,kind\n1,a\n6,b\n", as: "rows.csv")
        let before = try run("endpoint", "invoke", "toy", rows, "--accept", "text/csv").lines
        let after = try run("predict", "newer", rows).lines.dropFirst().map {
            $0.split(separator: ",").last.map(String.init) ?? ""
        }
        #expect(before != after)
        for _ in 0..<3 { _ = try last("endpoint", "invoke", "toy", rows) }
        let report = try shown("toy") { $0["shadow"]?["requests"]?.integer == 4 }["shadow"]
        #expect(report?["rows"]?.integer == 8 && report?["agreed"]?.integer == 0 && report?["shadowErrors"]?.integer == 0)
        // By hand: the largest distance between what both predict.
        let distance = zip(before, after).map { abs((Double($0) ?? 0) - (Double($1) ?? 0)) }.max() ?? 0
        #expect(abs((report?["differences"]?["max"]?.double ?? 0) - distance) < 1e-4 * distance)
        let row = report?["disagreements"]?.array?.first
        #expect(["1,a", "6,b"].contains(row?["text"]?.string ?? ""))
        let text = try run("endpoint", "show", "toy").output
        #expect(text.contains("newer is shown 100 % of the requests") && text.contains("4 requests compared"), "\(text)")

        // Another is refused meanwhile, and so is an update.
        #expect(try run("endpoint", "shadow", "toy", "--model", "old").errors.contains("has a shadow test of newer"))
        #expect(try run("endpoint", "update", "toy", "--model", "newer").errors.contains("has a shadow test"))

        try killHost()
        #expect(try run("serve", "--detach").code == 0)
        var again: Program?
        for _ in 0..<100 where again?.code != 0 {
            usleep(50_000)
            again = try run("endpoint", "invoke", "toy", rows, "--accept", "text/csv")
        }
        #expect(again?.lines == before)
        let counted = try shown("toy") { $0["shadow"]?["requests"]?.integer == 5 }["shadow"]
        #expect(counted?["requests"]?.integer == 5 && counted?["running"]?.boolean == true)

        let halved = try last("endpoint", "shadow", "toy", "--sampling", "50")
        #expect(halved["shadow"]?["samplingPercent"]?.double == 50 && halved["shadow"]?["requests"]?.integer == 5)
        #expect(try run("endpoint", "promote", "toy").code == 0)
        #expect(try run("endpoint", "invoke", "toy", rows, "--accept", "text/csv").lines == after)
        let now = try last("endpoint", "show", "toy")
        #expect(now["shadow"]?["running"]?.boolean == false && now["status"]?.string == "InService")
        #expect(now["variants"]?.array?.first?["model"]?.string == "newer" && now["checkedRequests"]?.integer ?? 0 > 0)
        #expect(try run("endpoint", "show", "toy").output.contains("of the requests: promoted"))
        #expect(try run("endpoint", "promote", "toy").errors.contains("nothing to promote"))
        #expect(try run("endpoint", "shadow", "toy", "--stop").errors.contains("nothing to stop"))
        #expect(try run("endpoint", "shadow", "toy").code == 2)
        #expect(try run("endpoint", "shadow", "toy", "--model", "old", "--sampling", "0").code == 2)
    }

    @Test func aVersionThatFailsOnStoredRequestsGetsNone() throws {
        defer { stopHost() }
        try train("old")
        try train("strange", column: "z")
        _ = try last("endpoint", "create", "toy", "--model", "old")
        let rows = try scratch.write("x,kind\n1,a\n", as: "rows.csv")
        _ = try last("endpoint", "invoke", "toy", rows)
        let refused = try run("endpoint", "update", "toy", "--model", "strange")
        #expect(refused.code == 1 && refused.errors.contains("gets no requests"), "\(refused.errors)")
        #expect(refused.errors.contains("--no-check"))
        let kept = try last("endpoint", "show", "toy")
        #expect(kept["status"]?.string == "InService" && kept["variants"]?.array?.first?["model"]?.string == "old")
        // Requests are kept over a stopped host.
        stopHost()
        #expect(try run("serve", "--detach").code == 0)
        _ = try shown("toy") { $0["status"]?.string == "InService" }
        #expect(try run("endpoint", "update", "toy", "--model", "strange").errors.contains("gets no requests"))
        #expect(try run("endpoint", "update", "toy", "--model", "strange", "--no-check").code == 0)
    }

    @Test func aKeptModelWhoseFileWasChangedIsNotServed() throws {
        defer { stopHost() }
        try train("old")
        try train("newer", epochs: 9)
        _ = try last("models", "register", "prices", "--run", "old", "--approve")
        let made = try last("endpoint", "create", "toy", "--model", "prices")
        let id = try #require(made["variants"]?.array?.first?["modelID"]?.string), folder = "\(workspace)/models/\(id)"
        var status = stat()
        #expect(stat(folder + "/probe.json", &status) == 0)
        // The same kind of model, which says something else.
        let newer = try last("endpoint", "create", "other", "--model", "newer")
        let other = try #require(newer["variants"]?.array?.first?["modelID"]?.string)
        #expect(rename("\(workspace)/artifacts/\(other)/model.json", folder + "/model.json") == 0)
        let refused = try run("endpoint", "create", "second", "--model", "prices")
        #expect(refused.code == 1 && refused.errors.contains("when it was kept"), "\(refused.errors)")
    }

    @Test func anEndpointWhoseOldVersionIsGoneAfterAKilledDeploymentSaysSo() throws {
        defer { stopHost() }
        try train("old")
        try train("newer", epochs: 9)
        _ = try last("endpoint", "create", "toy", "--model", "old")
        let rows = try scratch.write("x,kind\n1,a\n", as: "rows.csv")
        let old = try #require(try last("endpoint", "show", "toy")["variants"]?.array?.first?["modelID"]?.string)
        _ = try last("endpoint", "update", "toy", "--model", "newer", "--strategy", "canary", "--wait", "600", "--no-wait")
        try killHost()
        #expect(rename("\(workspace)/artifacts/\(old)/model.json", "\(workspace)/away.json") == 0)
        #expect(try run("serve", "--detach").code == 0)
        let half = try shown("toy") { $0["status"]?.string == "UpdateRollbackFailed" }
        #expect(half["status"]?.string == "UpdateRollbackFailed", "\(half.text)")
        #expect(half["reason"]?.string?.contains("old version cannot be brought back") == true)
        #expect(half["variants"]?.array?.first?["model"]?.string == "newer")
        let after = try run("predict", "newer", rows).lines.last.map { $0.split(separator: ",").last.map(String.init) ?? "" }
        #expect(try run("endpoint", "invoke", "toy", rows, "--accept", "text/csv").lines == [after ?? ""])
        // It stays so until somebody decides, whatever hosts come.
        stopHost()
        #expect(try run("serve", "--detach").code == 0)
        usleep(500_000)
        #expect(try last("endpoint", "show", "toy")["status"]?.string == "UpdateRollbackFailed")
        let mended = try last("endpoint", "update", "toy", "--model", "newer")
        #expect(mended["status"]?.string == "InService" && mended["rolledBack"]?.boolean == false)
    }

    @Test func anAlarmDuringARepairFindsNoOldVersionToBringBack() throws {
        defer { stopHost() }
        for (name, epochs) in [("old", 2), ("newer", 9), ("third", 5)] { try train(name, epochs: epochs) }
        _ = try last("endpoint", "create", "toy", "--model", "old")
        let rows = try scratch.write("x,kind\n1,a\n", as: "rows.csv")
        let begun = try last(
            "endpoint", "update", "toy", "--model", "newer", "--strategy", "canary", "--wait", "600", "--no-wait")
        let models = ["variants", "pending"].compactMap { begun[$0]?.array?.first?["modelID"]?.string }
        #expect(models.count == 2)
        try killHost()
        for model in models { #expect(unlink("\(workspace)/artifacts/\(model)/model.json") == 0) }
        #expect(try run("serve", "--detach").code == 0)
        let half = try shown("toy") { $0["status"]?.string == "UpdateRollbackFailed" }
        #expect(half["reason"]?.string?.contains("nor can the new one") == true, "\(half.text)")
        #expect(try run("endpoint", "invoke", "toy", rows).errors.contains("429 ModelNotReadyException"))
        _ = try run(
            "alarm", "create", "busy", "--endpoint", "toy", "--metric", "Invocations", "--statistic", "Sum", "--threshold", "0",
            "--period", "1")
        let words = ["endpoint", "update", "toy", "--model", "third", "--wait", "20", "--alarm", "busy", "--json"]
        let update = try Running(words + ["--workspace", workspace])
        _ = try shown("toy") { $0["status"]?.string == "Updating" }
        for _ in 0..<20 {
            _ = try run("endpoint", "invoke", "toy", rows)
            usleep(100_000)
        }
        let ended = update.finish()
        let said = try #require(try ended.json().last)
        #expect(ended.code == 1 && said["status"]?.string == "UpdateRollbackFailed" && said["rolledBack"]?.boolean == false)
        #expect(said["reason"]?.string?.contains("no old version to bring back") == true, "\(said.text)")
        #expect(try run("endpoint", "invoke", "toy", rows).code == 0)
    }
}

import JSON
import TemporaryFolders
import Testing

/// What `monitor` says of data beside a baseline.
@Suite struct MonitorCommandTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    private func rows(_ count: Int, shift: Int = 0) throws -> String {
        let lines = (0..<count).map { "\(20 + shift + $0 * 37 % 53),\(["bern", "rome", "oslo"][$0 * 7 % 11 % 3])" }
        return try scratch.write("age,city\n" + lines.joined(separator: "\n") + "\n", as: "rows\(count)-\(shift).csv")
    }

    private func monitor(_ words: [String]) throws -> Program { try Program.run(["monitor"] + words) }

    @Test func `a baseline, a file that is like it, and one that is not`() throws {
        let folder = scratch.path + "/baseline"
        let made = try monitor(["baseline", rows(1000), "--out", folder, "--json"])
        #expect(made.code == 0, "\(made.errors)")
        #expect(try made.json().last?["features"]?.integer == 2)
        let quiet = try monitor(["check", rows(400), "--baseline", folder, "--json", "--quiet"])
        #expect(try quiet.json().last?["status"]?.string == "Completed", "\(quiet.errors)")
        let out = scratch.path + "/found"
        let moved = try monitor(["check", rows(400, shift: 6), "--baseline", folder, "--out", out, "--json", "--quiet"])
        let line = try #require(try moved.json().last)
        #expect(moved.code == 0 && line["kind"]?.string == "monitorExecuted")
        #expect(line["status"]?.string == "CompletedWithViolations")
        let violations = try #require(line["violations"]?.array)
        #expect(violations.map { $0["feature_name"]?.string } == ["age"])
        #expect(violations.first?["constraint_check_type"]?.string == "baseline_drift_check")
        #expect(try JSONValue(parsing: scratch.read("found/constraint_violations.json"))["violations"]?.array == violations)
        let text = try monitor(["check", rows(400, shift: 6), "--baseline", folder])
        #expect(text.output.contains("▲  age") && text.output.contains("1 violation"))
    }

    @Test func `what is missing is said`() throws {
        let data = try rows(50)
        #expect(try monitor(["baseline", data]).code == 2)
        let none = try monitor(["check", data, "--baseline", scratch.path + "/none"])
        #expect(none.code == 3 && none.errors.contains("none/statistics.json is not there"))
        _ = try monitor(["baseline", data, "--out", scratch.path + "/b", "--quiet"])
        let other = try scratch.write("a,b\n1,2\n", as: "other.csv")
        let strange = try monitor(["check", other, "--baseline", scratch.path + "/b"])
        #expect(strange.code == 3 && strange.errors.contains("none of the baseline's columns (age, city)"))
    }
}

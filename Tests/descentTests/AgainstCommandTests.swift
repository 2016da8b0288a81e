import JSON
import TemporaryFolders
import Testing

/// `descent data profile A --against B`, by the real program.
@Suite struct AgainstCommandTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    private func file(_ name: String, shift: Int, town: String) throws -> String {
        let rows = (0..<300).map { "\(($0 * 37 + shift * 11) % 101 + shift),\($0 % 3 == 0 ? town : "Bern")" }
        return try scratch.write("age,town\n" + rows.joined(separator: "\n") + "\n", as: name)
    }

    @Test func driftIsToldWithWhyItMatters() throws {
        let first = try file("a.csv", shift: 0, town: "Genf"), second = try file("b.csv", shift: 60, town: "Olten")
        let shown = try Program.run("data", "profile", first, "--against", second)
        #expect(shown.code == 0, "\(shown.errors)")
        #expect(shown.output.contains("age is distributed much otherwise (PSI") && shown.output.contains("'Olten'"))
        #expect(shown.output.contains("a model cannot know what they mean"))
        let line = try JSONValue(parsing: try Program.run("data", "profile", first, "--against", second, "--json").output)
        #expect(line["kind"]?.string == "dataCompared")
        let age = try #require(line["columns"]?.array?.first)
        #expect(age["column"]?.string == "age" && age["drifted"]?.boolean == true && (age["chance"]?.double ?? 1) < 1e-6)
        #expect(line["warnings"]?.array?.contains { $0["code"]?.string == "unseen" } == true)
    }

    @Test func theSameFileIsAllShared() throws {
        let first = try file("a.csv", shift: 0, town: "Genf")
        let line = try JSONValue(parsing: try Program.run("data", "profile", first, "--against", first, "--json").output)
        #expect(
            line["sharedRows"]?.integer == 300 && line["columns"]?.array?.allSatisfy { $0["drifted"]?.boolean == false } == true)
        #expect(line["warnings"]?.array?.compactMap { $0["code"]?.string } == ["overlap"])
        #expect(try Program.run("data", "profile", first, "--against", first, "--target", "age").code == 2)
    }

    @Test func numbersThatBecameTextsAreTold() throws {
        let first = try scratch.write("x\n" + (0..<40).map { "\($0).5" }.joined(separator: "\n") + "\n", as: "n.csv")
        let second = try scratch.write("x\n" + (0..<40).map { "v\($0 % 7)" }.joined(separator: "\n") + "\n", as: "t.csv")
        for (one, two) in [(first, second), (second, first)] {
            let line = try JSONValue(parsing: try Program.run("data", "profile", one, "--against", two, "--json").output)
            #expect(line["warnings"]?.array?.isEmpty == false, "\(line.text)")
        }
    }

    @Test func aWarningSaysTheStepThatAnswersIt() throws {
        let path = try scratch.write("x,one\n" + (0..<30).map { "\($0 * 7 % 11),5" }.joined(separator: "\n") + "\n", as: "c.csv")
        #expect(try Program.run("data", "profile", path).output.contains("→ step drop one"))
        let event = try JSONValue(parsing: try Program.run("data", "profile", path, "--json").output)
        #expect(event.text.contains(#""answer":"step drop one""#), "\(event.text)")
    }
}

import Fairness
import Foundation
import JSON
import Tables
import Testing

/// Row weights with which labels do not depend on groups.
@Suite struct ReweighingTests {
    /// Rows and weights of aif360: Files/make_reweighing.py.
    private static func oracle() throws -> JSONValue {
        let url = try #require(Bundle.module.url(forResource: "reweighing", withExtension: "json", subdirectory: "Files"))
        return try JSONValue(parsing: try String(contentsOf: url, encoding: .utf8))
    }

    private func places(_ words: JSONValue?) -> [Int] {
        let texts = (words?.array ?? []).compactMap(\.string), known = Set(texts).sorted()
        return texts.map { known.firstIndex(of: $0) ?? -1 }
    }

    @Test(
        arguments: [("sex", nil, "plain"), ("sex", "before", "weighted"), ("race", nil, "groups3")] as [(String, String?, String)]
    )
    func `weights are aif360's, for two groups and three, also where rows have weights before`(
        groups: String, before: String?, expected: String
    ) throws {
        let oracle = try Self.oracle()
        #expect(oracle["aif360"]?.string == "0.6.1")
        let given = before.map { (oracle[$0]?.array ?? []).compactMap(\.double) }
        let found = Reweighing(groups: places(oracle[groups]), labels: places(oracle["label"]), weights: given)
        let theirs = (oracle[expected]?.array ?? []).compactMap(\.double)
        #expect(theirs.count == 60 && found.weights.count == 60)
        for (mine, weight) in zip(found.weights, theirs) { #expect(abs(mine - weight) < 1e-12) }
    }

    @Test func `weighed labels do not depend on the group, and rows of no group keep their weight`() {
        let groups: [Int?] = (0..<90).map { $0 % 9 == 0 ? nil : $0 % 3 == 0 ? 0 : 1 }
        let labels = (0..<90).map { $0 % 3 == 0 ? ($0 % 2) : ($0 % 5 == 0 ? 0 : 1) }
        let found = Reweighing(groups: groups, labels: labels)
        func share(_ group: Int) -> Double {
            let rows = groups.indices.filter { groups[$0] == group }
            let mass = rows.reduce(0) { $0 + found.weights[$1] }
            return rows.filter { labels[$0] == 1 }.reduce(0) { $0 + found.weights[$1] } / mass
        }
        #expect(abs(share(0) - share(1)) < 1e-12)
        #expect(groups.indices.filter { groups[$0] == nil }.allSatisfy { found.weights[$0] == 1 })
        #expect(abs(found.weights.reduce(0, +) - 90) < 1e-9)
    }

    private func words(_ name: String, _ values: [String?]) -> Column {
        let known = Set(values.compactMap { $0 }).sorted()
        let codes = values.map { value in value.flatMap { known.firstIndex(of: $0) }.map { Int32($0) } ?? -1 }
        return Column(name: name, kind: .categorical, storage: .codes(codes, dictionary: known))
    }

    @Test func `groups are the values of a column, or the rows of a test and all others`() throws {
        let table = Table(columns: [
            words("sex", ["f", "m", nil, "f"]), Column(name: "age", kind: .numeric, storage: .numbers([20, 50, 40, 60])),
        ])
        let each = try RowGroups("sex", in: table)
        #expect(each.names == ["f", "m"] && each.places == [0, 1, nil, 0] && each.column == "sex")
        let old = try RowGroups("age>45", in: table)
        #expect(old.places == [1, 0, 1, 0] && old.names == ["> 45", "others"])
        #expect(throws: FairnessError.self) { try RowGroups("height", in: table) }
        #expect(throws: FairnessError.self) { try RowGroups("sex=x", in: table) }
        #expect(try RowTest("sex=f&age>30").text == "sex=f&age>30")
    }

    @Test func `a column of very many values is no facet of each of them`() throws {
        let table = Table(columns: [words("who", (0..<3000).map { "name\($0)" })])
        #expect {
            try RowTest.eachValue(of: "who", in: table)
        } throws: { error in
            (error as? FairnessError)?.message.contains("who has 3000 values: say which with who=VALUE") == true
        }
    }
}

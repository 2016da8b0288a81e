import Tables
import TemporaryFolders
import Testing

@testable import Monitoring

/// Two distributions in the same bins, and rows that are written down.
@Suite struct DistributionPairTests {
    private func statistics(_ values: [Double?]) -> FeatureStatistics {
        FeatureStatistics(Column(name: "x", kind: .numeric, storage: .numbers(values.map { $0 ?? .nan })))
    }

    @Test func numbersAreSharesOfTheSameBins() throws {
        let before = statistics((0..<1000).map(Double.init)), now = statistics((500..<1500).map(Double.init))
        let pair = try #require(DistributionPair(before, now)), edges = try #require(pair.edges)
        #expect(pair.before.count == 40 && edges.count == 41 && pair.names.isEmpty)
        #expect(abs(pair.before.reduce(0, +) - 1) < 1e-9 && abs(pair.now.reduce(0, +) - 1) < 1e-9)
        // The quantiles of 0.5 and 99.5 % of both.
        #expect(edges[0] == 4 && edges[40] == 1494)
        // Below 500 there is nothing of the second, beyond 1000 nothing of the first.
        #expect(pair.now.prefix(13).allSatisfy { $0 == 0 } && pair.before.suffix(13).allSatisfy { $0 == 0 })
    }

    @Test func aSingleValueFarAwayDoesNotFlattenAllOthers() throws {
        let before = statistics((0..<1000).map { Double($0 % 100) }), now = statistics((0..<999).map { Double($0 % 100) } + [1e9])
        let edges = try #require(DistributionPair(before, now)?.edges)
        #expect(edges[40] <= 99)
    }

    @Test func textsAreSharesOfEach() throws {
        func texts(_ words: [String]) -> FeatureStatistics {
            var dictionary: [String] = []
            let codes = words.map { word -> Int32 in
                if !dictionary.contains(word) { dictionary.append(word) }
                return Int32(dictionary.firstIndex(of: word) ?? 0)
            }
            return FeatureStatistics(Column(name: "x", kind: .categorical, storage: .codes(codes, dictionary: dictionary)))
        }
        let pair = try #require(DistributionPair(texts(["a", "a", "b", "c"]), texts(["a", "d"])))
        #expect(pair.names == ["a", "d", "b", "c"] && pair.edges == nil)
        #expect(pair.before == [0.5, 0, 0.25, 0.25] && pair.now == [0.5, 0.5, 0, 0])
        #expect(DistributionPair(texts(["a"]), statistics([1])) == nil)
        #expect(DistributionPair(statistics([nil]), statistics([1])) == nil)
    }

    @Test func rowsThatAreWrittenAreReadAsTheyWere() throws {
        let scratch = try TemporaryFolder()
        let words = ["plain", "a,b", "say \"x\"", " padded ", "two\nlines", "=1+1", "-dash"]
        let table = Table(columns: [
            Column(name: "n", kind: .numeric, storage: .numbers([1, 2.5, .nan, -3, 1e-7, 6, 7])),
            Column(
                name: "w, of all", kind: .categorical, storage: .codes(words.indices.map { Int32($0) }, dictionary: words)),
        ])
        let path = scratch.path + "/rows.csv"
        try PrivateFile.write(table, to: path)
        let read = try Table(contentsOf: path, options: try ReadOptions(["header": "yes", "type": "w, of all=categorical"]))
        #expect(read.rowCount == 7 && read.columns.map(\.name) == ["n", "w, of all"])
        #expect((0..<7).map { read.columns[1].text(at: $0) } == words)
        #expect((0..<7).map { read.columns[0].text(at: $0) } == (0..<7).map { table.columns[0].text(at: $0) })
    }
}

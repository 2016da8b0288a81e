import Events
import JSON
import Testing

/// What is kept of a job's first look at its data.
@Suite struct DataExplorationTests {
    private var exploration: DataExploration {
        let columns = ["x", "y"].map {
            ColumnProfile(name: $0, kind: "integer", count: 3, missing: 1, distinct: 3, statistics: nil, mostFrequent: [])
        }
        let profile = DatasetProfile(
            path: "a.csv", byteCount: 9, fingerprint: "00", rowCount: 4, delimiter: ",", hasHeader: true, columns: columns,
            warnings: [])
        var found = DataExploration(profile: profile, target: "y", rowCount: 3)
        found.repeatedRows = 1
        found.classes = [.init(value: "no", count: 2)]
        found.told = [.init(column: "x", power: 0.25, correlation: -0.5)]
        (found.numeric, found.correlations) = (["x", "y", "z"], [[1, -0.5, 0.2], [-0.5, 1, 0.9], [0.2, 0.9, 1]])
        found.findings = ["x names the rows"]
        found.sample = [["1", "2"]]
        return found
    }

    @Test func itReadsBackAsItWasWritten() throws {
        let json = try JSONValue(parsing: exploration.json.text)
        #expect(DataExploration(json: json) == exploration)
    }

    @Test func whatDoesNotFitTogetherIsLeftOut() throws {
        var broken = exploration
        broken.correlations[1] = [1]
        broken.sample.append(["one"])
        let read = try #require(DataExploration(json: broken.json))
        #expect(read.correlations.isEmpty && read.numeric.isEmpty && read.sample.count == 1)
    }

    @Test func thePairsThatGoTogetherMostComeFirst() {
        let pairs = exploration.strongestPairs(2)
        #expect(pairs.map(\.first) == ["y", "x"] && pairs.map(\.second) == ["z", "y"])
    }
}

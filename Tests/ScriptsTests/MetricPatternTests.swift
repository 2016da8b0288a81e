import Testing

@testable import Scripts

/// What is said of the user's own patterns.
struct MetricPatternTests {
    private func read(_ lines: [String], _ metric: String) throws -> OutputMetrics {
        var reader = try OutputMetrics([MetricDefinition(parsing: metric)])
        for line in lines { _ = reader.take(Array(line.utf8)) }
        return reader
    }

    @Test func aPatternThatTakesTooLongIsSaidAndGivenUp() throws {
        let line = String(repeating: "a", count: 40) + "! b 1"
        var reader = try read([line, "aab 1"], "acc=(a+)+b ([0-9]+)")
        #expect(reader.complaints == ["the pattern acc takes too long on 1 line: make it simpler"] && reader.hasMatched)
        reader = try read(Array(repeating: line, count: 2_000), "acc=(a+)+b ([0-9]+)")
        #expect(reader.takeNotes() == ["the pattern acc takes too long on 100 lines: make it simpler; it is not tried any more"])
        #expect(reader.complaints.isEmpty && reader.hasMatched)
    }

    @Test func aGroupThatHoldsNoNumberIsShown() throws {
        #expect(try read(["acc: 0.5"], "acc=acc(.*)").complaints == ["acc: its group held ': 0.5', which is no number"])
        #expect(try read(["acc: -", "acc: 0.5"], "acc=acc: (.*)").complaints.isEmpty)
        let reader = try read(["loss 1"], "acc=acc: (.*)")
        #expect(reader.complaints.isEmpty && !reader.hasMatched)
    }
}

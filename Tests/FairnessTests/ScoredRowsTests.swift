import Fairness
import Testing

/// What a threshold of a model's score trades.
@Suite struct ScoredRowsTests {
    /// Six rows of the facet, six others, with a score that none shares.
    private let rows = ScoredRows(
        scores: [0.1, 0.2, 0.35, 0.5, 0.6, 0.9, 0.15, 0.3, 0.55, 0.7, 0.8, 0.95],
        labels: [false, false, true, false, true, true, false, true, true, true, false, true],
        facet: [true, true, true, true, true, true, false, false, false, false, false, false])

    @Test(arguments: [0, 0.33, 0.5, 0.65, 0.9, 1]) func `a threshold's trade is what its predictions come to`(_ threshold: Double)
        throws
    {
        let trade = try #require(rows.trades(at: [threshold]).first)
        let predicted = rows.scores.map { $0 >= threshold }
        let right = zip(predicted, rows.labels).count { $0 == $1 }
        #expect(trade.accuracy == Double(right) / 12)
        let cells = BiasCells(facet: rows.facet, labels: rows.labels, predicted: predicted)
        #expect(trade.difference == cells.value(.DPPL, reading: .guide).number)
        #expect(trade.impact == cells.value(.DI, reading: .guide).number)
    }

    @Test func `thresholds go from the lowest score, where all are positive, to the highest`() throws {
        let trades = rows.trades(18)
        #expect(trades.count == 18 && trades.first?.threshold == 0.1 && trades.last?.threshold == 0.95)
        #expect(trades.first?.difference == 0 && trades.first?.impact == 1)
        #expect(trades.first?.accuracy == Double(7) / 12)
        var same = rows
        same.scores = rows.scores.map { _ in 0.5 }
        #expect(same.trades().isEmpty)
    }

    @Test func `a row without a score counts nowhere`() throws {
        var more = rows
        more.scores.append(.nan)
        more.labels.append(true)
        more.facet.append(true)
        #expect(more.trades(at: [0.5]) == rows.trades(at: [0.5]))
    }
}

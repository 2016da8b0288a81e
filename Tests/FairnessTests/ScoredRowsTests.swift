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

    /// Scores that run ahead of the labels, and lower for the facet.
    private func lowered(_ count: Int) -> ScoredRows {
        let facet = (0..<count).map { $0 % 3 == 0 }
        let merit = (0..<count).map { Double($0 * 37 % 101) / 100 }
        return ScoredRows(
            scores: merit.indices.map { merit[$0] - (facet[$0] ? 0.25 : 0) + Double($0 * 17 % 13) / 100 },
            labels: merit.map { $0 > 0.5 }, facet: facet)
    }

    @Test func `a threshold a group gives both the same part of positive predictions, and is the best of those that do`() throws {
        let rows = lowered(900), chosen = try #require(GroupThresholds(choosingOn: rows))
        #expect(chosen.own < chosen.others)
        func brought(_ own: Double, _ others: Double) -> (gap: Double, right: Int) {
            var right = 0, positive = [0.0, 0], count = [0.0, 0]
            for row in rows.scores.indices {
                let isPositive = rows.scores[row] >= (rows.facet[row] ? own : others), group = rows.facet[row] ? 0 : 1
                if isPositive == rows.labels[row] { right += 1 }
                if isPositive { positive[group] += 1 }
                count[group] += 1
            }
            return (abs(positive[0] / count[0] - positive[1] / count[1]), right)
        }
        let own = brought(chosen.own, chosen.others), apart = brought(0.5, 0.5)
        #expect(own.gap <= 0.01 && apart.gap > 0.2)
        // No pair of a fine grid that keeps the groups as near to each other is right clearly more often.
        let grid = stride(from: -0.25, through: 1.1, by: 0.01)
        let best = grid.flatMap { first in grid.map { brought(first, $0) } }.filter { $0.gap <= 0.01 }.map(\.right).max() ?? 0
        #expect(own.right >= best - 5, "\(own.right) of \(best)")
        for row in rows.scores.indices {
            #expect(
                chosen.predicts(rows.scores[row], isFacet: rows.facet[row])
                    == (rows.scores[row] >= (rows.facet[row] ? chosen.own : chosen.others)))
        }
    }

    @Test func `there is no threshold a group where a group has no row`() {
        var rows = lowered(30)
        rows.facet = rows.facet.map { _ in true }
        #expect(GroupThresholds(choosingOn: rows) == nil)
    }
}

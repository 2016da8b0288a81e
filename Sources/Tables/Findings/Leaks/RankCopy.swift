import Numerics

/// A number that goes with the target to the hair in most rows, along whatever curve, and not at all in others.
///
/// Rows are sorted by the column, and each row's place among the targets is held to the median of its neighbours': rows of a copy, in other units,
/// rounded, on another scale, agree in a hundredth of the places; what is measured strays by seven hundredths and more. What agrees in all rows
/// may be a law or the passing of time, and is left to the power of the column.
struct RankCopy {
    /// The share of the rows whose target goes with the column's.
    let share: Double

    /// How far a row may be from its neighbours, in shares of the rows; how many rows must not, and how many must by far.
    private static let nearness = 0.02, least = 0.6, far = 0.15, leastFar = 0.05
    private static let leastRows = 150, leastDistinct = 15, reach = 4
    /// What rows in any order may agree, as where most targets are the same.
    private static let mostByChance = 0.3

    /// - Returns: nil where it is no copy.
    init?(_ from: [Double], _ to: [Double]) {
        let present = from.indices.filter { from[$0].isFinite && to[$0].isFinite }
        guard present.count >= Self.leastRows else { return nil }
        let own = Self.places(present.map { from[$0] }), wanted = Self.places(present.map { to[$0] })
        guard own.distinct >= Self.leastDistinct, wanted.distinct >= Self.leastDistinct else { return nil }
        let byColumn = own.places.indices.sorted { (own.places[$0], $0) < (own.places[$1], $1) }
        let strays = Self.strays(byColumn.map { wanted.places[$0] })
        let near = Self.share(strays) { $0 <= Self.nearness }
        guard near >= Self.least, Self.share(strays, where: { $0 >= Self.far }) >= Self.leastFar else { return nil }
        var random = RandomSource(seed: 1)
        let byChance = Self.strays(wanted.places.shuffled(using: &random))
        guard Self.share(byChance, where: { $0 <= Self.nearness }) <= Self.mostByChance else { return nil }
        share = near
    }

    /// Where each value stands among all, from 0 to 1; equal ones in the middle of theirs.
    static func places(_ values: [Double]) -> (places: [Double], distinct: Int) {
        let ranks = Statistics.ranks(values)
        return (ranks.map { ($0 - 1) / Double(values.count) }, Set(ranks).count)
    }

    /// How far each is from the median of its neighbours.
    private static func strays(_ places: [Double]) -> [Double] {
        places.indices.map { index in
            let low = max(0, index - reach), high = min(places.count - 1, index + reach)
            var neighbours = Array(places[low..<index]) + Array(places[min(high, index + 1)...high])
            neighbours.sort()
            let middle = neighbours.count / 2
            let median = neighbours.count % 2 == 1 ? neighbours[middle] : (neighbours[middle - 1] + neighbours[middle]) / 2
            return abs(places[index] - median)
        }
    }

    private static func share(_ values: [Double], where holds: (Double) -> Bool) -> Double {
        Double(values.count(where: holds)) / Double(max(1, values.count))
    }
}

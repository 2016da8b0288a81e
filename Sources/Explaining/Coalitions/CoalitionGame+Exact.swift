extension CoalitionGame {
    /// Most players whose coalitions are all tried.
    public static let mostEnumerated = 16

    /// The Shapley values, from the worth of every coalition.
    ///
    /// - Throws: `badRequest` for more than `mostEnumerated` players; what the game throws.
    /// - Complexity: 2^players coalitions.
    public func exactValues() throws(ExplainingError) -> GameValues {
        guard playerCount <= Self.mostEnumerated else {
            throw ExplainingError(
                .badRequest,
                "\(playerCount) columns have 2^\(playerCount) coalitions: exact values are for at most \(Self.mostEnumerated), "
                    + "say --method kernel")
        }
        let count = 1 << playerCount
        let memberships = (0..<count).flatMap { mask in (0..<playerCount).map { mask >> $0 & 1 == 1 } }
        let worths = try self.worths(memberships)
        // s! (n - s - 1)! / n! for each size s of a coalition without the player.
        var weights = [1 / Double(max(1, playerCount))]
        for size in 1..<max(1, playerCount) { weights.append(weights[size - 1] * Double(size) / Double(playerCount - size)) }
        var values = [Double](repeating: 0, count: outputCount * playerCount)
        for mask in 0..<count {
            for player in 0..<playerCount where mask >> player & 1 == 0 {
                let weight = weights[mask.nonzeroBitCount], with = mask | 1 << player
                for output in 0..<outputCount {
                    values[output * playerCount + player] +=
                        weight * (worths[with * outputCount + output] - worths[mask * outputCount + output])
                }
            }
        }
        return GameValues(
            values: values, expected: Array(worths[..<outputCount]), errors: nil, coalitionCount: count)
    }
}

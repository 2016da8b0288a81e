/// A game whose Shapley values are looked for: what each coalition of players is worth.
public struct CoalitionGame {
    public let playerCount: Int
    /// Numbers that a coalition's worth is made of: a model's outputs.
    public let outputCount: Int
    /// What some coalitions are worth.
    ///
    /// - Shape: memberships [coalitions, players], true = takes part; returns [coalitions, outputs].
    public let worths: (_ memberships: [Bool]) throws(ExplainingError) -> [Double]

    public init(
        playerCount: Int, outputCount: Int, worths: @escaping (_ memberships: [Bool]) throws(ExplainingError) -> [Double]
    ) {
        (self.playerCount, self.outputCount, self.worths) = (playerCount, outputCount, worths)
    }
}

/// Shapley values of a game.
public struct GameValues: Sendable, Hashable {
    /// - Shape: [outputs, players].
    public var values: [Double]
    /// What the coalition of nobody is worth. Together with the values it is what the coalition of all is worth.
    ///
    /// - Shape: [outputs].
    public var expected: [Double]
    /// Half the width of the interval in which each value lies in 95 of 100 cases; nil where the values are exact.
    ///
    /// - Shape: [outputs, players].
    public var errors: [Double]?
    /// Coalitions whose worth was asked for.
    public var coalitionCount: Int
}

/// Ends a trial at a rung where it is not among the best part of those that came as far: asynchronous successive halving, in
/// one bracket or several that differ in how early they first look.
///
/// - Source: Li et al., "A System for Massively Parallel Hyperparameter Tuning" (2020), the variant that stops rather than
///   promotes, so that nothing needs to be taken up again.
public struct HalvingRule: Sendable {
    public let minimum: Int
    public let maximum: Int
    /// Of those at a rung one in so many goes on.
    public let factor: Int
    /// How many brackets there are; 1 = plain halving.
    public let bracketCount: Int
    /// Of each bracket, of each of its rungs, the values seen there.
    private var seen: [[Int: [Double]]]
    /// The best value of each trial so far, which is what it will be worth: the newest of a large step is mostly noise.
    private var best: [Int: Double] = [:]

    /// Of what a whole trial gets, the part after which the first are ended. After a 27th part little is told yet: trees look best with
    /// large steps that lose in the end.
    private static let firstPart = 9

    /// - Parameter minimum: after how much is looked first; nil = a ninth, at least 1.
    /// - Throws: `TuningError` of code `strategy` where there is nothing between smallest and largest resource.
    public init(minimum: Int? = nil, maximum: Int, factor: Int = 3, manyBrackets: Bool) throws(TuningError) {
        let minimum = minimum ?? max(1, maximum / Self.firstPart)
        guard minimum >= 1, factor >= 2, maximum >= minimum * factor else {
            throw TuningError(
                .strategy,
                "there is nothing to halve between \(minimum) and \(maximum): give trials at least \(minimum * factor) epochs")
        }
        (self.minimum, self.maximum, self.factor) = (minimum, maximum, factor)
        var most = 1, resource = minimum
        while resource * factor <= maximum {
            resource *= factor
            most += 1
        }
        bracketCount = manyBrackets ? most : 1
        seen = [[Int: [Double]]](repeating: [:], count: bracketCount)
    }

    /// The resources at which a bracket looks, without the largest.
    public func rungs(ofBracket bracket: Int) -> [Int] {
        var rungs: [Int] = [], resource = minimum
        for _ in 0..<bracket { resource *= factor }
        while resource < maximum {
            rungs.append(resource)
            resource *= factor
        }
        return rungs
    }

    /// How many trials of a round each bracket gets.
    ///
    /// - Source: Li et al., "Hyperband" (2018), algorithm 1.
    public var bracketSizes: [Int] {
        (0..<bracketCount).map { bracket in
            let rest = bracketCount - 1 - bracket
            var size = 1
            for _ in 0..<rest { size *= factor }
            return (bracketCount * size + rest) / (rest + 1)
        }
    }

    /// The bracket of a trial: each has its share of every round.
    public func bracket(ofTrial number: Int) -> Int {
        let sizes = bracketSizes, round = sizes.reduce(0, +)
        var place = number % round
        for (bracket, size) in sizes.enumerated() {
            if place < size { return bracket }
            place -= size
        }
        return 0
    }

    /// Takes in what a trial is worth at a resource, each of them if it can be; smaller is better.
    /// - Returns: why the trial is to end; nil = it goes on.
    public mutating func report(_ trial: Int, resource: Int, value: Double) -> String? {
        let bracket = bracket(ofTrial: trial), value = min(value.isNaN ? .infinity : value, best[trial] ?? .infinity)
        best[trial] = value
        guard rungs(ofBracket: bracket).contains(resource) else { return nil }
        seen[bracket][resource, default: []].append(value)
        let values = (seen[bracket][resource] ?? []).sorted()
        guard values.count >= factor else { return nil }
        let kept = values.count / factor
        guard value > values[kept - 1] else { return nil }
        return "at epoch \(resource) not among the best \(kept) of \(values.count) trials that came as far"
    }
}

import Glibc
import Numerics

/// The settings in which the models trained side by side differ; they may change while training.
public struct LinearCandidate: Sendable, Hashable {
    /// Step size before the schedule.
    public var learningRate: Double
    /// L2 and L1 penalty.
    public var weightDecay: Double, l1: Double
    /// What a fall of the schedule multiplies the rate by.
    public var schedulerFactor: Double

    /// The settings given, and `count - 1` neighbours: rates from a thirtieth to ten times, a schedule that falls half to twice
    /// as far, penalties from a tenth to ten times the given ones. A penalty left to `auto` is drawn for half the neighbours
    /// from 1e-7...1e-2, the others have what auto is; one given as 0 stays 0.
    ///
    /// - Source: SageMaker trains model 0 with the given settings and others with settings near them; how near is ours.
    static func neighbours(
        of first: LinearCandidate, count: Int, drawsDecay: Bool, drawsL1: Bool, seed: UInt64
    ) -> [LinearCandidate] {
        var random = RandomSource(seed: seed ^ 0x6e65_6967_6862_6f72)
        func penalty(_ given: Double, _ isDrawn: Bool) -> Double {
            let near = given * pow(10, random.uniform(in: -1...1)), drawn = pow(10, random.uniform(in: -7...(-2)))
            let isOn = random.uniform() < 0.5
            return isDrawn ? (isOn ? drawn : given) : near
        }
        return [first]
            + (1..<max(1, count)).map { _ in
                LinearCandidate(
                    learningRate: first.learningRate * pow(10, random.uniform(in: -1.5...1)),
                    weightDecay: penalty(first.weightDecay, drawsDecay), l1: penalty(first.l1, drawsL1),
                    schedulerFactor: pow(first.schedulerFactor, pow(2, random.uniform(in: -1...1))))
            }
    }
}

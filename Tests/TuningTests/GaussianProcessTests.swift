import Glibc
import Testing

@testable import Tuning

// Expected numbers were computed with numpy 2 and mpmath 1 (60 digits) from the textbook formulas, once.
@Suite("The Gaussian process")
struct GaussianProcessTests {
    private static let points = [[0.1, 0.2], [0.4, 0.9], [0.7, 0.3], [0.95, 0.6], [0.3, 0.55]]
    private static let values = [0.5, -1.2, 0.8, 0.1, -0.4]
    private static var parameters: SurrogateParameters {
        var parameters = SurrogateParameters(dimension: 2)
        parameters.logs = [2.0, 0.7, 1.3, 0.01, 1.4, 0.8, 0.9, 1.7].map { log($0) }
        return parameters
    }

    @Test("means and deviations are those of the textbook, warped inputs and all")
    func belief() throws {
        let process = try #require(
            GaussianProcess(SurrogateSpace(isWord: [false, false]), points: Self.points, values: Self.values, Self.parameters))
        for (point, mean, deviation) in [
            ([0.5, 0.5], -0.2244373432415849, 0.15221698858353935), ([0.05, 0.97], -0.9614274303446346, 0.31999757851546384),
        ] {
            let belief = process.belief(at: point)
            #expect((belief.mean - mean).magnitude < 1e-12)
            #expect((belief.deviation - deviation).magnitude < 1e-9)
            #expect((process.mean(at: point) - mean).magnitude < 1e-12)
        }
    }

    @Test("the posterior density of the parameters is that of the formulas, and its slopes are those of small differences")
    func likelihood() {
        let likelihood = SurrogateLikelihood(
            SurrogateSpace(isWord: [false, false]), points: Self.points, values: Self.values)
        var gradient = [Double](repeating: 0, count: 8), ignored = gradient
        let value = likelihood.value(Self.parameters.logs, &gradient)
        #expect((value - 6.779585355807955).magnitude < 1e-10)
        for index in gradient.indices {
            var more = Self.parameters.logs, less = more
            more[index] += 1e-5
            less[index] -= 1e-5
            let slope = (likelihood.value(more, &ignored) - likelihood.value(less, &ignored)) / 2e-5
            #expect((slope - gradient[index]).magnitude < 1e-6, "parameter \(index)")
        }
    }

    @Test("slopes of the belief by the point are those of small differences")
    func slopes() throws {
        let process = try #require(
            GaussianProcess(SurrogateSpace(isWord: [false, false]), points: Self.points, values: Self.values, Self.parameters))
        var room = GaussianProcess.Room(process)
        let belief = process.beliefWithSlopes(at: [0.33, 0.71], in: &room)
        for index in 0..<2 {
            var more = [0.33, 0.71], less = more
            more[index] += 1e-6
            less[index] -= 1e-6
            let (above, below) = (process.belief(at: more), process.belief(at: less))
            #expect(((above.mean - below.mean) / 2e-6 - belief.meanSlopes[index]).magnitude < 1e-6)
            #expect(((above.deviation - below.deviation) / 2e-6 - belief.deviationSlopes[index]).magnitude < 1e-6)
        }
    }

    @Test(
        "the logarithm of the gain keeps its digits where the gain is next to nothing",
        arguments: [
            (3, 1.0987396653277078), (0, -0.91893853320467274), (-0.5, -1.6205162643873199), (-2, -4.7687835239171142),
            (-8, -37.122364261692633), (-11.9, -76.697699517684516), (-12.1, -79.130370717582071), (-40, -808.29856835661996),
            (-1000, -500014.73445209116),
        ])
    func logGain(z: Double, expected: Double) {
        // Mills' ratio loses the digits of z², which is under a hundred millionth of the gain.
        #expect((LogExpectedImprovement.logGain(z) - expected).magnitude < 1e-8 * max(1, expected.magnitude))
    }

    @Test("values are bent as Yeo and Johnson say")
    func outputWarp() {
        let bent = [-2, -0.3, 0, 1.5, 8].map { OutputWarp.bent($0, 0.4) }
        for (found, expected) in zip(bent, [-2.99971633, -0.32601941, 0, 1.10674976, 3.52056171]) {
            #expect((found - expected).magnitude < 1e-8)
        }
        #expect((OutputWarp.bent(-2, 2) + 1.09861229).magnitude < 1e-8)
        #expect((OutputWarp.bent(1.5, 2) - 2.625).magnitude < 1e-12)
        // Values over many magnitudes keep their order and come close together.
        let warp = OutputWarp([0.1, 0.2, 0.4, 1, 3, 1000, 90_000])
        #expect(warp(0.1) < warp(0.2))
        #expect(warp(90_000) < 3)
    }
}

import Cells

/// Numbers that look random and are the same on every run.
struct SampleGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed &* 2 + 1 }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 31)
    }
}

enum Samples {
    static func series(_ values: [Double], every: Double = 1) -> Series {
        Series(
            values.enumerated().map { index, value in
                SeriesPoint(
                    step: Double(index) * every, epoch: Double(index) / 10, time: 1_790_000_000 + Double(index), value: value)
            })
    }

    /// A curve as training draws it: falling, noisy, now and then a spike.
    static func noisy(_ count: Int, seed: UInt64, spikes: Int = 0) -> [Double] {
        var generator = SampleGenerator(seed: seed)
        var values = (0..<count).map { index in
            2 / (1 + Double(index) * 10 / Double(count)) + Double.random(in: -0.1...0.1, using: &generator)
        }
        for _ in 0..<spikes { values[Int.random(in: 0..<count, using: &generator)] = Double.random(in: 2...5, using: &generator) }
        return values
    }

    /// Data that has broken charts before.
    static let nasty: [[Double]] = [
        [], [1], [0], [.nan], [5, 5, 5, 5], [.nan, .nan], [.infinity, 1, -.infinity], [1e300, -1e300, 1e308], [1e-300, 2e-300],
        [.leastNonzeroMagnitude, 0], [-1, -2, -3], [0, 0, 0], [1, .nan, 3, .nan, 5],
        [1_000_000.001, 1_000_000.002, 1_000_000.003],
        [.greatestFiniteMagnitude, -.greatestFiniteMagnitude], [1, 1.0000000000000002], [-0.0, 0.0],
    ]
}

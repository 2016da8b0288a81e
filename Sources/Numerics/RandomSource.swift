import Glibc

/// Seeded random numbers whose whole state can be saved, so that a resumed job continues bit for bit.
///
/// - Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators" (2021): xoshiro256**, its four words
///   filled by splitmix64.
public struct RandomSource: RandomNumberGenerator, Sendable, Hashable, Codable {
    /// The generator's four words.
    public private(set) var state: [UInt64]

    /// A generator for a seed; the same seed gives the same numbers.
    public init(seed: UInt64) {
        var word = seed
        state = (0..<4).map { _ in
            word &+= 0x9e37_79b9_7f4a_7c15
            var mixed = word
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }

    /// A generator that continues from a saved state.
    ///
    /// - Range: four words, not all zero; else `nil`.
    public init?(state: [UInt64]) {
        guard state.count == 4, state.contains(where: { $0 != 0 }) else { return nil }
        self.state = state
    }

    public mutating func next() -> UInt64 {
        let product = state[1] &* 5
        let result = (product << 7 | product >> 57) &* 9
        let shifted = state[1] << 17
        state[2] ^= state[0]
        state[3] ^= state[1]
        state[1] ^= state[2]
        state[0] ^= state[3]
        state[2] ^= shifted
        state[3] = state[3] << 45 | state[3] >> 19
        return result
    }

    /// A number drawn evenly from [0, 1).
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A number drawn evenly from a range.
    public mutating func uniform(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
    }

    /// A whole number drawn evenly from 0..<bound.
    ///
    /// - Source: Lemire, "Fast random integer generation in an interval" (2019).
    public mutating func integer(below bound: Int) -> Int {
        precondition(bound > 0, "bound \(bound) is not positive")
        let width = UInt64(bound)
        var product = next().multipliedFullWidth(by: width)
        if product.low < width {
            let threshold = (0 &- width) % width
            while product.low < threshold { product = next().multipliedFullWidth(by: width) }
        }
        return Int(product.high)
    }

    /// A number drawn from the standard normal distribution (Box and Muller, one of the pair).
    public mutating func normal() -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * Double.pi * uniform())
    }

    /// Puts the elements in random order (Fisher and Yates; ours, since the standard library's may change).
    public mutating func shuffle<Element>(_ elements: inout [Element]) {
        for index in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(index, integer(below: index + 1))
        }
    }
}

import Glibc

/// Seeded random numbers whose whole state can be saved, so that a resumed job continues bit for bit.
///
/// - Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators" (2021): xoshiro256**, its four words
///   filled by splitmix64.
public struct RandomSource: RandomNumberGenerator, Sendable, Hashable, Codable {
    @usableFromInline var word0: UInt64, word1: UInt64, word2: UInt64, word3: UInt64

    /// The generator's four words.
    public var state: [UInt64] { [word0, word1, word2, word3] }

    /// A generator for a seed; the same seed gives the same numbers.
    public init(seed: UInt64) {
        var word = seed
        func mixed() -> UInt64 {
            word &+= 0x9e37_79b9_7f4a_7c15
            var mixed = word
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
        (word0, word1, word2, word3) = (mixed(), mixed(), mixed(), mixed())
    }

    /// A generator that continues from a saved state.
    ///
    /// - Range: four words, not all zero; else `nil`.
    public init?(state: [UInt64]) {
        guard state.count == 4, state.contains(where: { $0 != 0 }) else { return nil }
        (word0, word1, word2, word3) = (state[0], state[1], state[2], state[3])
    }

    private enum CodingKeys: String, CodingKey { case state }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let source = RandomSource(state: try container.decode([UInt64].self, forKey: .state)) else {
            throw DecodingError.dataCorruptedError(
                forKey: .state, in: container, debugDescription: "a generator has four words, not all 0")
        }
        self = source
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(state, forKey: .state)
    }

    @inlinable public mutating func next() -> UInt64 {
        let product = word1 &* 5
        let result = (product << 7 | product >> 57) &* 9
        let shifted = word1 << 17
        word2 ^= word0
        word3 ^= word1
        word1 ^= word2
        word0 ^= word3
        word2 ^= shifted
        word3 = word3 << 45 | word3 >> 19
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
    @inlinable public mutating func integer(below bound: Int) -> Int {
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
    @inlinable public mutating func shuffle<Element>(_ elements: inout [Element]) {
        elements.withUnsafeMutableBufferPointer { elements in
            for index in stride(from: elements.count - 1, to: 0, by: -1) {
                elements.swapAt(index, integer(below: index + 1))
            }
        }
    }
}

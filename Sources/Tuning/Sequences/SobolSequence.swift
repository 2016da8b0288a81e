import Numerics

/// A scrambled Sobol sequence in the unit cube: of any power of two of its points, each dyadic box of that size holds its
/// share.
///
/// - Source: direction numbers of Joe and Kuo, "Constructing Sobol sequences with better two-dimensional projections" (2008),
///   new-joe-kuo-6.21201; scrambled by random linear matrices (Matoušek 1998) and a digital shift.
public struct SobolSequence: Sendable {
    /// The most dimensions there are numbers for.
    public static let mostDimensions = 33
    private static let bits = 30

    /// Of each dimension the direction numbers, and the shift.
    private let directions: [[UInt32]]
    private let shift: [UInt32]

    /// - Parameter seed: of the scrambling; nil = the sequence as it was published.
    public init(dimension: Int, seed: UInt64?) {
        precondition((1...Self.mostDimensions).contains(dimension), "\(dimension) dimensions of a Sobol sequence")
        var source = seed.map { RandomSource(seed: $0) }
        var directions: [[UInt32]] = [], shift: [UInt32] = []
        for index in 0..<dimension {
            var numbers = Self.numbers(index)
            if source != nil {
                numbers = Self.scrambled(numbers, &source)
                shift.append(UInt32(truncatingIfNeeded: (source?.next() ?? 0) >> 34))
            } else {
                shift.append(0)
            }
            directions.append(numbers)
        }
        (self.directions, self.shift) = (directions, shift)
    }

    /// The point at a place of the sequence, from 0.
    public func point(_ index: Int) -> [Double] {
        precondition(index >= 0 && index < 1 << Self.bits, "point \(index) of a Sobol sequence")
        // Gray code: neighbours differ in one direction number.
        let code = index ^ (index >> 1)
        return directions.indices.map { dimension in
            var word = shift[dimension], rest = code, bit = 0
            while rest != 0 {
                if rest & 1 != 0 { word ^= directions[dimension][bit] }
                rest >>= 1
                bit += 1
            }
            return (Double(word) + (shift[dimension] == 0 ? 0 : 0.5)) * 0x1p-30
        }
    }

    private static func numbers(_ dimension: Int) -> [UInt32] {
        guard dimension > 0 else { return (0..<bits).map { 1 << UInt32(bits - 1 - $0) } }
        let (polynomial, initial) = table[dimension - 1]
        let degree = initial.count
        var odd = initial
        for place in degree..<bits {
            var next = odd[place - degree] ^ (odd[place - degree] << UInt32(degree))
            for term in 1..<max(degree, 1) where (polynomial >> UInt32(degree - term)) & 1 != 0 {
                next ^= odd[place - term] << UInt32(term)
            }
            odd.append(next)
        }
        return odd.enumerated().map { $1 << UInt32(bits - 1 - $0) }
    }

    /// Each bit gets random ones of those above it mixed in.
    private static func scrambled(_ numbers: [UInt32], _ source: inout RandomSource?) -> [UInt32] {
        let rows: [UInt32] = (0..<bits).map { row in
            let diagonal = UInt32(1) << UInt32(bits - 1 - row)
            let above = ~(diagonal | (diagonal - 1)) & ((1 << UInt32(bits)) - 1)
            return diagonal | (UInt32(truncatingIfNeeded: source?.next() ?? 0) & above)
        }
        return numbers.map { number in
            var mixed: UInt32 = 0
            for (row, mask) in rows.enumerated() where (number & mask).nonzeroBitCount & 1 != 0 {
                mixed |= 1 << UInt32(bits - 1 - row)
            }
            return mixed
        }
    }

    /// Primitive polynomials and initial numbers of the dimensions after the first.
    private static let table: [(polynomial: UInt32, initial: [UInt32])] = [
        (3, [1]), (7, [1, 3]), (11, [1, 3, 1]), (13, [1, 1, 1]), (19, [1, 1, 3, 3]), (25, [1, 3, 5, 13]),
        (37, [1, 1, 5, 5, 17]), (41, [1, 1, 5, 5, 5]), (47, [1, 1, 7, 11, 19]), (55, [1, 1, 5, 1, 1]), (59, [1, 1, 1, 3, 11]),
        (61, [1, 3, 5, 5, 31]), (67, [1, 3, 3, 9, 7, 49]), (91, [1, 1, 1, 15, 21, 21]), (97, [1, 3, 1, 13, 27, 49]),
        (103, [1, 1, 1, 15, 7, 5]), (109, [1, 3, 1, 15, 13, 25]), (115, [1, 1, 5, 5, 19, 61]), (131, [1, 3, 7, 11, 23, 15, 103]),
        (137, [1, 3, 7, 13, 13, 15, 69]), (143, [1, 1, 3, 13, 7, 35, 63]), (145, [1, 3, 5, 9, 1, 25, 53]),
        (157, [1, 3, 1, 13, 9, 35, 107]), (167, [1, 3, 1, 5, 27, 61, 31]), (171, [1, 1, 5, 11, 19, 41, 61]),
        (185, [1, 3, 5, 3, 3, 13, 69]), (191, [1, 1, 7, 13, 1, 19, 1]), (193, [1, 3, 7, 5, 13, 19, 59]),
        (203, [1, 1, 3, 9, 25, 29, 41]), (211, [1, 3, 5, 13, 23, 1, 55]), (213, [1, 3, 7, 3, 13, 59, 17]),
        (229, [1, 3, 1, 3, 5, 53, 69]),
    ]
}

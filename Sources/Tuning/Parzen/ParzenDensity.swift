import Glibc
import Numerics

/// A density over points: one kernel around each of some points and a wide one over all of the space, each a product over
/// parameters.
///
/// - Source: Bergstra et al., "Algorithms for Hyper-Parameter Optimization" (2011); kernels over all parameters at once and
///   the width rule of Watanabe, "Tree-Structured Parzen Estimator" (2023), sections 3.3 and 3.4.
struct ParzenDensity {
    private let space: SearchSpace
    /// Of each kernel the centre; the last one has none.
    private let centres: [[Double]]
    /// Of each kernel, of each parameter.
    private let widths: [[Double]]
    private let shares: [Double]

    /// - Parameter weights: how much each point counts; the wide kernel counts 1.
    init(_ space: SearchSpace, _ centres: [[Double]], weights: [Double]) {
        precondition(weights.count == centres.count, "\(weights.count) weights for \(centres.count) points")
        self.space = space
        self.centres = centres
        let sum = weights.reduce(1, +)
        shares = (weights + [1]).map { $0 / sum }
        var widths = [[Double]](repeating: [Double](repeating: 1, count: space.dimension), count: centres.count)
        for index in 0..<space.dimension {
            for (kernel, width) in Self.widths(centres.map { $0[index] }).enumerated() { widths[kernel][index] = width }
        }
        self.widths = widths
    }

    /// The wider of the gaps to both neighbours, within bounds; the ends count as neighbours unless there is a nearer one.
    static func widths(_ places: [Double]) -> [Double] {
        let order = places.indices.sorted { (places[$0], $0) < (places[$1], $1) }
        let ends = [0] + order.map { places[$0] } + [1]
        var widths = [Double](repeating: 1, count: places.count)
        for (rank, kernel) in order.enumerated() {
            var width = max(ends[rank + 1] - ends[rank], ends[rank + 2] - ends[rank + 1])
            if places.count >= 2, rank == 0 { width = ends[2] - ends[1] }
            if places.count >= 2, rank == order.count - 1 { width = ends[rank + 1] - ends[rank] }
            widths[kernel] = min(max(width, 1 / min(100, 2 + Double(places.count))), 1)
        }
        return widths
    }

    func drawn(_ source: inout RandomSource) -> [Double] {
        var rest = source.uniform(), kernel = 0
        while kernel < centres.count, rest >= shares[kernel] {
            rest -= shares[kernel]
            kernel += 1
        }
        return space.canonical(
            space.searched.indices.map { index in
                guard kernel < centres.count else { return source.uniform() }
                if case .categorical(let words) = space.searched[index].values {
                    let chances = wordShare(words.count)
                    return source.uniform() < chances.same - chances.other ? centres[kernel][index] : source.uniform()
                }
                // Drawn again until it lies inside, so that no mass gathers at the ends.
                for _ in 0..<100 {
                    let place = centres[kernel][index] + widths[kernel][index] * source.normal()
                    if place >= 0, place <= 1 { return place }
                }
                return centres[kernel][index]
            })
    }

    /// The logarithm of the density.
    func logDensity(_ point: [Double]) -> Double {
        var logs: [Double] = []
        let exists = space.existing(at: point)
        for kernel in 0...centres.count {
            var sum = log(shares[kernel])
            for index in point.indices where exists[index] { sum += logKernel(kernel, index, point[index]) }
            logs.append(sum)
        }
        let largest = logs.max() ?? 0
        return largest + log(logs.reduce(0) { $0 + exp($1 - largest) })
    }

    private func logKernel(_ kernel: Int, _ index: Int, _ place: Double) -> Double {
        let parameter = space.searched[index]
        if case .categorical(let words) = parameter.values {
            guard kernel < centres.count else { return -log(Double(words.count)) }
            let chances = wordShare(words.count)
            let isSame =
                parameter.choice(at: place, of: words.count) == parameter.choice(at: centres[kernel][index], of: words.count)
            return log(isSame ? chances.same : chances.other)
        }
        guard kernel < centres.count else { return 0 }
        let centre = centres[kernel][index], width = widths[kernel][index]
        let gap = (place - centre) / width
        return -gap * gap / 2 - 0.918938533204672742 - log(width)
            - log(Self.share(1, centre, width) - Self.share(0, centre, width))
    }

    /// A word's kernel: mostly its own word, and a little of all others.
    private func wordShare(_ count: Int) -> (same: Double, other: Double) {
        let little = 1 / Double(centres.count + 1), sum = 1 + little * Double(count)
        return ((1 + little) / sum, little / sum)
    }

    private static func share(_ place: Double, _ centre: Double, _ width: Double) -> Double {
        0.5 * erfc(-(place - centre) / width * 0.5.squareRoot())
    }
}

import CheckedNumbers
import Tables

/// Bins of equal width whose edges are numbers that people would choose: multiples of 1, 2 or 5 times a power of ten, of whole seconds,
/// minutes, hours or days for dates.
struct NiceBins: Hashable, Sendable {
    /// An edge is a multiple of `unit` times or divided by `scale`.
    private let unit: Double, scale: Double, isDivided: Bool
    private let first: Double
    let count: Int

    /// nil where there is nothing to divide.
    /// - Parameter most: at most so many bins, and one or two more at the ends.
    init?(_ low: Double, _ high: Double, kind: ColumnKind, most: Int = 20) {
        guard low.isFinite, high.isFinite, high > low, (high - low).isFinite else { return nil }
        let least = (high - low) / Double(most)
        if kind == .date {
            unit = Self.seconds.first { $0 >= least } ?? (least / 31_557_600).rounded(.up) * 31_557_600
            (scale, isDivided) = (1, false)
        } else {
            var power = 0
            while Self.power(power) > least, power > -300 { power -= 1 }
            while Self.power(power + 1) <= least, power < 300 { power += 1 }
            if kind == .integer { power = max(0, power) }
            let step = Self.power(power)
            unit = least <= step ? 1 : least <= 2 * step ? 2 : least <= 5 * step ? 5 : 10
            (scale, isDivided) = (Self.power(abs(power)), power < 0)
        }
        let width = isDivided ? unit / scale : unit * scale
        first = (low / width).rounded(.down)
        let bins = (high / width).rounded(.down) - first + 1
        guard width > 0, width.isFinite, abs(first) < 9e15, bins <= Double(4 * most) else { return nil }
        count = Int(roundedDownWithin: bins)
    }

    private static let seconds: [Double] = [
        1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000,
        7_776_000, 15_552_000, 31_536_000,
    ]

    private static func power(_ exponent: Int) -> Double {
        // Exact where powers of ten are.
        var value = 1.0
        for _ in 0..<abs(exponent) { value *= 10 }
        return exponent < 0 ? 1 / value : value
    }

    /// The lower edge of a bin, and the upper one of the bin before.
    func edge(_ bin: Int) -> Double {
        let multiple = (first + Double(bin)) * unit
        return isDivided ? multiple / scale : multiple * scale
    }

    /// The bin of a value among those that they were made for, by comparing it with the edges.
    func bin(of value: Double) -> Int {
        let width = edge(1) - edge(0)
        var bin = min(count - 1, max(0, Int(roundedDownWithin: (value - edge(0)) / width)))
        while bin > 0, value < edge(bin) { bin -= 1 }
        while bin < count - 1, value >= edge(bin + 1) { bin += 1 }
        return bin
    }
}

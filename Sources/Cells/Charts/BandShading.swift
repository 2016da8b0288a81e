import CheckedNumbers

/// How bands lie over the cells of a plot: each cell is covered whole by so many of them, and by one at most in part.
struct BandShading {
    /// What is shaded of a cell.
    struct Shade: Hashable {
        /// Bands that cover it whole.
        var count = 0
        /// Eighths of its height that one more covers, from 1 to 7; 0 if none does.
        var eighths = 0
        /// Whether those are its lower ones.
        var isLower = true
    }

    private let width: Int
    private let height: Int
    private var shades: [Shade]

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        shades = Array(repeating: Shade(), count: width * height)
    }

    subscript(x: Int, y: Int) -> Shade { shades[y * width + x] }

    /// Covers a part of a column.
    /// - Parameters:
    ///   - top: in cells from the plot's top, as `bottom`; what lies outside the plot is left out.
    mutating func add(x: Int, top: Double, bottom: Double) {
        let top = max(0, top), bottom = min(Double(height), bottom)
        guard x >= 0, x < width, bottom > top else { return }
        for y in Int(roundedDownWithin: top)..<min(height, Int(roundedUpWithin: bottom)) {
            let upper = max(top, Double(y)), lower = min(bottom, Double(y + 1))
            let eighths = Int(nearestWithin: (lower - upper) * 8)
            let isInside = upper > Double(y) && lower < Double(y + 1)
            let index = y * width + x
            // A band that is thinner than a cell shows as a whole one, so that it is seen at all.
            if eighths >= 8 || isInside {
                shades[index].count += 1
            } else if eighths > 0 {
                shades[index].eighths = eighths
                shades[index].isLower = upper > Double(y)
            }
        }
    }
}

import CheckedNumbers

/// A chart in one line of text.
public enum Sparkline {
    /// Draws values as bars of eight heights (three in ASCII), one character each; more values than columns are reduced to
    /// the largest of each column's share. Also draws histograms.
    /// - Parameter isCount: whether values are counts: bars stand on zero, and none is drawn where there is nothing.
    /// - Range: non-finite values leave a space.
    public static func text(values: [Double], width: Int, glyphs: GlyphSet = .block, isCount: Bool = false) -> String {
        guard width > 0, !values.isEmpty else { return "" }
        let columns = min(width, values.count)
        var heights: [Double] = []
        for column in 0..<columns {
            let share = values[(column * values.count / columns)..<((column + 1) * values.count / columns)]
            heights.append(share.filter(\.isFinite).max() ?? .nan)
        }
        let finite = heights.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max() else { return String(repeating: " ", count: columns) }
        let bars: [Character] = glyphs == .ascii ? [".", ":", "|"] : ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        // Other values that are never negative stand on zero when that does not flatten them.
        let base = isCount ? min(0, low) : low >= 0 && low < high / 2 ? 0 : low
        return String(
            heights.map { height -> Character in
                guard height.isFinite, !isCount || height > 0 else { return " " }
                // Halved, since the difference of two numbers may be too large to be one.
                let range = high / 2 - base / 2
                let share = range > 0 ? (height / 2 - base / 2) / range : 0.5
                return bars[min(bars.count - 1, max(0, Int(roundedDownWithin: share * Double(bars.count))))]
            })
    }
}

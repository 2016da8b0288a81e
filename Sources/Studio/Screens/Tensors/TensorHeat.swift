import Cells
import CheckedNumbers
import Events

/// A tensor's histogram over time: a row a magnitude, positive ones above zero and negative ones below, a column a captured step.
struct TensorHeat {
    /// What each row is: the magnitude its values reach, with their sign; 0 for zeros.
    let labels: [Double]
    let map: HeatMap
    /// The point that each column shows.
    let columns: [Int]

    /// - Parameters:
    ///   - points: by step; those of a range are drawn.
    ///   - height: rows at most; at least 3.
    init(_ points: [TensorPoint], in range: Range<Int>, width: Int, height: Int) {
        let count = max(1, min(width, range.count))
        // Of several in a column the last one, as a cursor steps through them.
        columns = range.isEmpty ? [] : (0..<count).map { range.lowerBound + ($0 + 1) * range.count / count - 1 }
        let shown = columns.map { points[$0].summary }
        let histograms = shown.map(\.histogram).filter { !$0.positive.isEmpty }
        let lowest = histograms.map(\.firstExponent).min() ?? 0
        let highest = histograms.map { $0.firstExponent + $0.positive.count - 1 }.max() ?? 0
        let isSigned = histograms.contains { $0.negative.contains { $0 > 0 } }
        let hasPositive = histograms.contains { $0.positive.contains { $0 > 0 } } || !isSigned
        let sides = (isSigned ? 1 : 0) + (hasPositive ? 1 : 0), room = max(1, (height - 1) / sides)
        // Magnitudes far below the largest ones share the innermost row.
        let exponents = highest - lowest + 1
        let each = exponents <= 2 * room ? max(1, (exponents + room - 1) / room) : 2
        let rows = min(room, (exponents + each - 1) / each)
        var cells: [[Double]] = [], labels: [Double] = []
        func share(_ summary: TensorSummary, _ row: Int, isNegative: Bool) -> Double {
            let counts = isNegative ? summary.histogram.negative : summary.histogram.positive
            let top = highest - row * each, bottom = row == rows - 1 ? Int.min : top - each + 1
            var sum = 0
            for (cell, count) in counts.enumerated() {
                let exponent = summary.histogram.firstExponent + cell
                if exponent <= top, exponent >= bottom { sum += count }
            }
            return Self.shade(sum, of: summary)
        }
        func add(_ row: Int, isNegative: Bool) {
            cells.append(shown.map { share($0, row, isNegative: isNegative) })
            let reach = Double(sign: .plus, exponent: min(1000, highest - row * each + 1), significand: 1)
            labels.append(isNegative ? -reach : reach)
        }
        if hasPositive { for row in 0..<rows { add(row, isNegative: false) } }
        cells.append(shown.map { Self.shade($0.zeros, of: $0) })
        labels.append(0)
        if isSigned { for row in (0..<rows).reversed() { add(row, isNegative: true) } }
        (self.labels, map) = (labels, HeatMap(cells))
    }

    /// Few values are to be seen, too: the root of the share of all.
    private static func shade(_ count: Int, of summary: TensorSummary) -> Double {
        guard summary.sampled > 0, count > 0 else { return 0 }
        return max(0.01, (Double(count) / Double(summary.sampled)).squareRoot())
    }

    /// The lines, with magnitudes before them and a mark under the column of a point.
    func lines(cursor: Int?, state: AppState, indent: Int = 2) -> [TextLine] {
        let names = labels.map { $0 == 0 ? "0" : NumberFormat.compact($0, digits: 2) }
        let room = names.map { TextWidth.of($0) }.max() ?? 1
        let isAscii = state.settings.glyphs == .ascii
        var lines = zip(names, map.lines(glyphs: state.settings.glyphs)).map { name, text in
            TextLine(String(repeating: " ", count: max(0, room - TextWidth.of(name))) + name, .muted, indent: indent)
                .adding(isAscii ? "|" : "┤", .border).adding(text, name == "0" ? .warning : .accent)
        }
        if let cursor, let column = columns.firstIndex(where: { $0 >= cursor }) {
            lines.append(
                TextLine(String(repeating: " ", count: room + 1 + column), .muted, indent: indent)
                    .adding(isAscii ? "^" : "▲", .key, .bold))
        } else {
            lines.append(TextLine())
        }
        return lines
    }
}

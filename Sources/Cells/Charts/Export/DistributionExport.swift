import CheckedNumbers
import PrintableText

extension Histogram {
    /// `from,to,count`, a line a bin. Numbers read back to the same.
    public func csv() -> String {
        counts.indices.reduce("from,to,count\n") { text, bin in
            let edges = edges(ofBin: bin)
            return text + "\(edges.lowerBound),\(edges.upperBound),\(counts[bin])\n"
        }
    }

    /// A self-contained SVG image in a theme's colours.
    /// - Parameter isEmbedded: whether it is part of a page, whose style sheet is `Theme.styleSheet`.
    public func svg(
        title: String, width: Int = 960, height: Int = 480, theme: Theme, isEmbedded: Bool = false
    ) -> String {
        var document = SVGDocument(width: width, height: height, theme: theme, isEmbedded: isEmbedded)
        // Ticks are chosen as for a screen whose cells have eight pixels by sixteen.
        let cells = layout(in: Rect(x: 0, y: 0, width: (width - 60) / 8, height: (height - 72) / 16))
        let left = 70.0, right = Double(width) - 30, top = 48.0, bottom = Double(height) - 44
        document.add("rect", [("width", String(width)), ("height", String(height))] + document.fill(.background))
        document.write(title, x: left, y: 28, .title, size: 15, isBold: true)
        for tick in cells.yTicks {
            let y = bottom - tick.value / cells.most * (bottom - top)
            document.line(left, y, right, y, .faint)
            document.write(tick.label, x: left - 8, y: y + 4, .muted, anchor: "end")
        }
        let step = (right - left) / Double(max(1, counts.count))
        for (bin, count) in counts.enumerated() {
            let length = Double(count) / cells.most * (bottom - top)
            let place = [
                ("x", left + Double(bin) * step + 1), ("y", bottom - length), ("width", max(1, step - 2)), ("height", length),
            ].map { ($0.0, SVGDocument.number($0.1)) }
            document.add("rect", place + document.fill(bin == cursor ? .mark : .accent))
        }
        document.line(left, bottom, right, bottom, .border)
        for tick in cells.xTicks {
            guard let share = share(of: tick.value) else { continue }
            let x = left + share * (right - left)
            document.line(x, bottom, x, bottom + 5, .border)
            document.write(tick.label, x: x, y: bottom + 20, .muted, anchor: "middle")
        }
        for mark in marks {
            guard let share = share(of: mark.value) else { continue }
            let x = left + share * (right - left)
            document.write(String(Character(mark.glyph)), x: x, y: bottom + 5, .title, anchor: "middle")
        }
        return document.text(title: title)
    }
}

extension BarChart {
    /// `name,value`, a line a bar.
    public func csv(_ header: String = "name,value") -> String {
        bars.reduce(header + "\n") { $0 + "\($1.name.csvCell),\(Self.plain($1.value))\n" }
    }

    private static func plain(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(nearestWithin: value)) : "\(value)"
    }

    /// A self-contained SVG image in a theme's colours.
    /// - Parameter isEmbedded: whether it is part of a page, whose style sheet is `Theme.styleSheet`.
    public func svg(title: String, width: Int = 960, theme: Theme, isEmbedded: Bool = false) -> String {
        let line = 24.0, top = 48.0
        let height = Int(roundedUpWithin: top + line * Double(max(1, bars.count)) + 16)
        var document = SVGDocument(width: width, height: height, theme: theme, isEmbedded: isEmbedded)
        let widest = bars.map { TextWidth.of($0.name) }.max() ?? 0
        let left = min(Double(width) / 3, 40 + Double(widest) * 7), right = Double(width) - 120
        document.add("rect", [("width", String(width)), ("height", String(height))] + document.fill(.background))
        document.write(title, x: 24, y: 28, .title, size: 15, isBold: true)
        for (row, bar) in bars.enumerated() {
            let y = top + Double(row) * line
            document.write(bar.name.shortened(to: 40), x: left - 10, y: y + 14, .text, anchor: "end")
            let length = length(of: bar, room: 1000) / 1000 * (right - left)
            let place = [("x", left), ("y", y + 3), ("width", length), ("height", line - 9)].map {
                ($0.0, SVGDocument.number($0.1))
            }
            document.add("rect", place + document.fill(bar.value < 0 ? .warning : .accent))
            document.write(bar.text, x: left + length + 8, y: y + 14, .muted)
        }
        return document.text(title: title)
    }
}

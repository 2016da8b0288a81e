import CheckedNumbers

extension StackedTimeline {
    /// A strip under the picture: a value from 0 to 1 for each of its columns.
    public struct Strip: Hashable, Sendable {
        public var label: String
        public var role: ColorRole
        /// NaN where nothing is known.
        public var values: [Double]
        /// What stands at its right end, such as its largest value.
        public var note: String

        public init(_ label: String, _ role: ColorRole, _ values: [Double], note: String = "") {
            (self.label, self.role, self.values, self.note) = (label, role, values, note)
        }
    }

    /// The picture with its strips as an image of its own, or as a part of a page.
    /// - Parameters:
    ///   - timeText: a time in words.
    ///   - place: as in `LineChart.svg`.
    public func svg(
        title: String, width: Int = 960, strips: [Strip] = [], theme: Theme, embeddedAs place: String? = nil,
        timeText: (Double) -> String
    ) -> String {
        let (left, right, top, plotHeight, stripHeight, gap) = (150.0, 70.0, 34.0, 220.0, 18.0, 6.0)
        let plotWidth = Double(width) - left - right
        let legendHeight = 26.0
        let height = top + plotHeight + Double(strips.count) * (stripHeight + gap) + 34 + legendHeight
        var document = SVGDocument(
            width: width, height: Int(nearestWithin: height), theme: theme, isEmbedded: place != nil)
        document.write(title, x: left, y: 20, .text, size: 14, isBold: true)
        let span = max(end - start, 1e-9)
        func x(_ time: Double) -> Double { left + (time - start) / span * plotWidth }
        for column in columns {
            var level = 0.0
            for (layer, share) in zip(layers, column.shares) where share > 0 {
                let y = top + plotHeight * (1 - level - share)
                document.add(
                    "rect",
                    [
                        ("x", SVGDocument.number(x(column.start))), ("y", SVGDocument.number(y)),
                        ("width", SVGDocument.number(max(0.2, x(column.end) - x(column.start)))),
                        ("height", SVGDocument.number(plotHeight * share)), ("shape-rendering", "crispEdges"),
                    ] + document.fill(layer.role))
                level += share
            }
        }
        for share in [0.0, 0.5, 1.0] {
            let y = top + plotHeight * (1 - share)
            document.write(NumberFormat.percent(share), x: left - 8, y: y + 4, .muted, anchor: "end")
        }
        var y = top + plotHeight + gap
        for strip in strips {
            document.write(strip.label, x: left - 8, y: y + stripHeight - 5, .muted, anchor: "end")
            let times = columns
            for (column, value) in zip(times, strip.values) where value.isFinite && value > 0 {
                document.add(
                    "rect",
                    [
                        ("x", SVGDocument.number(x(column.start))),
                        ("y", SVGDocument.number(y + stripHeight * (1 - min(1, value)))),
                        ("width", SVGDocument.number(max(0.2, x(column.end) - x(column.start)))),
                        ("height", SVGDocument.number(stripHeight * min(1, value))), ("shape-rendering", "crispEdges"),
                    ] + document.fill(strip.role))
            }
            document.line(left, y + stripHeight, left + plotWidth, y + stripHeight, .faint)
            if !strip.note.isEmpty { document.write(strip.note, x: left + plotWidth + 6, y: y + stripHeight - 5, .muted) }
            y += stripHeight + gap
        }
        let ticks = 6
        for tick in 0...ticks {
            let time = start + span * Double(tick) / Double(ticks)
            document.line(x(time), y - gap + 2, x(time), y, .faint)
            document.write(
                timeText(time), x: x(time), y: y + 14, .muted, anchor: tick == 0 ? "start" : tick == ticks ? "end" : "middle")
        }
        y += 34
        var place = 20.0
        for layer in layers {
            document.add(
                "rect",
                [("x", SVGDocument.number(place)), ("y", SVGDocument.number(y - 9)), ("width", "10"), ("height", "10")]
                    + document.fill(layer.role))
            document.write(layer.label, x: place + 14, y: y, .text)
            place += 32 + Double(layer.label.count) * 6.2
        }
        return document.text(title: title)
    }
}

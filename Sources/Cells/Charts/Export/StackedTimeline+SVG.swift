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
        var drawing = TimelineDrawing(self, width: width, stripCount: strips.count, theme: theme, isEmbedded: place != nil)
        drawing.document.write(title, x: TimelineDrawing.left, y: 20, .text, size: 14, isBold: true)
        drawing.drawLayers()
        for strip in strips { drawing.draw(strip) }
        drawing.drawTimes(timeText)
        drawing.drawLegend()
        return drawing.document.text(title: title)
    }
}

/// A timeline being drawn as SVG, from the top down.
private struct TimelineDrawing {
    static let left = 150.0
    private static let right = 70.0, top = 34.0, plotHeight = 220.0, stripHeight = 18.0, gap = 6.0, axisHeight = 34.0
    private static let legendHeight = 26.0, tickCount = 6

    var document: SVGDocument
    private let timeline: StackedTimeline
    private let plotWidth: Double
    /// Where what comes next begins.
    private var y = top + plotHeight + gap

    init(_ timeline: StackedTimeline, width: Int, stripCount: Int, theme: Theme, isEmbedded: Bool) {
        self.timeline = timeline
        plotWidth = Double(width) - Self.left - Self.right
        let height =
            Self.top + Self.plotHeight + Double(stripCount) * (Self.stripHeight + Self.gap) + Self.axisHeight + Self.legendHeight
        document = SVGDocument(width: width, height: Int(nearestWithin: height), theme: theme, isEmbedded: isEmbedded)
    }

    private func x(_ time: Double) -> Double {
        Self.left + (time - timeline.start) / max(timeline.end - timeline.start, 1e-9) * plotWidth
    }

    /// A bar over a column; without a line between it and the next one.
    private mutating func bar(_ column: StackedTimeline.Column, y: Double, height: Double, _ role: ColorRole) {
        document.add(
            "rect",
            [
                ("x", SVGDocument.number(x(column.start))), ("y", SVGDocument.number(y)),
                ("width", SVGDocument.number(max(0.2, x(column.end) - x(column.start)))),
                ("height", SVGDocument.number(height)), ("shape-rendering", "crispEdges"),
            ] + document.fill(role))
    }

    mutating func drawLayers() {
        for column in timeline.columns {
            var level = 0.0
            for (layer, share) in zip(timeline.layers, column.shares) where share > 0 {
                level += share
                bar(column, y: Self.top + Self.plotHeight * (1 - level), height: Self.plotHeight * share, layer.role)
            }
        }
        for share in [0.0, 0.5, 1.0] {
            let y = Self.top + Self.plotHeight * (1 - share)
            document.write(NumberFormat.percent(share), x: Self.left - 8, y: y + 4, .muted, anchor: "end")
        }
    }

    mutating func draw(_ strip: StackedTimeline.Strip) {
        let end = Self.left + plotWidth, bottom = y + Self.stripHeight
        document.write(strip.label, x: Self.left - 8, y: bottom - 5, .muted, anchor: "end")
        for (column, value) in zip(timeline.columns, strip.values) where value.isFinite && value > 0 {
            let height = Self.stripHeight * min(1, value)
            bar(column, y: bottom - height, height: height, strip.role)
        }
        document.line(Self.left, bottom, end, bottom, .faint)
        if !strip.note.isEmpty { document.write(strip.note, x: end + 6, y: bottom - 5, .muted) }
        y = bottom + Self.gap
    }

    mutating func drawTimes(_ text: (Double) -> String) {
        for tick in 0...Self.tickCount {
            let time = timeline.start + (timeline.end - timeline.start) * Double(tick) / Double(Self.tickCount)
            document.line(x(time), y - Self.gap + 2, x(time), y, .faint)
            let anchor = tick == 0 ? "start" : tick == Self.tickCount ? "end" : "middle"
            document.write(text(time), x: x(time), y: y + 14, .muted, anchor: anchor)
        }
        y += Self.axisHeight
    }

    mutating func drawLegend() {
        var place = 20.0
        for layer in timeline.layers {
            document.add(
                "rect",
                [("x", SVGDocument.number(place)), ("y", SVGDocument.number(y - 9)), ("width", "10"), ("height", "10")]
                    + document.fill(layer.role))
            document.write(layer.label, x: place + 14, y: y, .text)
            place += 32 + Double(layer.label.count) * 6.2
        }
    }
}

import CheckedNumbers

extension LineChart {
    /// The chart as a self-contained SVG image in a theme's colours: curves, bands, marks, ticks and a legend. A curve keeps the
    /// extremes of every half pixel, so that no spike is lost however many points it has.
    ///
    /// - Parameters:
    ///   - title: above the chart, such as the metric's name.
    ///   - width: in pixels; from 240 on, as `height` from 160 on.
    ///   - xTitle: what the x axis counts.
    ///   - place: the image's name in a page of many, whose style sheet is `Theme.styleSheet`; nil for a file of its own.
    public func svg(
        title: String, width: Int = 960, height: Int = 480, xTitle: String, theme: Theme, embeddedAs place: String? = nil
    ) -> String {
        let document = SVGDocument(
            width: max(240, width), height: max(160, height), theme: theme, isEmbedded: place != nil)
        var drawing = SVGDrawing(chart: self, document)
        drawing.draw(title: title, xTitle: xTitle, place: place ?? "plot")
        return drawing.document.text(title: title)
    }
}

/// One chart drawn as SVG.
private struct SVGDrawing {
    var document: SVGDocument
    private let chart: LineChart
    private let layout: ChartLayout
    private let left: Double
    private let top = 44.0
    private let right: Double
    private let bottom: Double
    private let legendColumns: Int
    private static let lineHeight = 18.0
    private static let legendWidth = 300

    init(chart: LineChart, _ document: SVGDocument) {
        self.chart = chart
        self.document = document
        let width = document.width, height = document.height
        legendColumns = max(1, (width - 40) / Self.legendWidth)
        let rows = (chart.series.count + legendColumns - 1) / legendColumns
        bottom = max(top + 40, Double(height) - 58 - Double(rows) * Self.lineHeight)
        right = Double(width) - 34
        // Ticks are chosen as for a screen whose cells have eight pixels by sixteen.
        let rect = Rect(x: 0, y: 0, width: (width - 90) / 8, height: Int(roundedDownWithin: bottom - top) / 16 + 2)
        layout = chart.layout(in: rect)
        let widest = layout.yTicks.map(\.label.count).max() ?? 0
        left = 30 + Double(widest) * 7
    }

    mutating func draw(title: String, xTitle: String, place: String) {
        let size = [("width", String(document.width)), ("height", String(document.height))]
        document.add("rect", size + document.fill(.background))
        document.write(title, x: left, y: 26, .title, size: 15, isBold: true)
        let details = [chart.yScale == .linear ? "" : "y: \(chart.yScale.rawValue)", smoothingText]
        document.write(
            details.filter { !$0.isEmpty }.joined(separator: ", "), x: right, y: 26, .muted, anchor: "end")
        drawAxes(xTitle)
        document.open("clipPath", [("id", place)])
        document.add(
            "rect",
            [
                ("x", SVGDocument.number(left)), ("y", SVGDocument.number(top)), ("width", SVGDocument.number(right - left)),
                ("height", SVGDocument.number(bottom - top)),
            ])
        document.close("clipPath")
        document.open("g", [("clip-path", "url(#\(place))"), ("fill", "none"), ("stroke-linejoin", "round")])
        drawCurves()
        document.close("g")
        drawMarks()
        drawBadges()
        drawLegend()
    }

    private var smoothingText: String {
        guard chart.smoothing > 0 else { return "" }
        return "moving average \(NumberFormat.compact(chart.smoothing))\(chart.smoothsByDistance ? " by distance" : "")"
    }

    // MARK: - Places

    private func px(_ x: Double) -> Double {
        let width = layout.xRange.upperBound - layout.xRange.lowerBound
        let share = width > 0 ? (x - layout.xRange.lowerBound) / width : 0
        return left + min(max(share, -2), 3) * (right - left)
    }

    /// The pixel of a value; nil where the scale has no place for it.
    private func py(_ y: Double) -> Double? {
        layout.projection.project(y).map { place in
            let height = layout.span.upperBound - layout.span.lowerBound
            let share = height > 0 ? (layout.span.upperBound - place) / height : 0.5
            return top + min(max(share, -2), 3) * (bottom - top)
        }
    }

    // MARK: - Axes

    private mutating func drawAxes(_ xTitle: String) {
        for tick in layout.yTicks {
            guard let y = py(tick.value) else { continue }
            document.line(left, y, right, y, .faint)
            document.write(tick.label, x: left - 8, y: y + 4, .muted, anchor: "end")
        }
        if let offset = layout.yOffset { document.write(offset, x: left - 8, y: top - 6, .muted, anchor: "end") }
        document.line(left, top, left, bottom, .border)
        document.line(left, bottom, right, bottom, .border)
        for tick in layout.xTicks {
            let x = px(tick.value)
            document.line(x, bottom, x, bottom + 5, .border)
            document.write(tick.label, x: x, y: bottom + 19, .muted, anchor: "middle")
        }
        document.write(xTitle, x: (left + right) / 2, y: bottom + 36, .muted, anchor: "middle")
    }

    // MARK: - Curves

    private mutating func drawCurves() {
        for curve in chart.series { drawBand(curve) }
        let isSmoothed = chart.smoothing > 0
        let rank = { (curve: ChartSeries) in curve.isDimmed ? 0 : curve.isSecondary ? 1 : curve.isFocused ? 3 : 2 }
        let order = chart.series.enumerated().sorted { (rank($0.element), -$0.offset) < (rank($1.element), -$1.offset) }
        for (_, curve) in order {
            if curve.isScatter {
                drawPoints(of: curve)
            } else if isDense(curve) {
                if !curve.isDimmed { drawReach(of: curve) }
            } else {
                draw(
                    curve.series.raw, of: curve,
                    opacity: isSmoothed ? (curve.isSecondary ? 0.15 : 0.3) : curve.isSecondary ? 0.5 : 1,
                    width: isSmoothed ? 1 : 1.6)
            }
        }
        for (_, curve) in order where (isSmoothed || isDense(curve)) && !curve.isScatter {
            let axis = chart.smoothsByDistance ? chart.xAxis : nil
            let opacity = curve.isSecondary ? 0.6 : 1, width = curve.isFocused ? 2.4 : 1.8
            if let smoothed = curve.series.smoothed(weight: chart.smoothing, along: axis, error: 1e-6) {
                draw(smoothed, of: curve, opacity: opacity, width: width)
            } else {
                draw(curve.series.raw, of: curve, opacity: opacity, width: width)
            }
        }
    }

    /// The points alone, without lines between them: strokes of no length with round ends.
    private mutating func drawPoints(of curve: ChartSeries) {
        var places = ""
        for index in 0..<curve.series.count {
            let x = px(curve.series.x(at: index, on: chart.xAxis))
            guard x.isFinite, let y = py(curve.series.raw.value(at: index)) else { continue }
            places += "M\(SVGDocument.number(x)) \(SVGDocument.number(y))h0"
        }
        guard !places.isEmpty else { return }
        document.add(
            "path",
            [("d", places), ("stroke-width", "5"), ("stroke-linecap", "round"), ("stroke-opacity", "0.6")]
                + document.stroke(curve.isDimmed ? .muted : curve.color))
    }

    /// Whether a curve has more than two points a pixel, so that only their means are drawn, over what they reach.
    private func isDense(_ curve: ChartSeries) -> Bool {
        chart.isDense(curve, in: layout.xRange, columns: Int(roundedDownWithin: right - left))
    }

    private mutating func draw(_ values: some CurveValues, of curve: ChartSeries, opacity: Double, width: Double) {
        let path = path(values, of: curve.series, drawsMeans: isDense(curve))
        guard !path.isEmpty else { return }
        let role: ColorRole = curve.isDimmed ? .muted : curve.color
        var attributes = [("d", path)] + document.stroke(role)
        attributes += [
            ("stroke-width", SVGDocument.number(width)), ("stroke-opacity", NumberFormat.fixed(opacity, decimals: 2)),
        ]
        if curve.dash != .solid { attributes.append(("stroke-dasharray", curve.dash == .dashed ? "7 4" : "2 3")) }
        document.add("path", attributes)
    }

    /// Moves and lines through the points in view; of more than four in half a pixel the first, the extremes and the last, or
    /// their mean.
    private func path(_ values: some CurveValues, of series: Series, drawsMeans: Bool) -> String {
        var out = "", isDown = false
        func add(_ x: Double, _ value: Double) {
            guard x.isFinite, let y = py(value) else {
                isDown = false
                return
            }
            out += "\(isDown ? "L" : "M")\(SVGDocument.number(x)) \(SVGDocument.number(y))"
            isDown = true
        }
        for group in pixelGroups(of: series) {
            let x = px(series.x(at: group.lowerBound, on: chart.xAxis))
            guard group.count > (drawsMeans ? 1 : 4), drawsMeans || series.nonFiniteCount == 0 else {
                for index in group { add(px(series.x(at: index, on: chart.xAxis)), values.value(at: index)) }
                continue
            }
            if drawsMeans {
                add(x, values.mean(group))
                continue
            }
            let extremes = values.extremes(group)
            add(x, values.value(at: group.lowerBound))
            if !extremes.isEmpty {
                add(x, extremes.maximum)
                add(x, layout.projection.scale == .log ? extremes.minimumPositive : extremes.minimum)
            }
            add(x, values.value(at: group.upperBound - 1))
        }
        return out
    }

    /// The points in view and one more on each side, those in the same half pixel together.
    private func pixelGroups(of series: Series) -> [Range<Int>] {
        let window = series.indices(of: layout.xRange, on: chart.xAxis)
        let indices = max(0, window.lowerBound - 1)..<min(series.count, window.upperBound + 1)
        var groups: [Range<Int>] = [], index = indices.lowerBound
        while index < indices.upperBound {
            let column = (px(series.x(at: index, on: chart.xAxis)) * 2).rounded(.down)
            var end = index + 1
            while end < indices.upperBound, (px(series.x(at: end, on: chart.xAxis)) * 2).rounded(.down) == column { end += 1 }
            groups.append(index..<end)
            index = end
        }
        return groups
    }

    /// The area between the smallest and the largest raw values.
    private mutating func drawReach(of curve: ChartSeries) {
        var upper: [String] = [], lower: [String] = []
        for group in pixelGroups(of: curve.series) {
            let extremes = curve.series.raw.extremes(group), x = px(curve.series.x(at: group.lowerBound, on: chart.xAxis))
            let least = layout.projection.scale == .log ? extremes.minimumPositive : extremes.minimum
            guard x.isFinite, let high = py(extremes.maximum), let low = py(least) else { continue }
            upper.append("\(SVGDocument.number(x)) \(SVGDocument.number(high - 0.5))")
            lower.append("\(SVGDocument.number(x)) \(SVGDocument.number(low + 0.5))")
        }
        guard !upper.isEmpty else { return }
        let opacity = curve.isSecondary ? "0.10" : "0.18"
        document.add(
            "path",
            [("d", "M" + (upper + lower.reversed()).joined(separator: "L") + "Z"), ("fill-opacity", opacity), ("stroke", "none")]
                + document.fill(curve.color))
    }

    private mutating func drawBand(_ curve: ChartSeries) {
        guard let band = curve.band else { return }
        let upperEdge = chart.edge(band.upper), lowerEdge = chart.edge(band.lower)
        var upper: [String] = [], lower: [String] = []
        // Half a pixel apart: finer than the screen.
        for step in 0...max(0, Int(roundedDownWithin: (right - left) * 2)) {
            let share = Double(step) / ((right - left) * 2)
            let x = layout.xRange.lowerBound + share * (layout.xRange.upperBound - layout.xRange.lowerBound)
            guard let high = upperEdge(x), let low = lowerEdge(x), let y = py(high) else { continue }
            upper.append("\(SVGDocument.number(px(x))) \(SVGDocument.number(y))")
            lower.append("\(SVGDocument.number(px(x))) \(SVGDocument.number(py(low) ?? bottom))")
        }
        guard !upper.isEmpty else { return }
        document.add(
            "path",
            [("d", "M" + (upper + lower.reversed()).joined(separator: "L") + "Z"), ("fill-opacity", "0.18")]
                + document.fill(curve.color))
    }

    // MARK: - Marks

    private mutating func drawMarks() {
        var labels: [(x: Double, y: Double)] = []
        for mark in chart.marks where layout.xRange.contains(mark.x) {
            let x = px(mark.x)
            document.open("g", [])
            if !mark.label.isEmpty { document.add("title", [], text: mark.label) }
            switch mark.kind {
            case .line:
                document.line(x, top, x, bottom, mark.role, [("stroke-dasharray", "4 4"), ("stroke-opacity", "0.7")])
                document.write(mark.label, x: x + 5, y: top + 12, mark.role, size: 11)
            case .point(let value):
                let y = value.flatMap(py).map { min(max($0, top), bottom) } ?? bottom
                document.add(
                    "path",
                    [("d", "M\(SVGDocument.number(x)) \(SVGDocument.number(y - 5))l5 5l-5 5l-5 -5Z")]
                        + document.fill(mark.role))
                // A label that would lie on another is left to the tooltip.
                guard !labels.contains(where: { abs($0.x - x) < 60 && abs($0.y - y) < 13 }) else { break }
                labels.append((x, y))
                let isRight = x > right - 120
                document.write(
                    mark.label, x: x + (isRight ? -9 : 9), y: y - 6, mark.role, anchor: isRight ? "end" : "start", size: 11)
            }
            document.close("g")
        }
        for curve in chart.series {
            guard let index = curve.series.firstNonFinite else { continue }
            let x = curve.series.x(at: index, on: chart.xAxis)
            guard layout.xRange.contains(x) else { continue }
            document.write(
                "✕ \(NumberFormat.special(curve.series[index].value))", x: px(x), y: bottom - 4, .bad, anchor: "middle")
        }
    }

    /// A curve's letter, where its line ends.
    private struct Badge {
        var text: String
        var x: Double
        var y: Double
        var role: ColorRole
    }

    private static let letterHeight = 13.0

    private mutating func drawBadges() {
        let badges = chart.series.compactMap { curve -> Badge? in
            guard let badge = curve.badge, let index = curve.series.indices(of: layout.xRange, on: chart.xAxis).last,
                let y = py(chart.smoothed(curve.series, at: index))
            else { return nil }
            let x = min(px(curve.series.x(at: index, on: chart.xAxis)), right) + 7
            return Badge(text: String(badge), x: x, y: min(max(y, top + 6), bottom) + 4, role: curve.color)
        }
        // Those that end at the same place stand in the order of their values.
        var left = badges.sorted { ($0.x, $1.y) > ($1.x, $0.y) }
        while let rightmost = left.first {
            let group = left.prefix { rightmost.x - $0.x < Self.letterHeight }.sorted { $0.y < $1.y }
            left.removeFirst(group.count)
            let room = Int(roundedDownWithin: top)..<Int(roundedUpWithin: bottom + 18)
            let height = Int(nearestWithin: Self.letterHeight)
            let blocks = LabelPacking.blocks(group.map { Int(nearestWithin: $0.y) }, height: height, in: room)
            for block in blocks {
                for (place, index) in block.labels.enumerated() { draw(group[index], at: Double(block.start + place * height)) }
            }
        }
    }

    /// Writes a letter, and leads a line to it where it has made room for another.
    private mutating func draw(_ badge: Badge, at y: Double) {
        let isMoved = abs(y - badge.y) > 2
        if isMoved { document.line(badge.x - 5, badge.y - 4, badge.x + 4, y - 4, badge.role, [("stroke-opacity", "0.6")]) }
        document.write(badge.text, x: badge.x + (isMoved ? 6 : 0), y: y, badge.role, isBold: true)
    }

    private mutating func drawLegend() {
        // Lines to compare with have no name.
        let named = chart.isMeasuredOnX ? chart.series.filter { !$0.label.isEmpty } : chart.series
        for (place, curve) in named.enumerated() {
            let x = left + Double(place % legendColumns) * Double(Self.legendWidth)
            let y = bottom + 58 + Double(place / legendColumns) * Self.lineHeight
            let role: ColorRole = curve.isDimmed ? .muted : curve.color
            var more = [("stroke-width", curve.isFocused ? "3" : "2")]
            if curve.dash != .solid { more.append(("stroke-dasharray", curve.dash == .dashed ? "7 4" : "2 3")) }
            document.line(x, y - 4, x + 22, y - 4, role, more)
            // Where a curve ends says something of a course alone.
            let last = chart.isMeasuredOnX || curve.isScatter ? nil : curve.series.last
            let value = last.map { "  " + NumberFormat.significant($0.value) } ?? ""
            let label = curve.label.count > 36 ? curve.label.prefix(35) + "…" : curve.label
            document.write((curve.badge.map { "\($0)  " } ?? "") + label + value, x: x + 30, y: y, .text)
        }
    }
}

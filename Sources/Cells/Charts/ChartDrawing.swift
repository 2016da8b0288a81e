/// One drawing of a chart: the dots of its curves, and what stands around, behind and on them.
struct ChartDrawing {
    let chart: LineChart
    let layout: ChartLayout
    let rect: Rect
    let glyphs: ChartGlyphs
    private var canvas: DotCanvas
    private var styles: [Style] = []
    /// Those of raw curves; what came before them is shaded.
    private var rawOwners = 1..<1
    /// Cell columns, within the plot, where curves leave it.
    private var leavesTop: [Int: ColorRole] = [:]
    private var leavesBottom: [Int: ColorRole] = [:]
    /// Cells between marks on the axis.
    private static let markSpacing = 8
    /// Cells that text was written on.
    private var taken: Set<Int> = []

    init(chart: LineChart, layout: ChartLayout, rect: Rect) {
        self.chart = chart
        self.layout = layout
        self.rect = rect
        glyphs = ChartGlyphs.of(chart.glyphs)
        canvas = DotCanvas(width: layout.plot.width, height: layout.plot.height, cell: layout.cell)
    }

    mutating func draw(into buffer: inout CellBuffer) {
        rasterise()
        drawGuides(into: &buffer)
        drawMarkLines(into: &buffer)
        drawCursorLine(into: &buffer)
        blit(into: &buffer)
        highlightBox(in: &buffer)
        drawLeaving(into: &buffer)
        drawCursorPoints(into: &buffer)
        drawYAxis(into: &buffer)
        drawXAxis(into: &buffer)
        drawBadges(into: &buffer)
        drawMarks(into: &buffer)
    }

    // MARK: - Curves

    /// All raw curves lie under all smoothed ones, dimmed ones at the bottom, then secondary ones, the focused one on top,
    /// else the first.
    private var order: [ChartSeries] {
        let rank = { (curve: ChartSeries) in curve.isDimmed ? 0 : curve.isSecondary ? 1 : curve.isFocused ? 3 : 2 }
        return chart.series.reversed().enumerated()
            .sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
            .map(\.element)
    }

    private mutating func rasterise() {
        guard !layout.plot.isEmpty else { return }
        let order = order
        let isSmoothed = chart.smoothing > 0
        for curve in order { shade(curve) }
        rawOwners = styles.count + 1..<styles.count + 1 + order.count
        for curve in order {
            let style = style(of: curve)
            guard isSmoothed else {
                raster(curve.series.raw, of: curve, style: style, dash: curve.dash)
                continue
            }
            let raw = curve.isSecondary ? Style(.faint) : Style(style.foreground, on: .background, .dim)
            raster(curve.series.raw, of: curve, style: raw, dash: curve.isSecondary ? .dotted : .solid)
        }
        guard isSmoothed else { return }
        for curve in order {
            let style = style(of: curve)
            // What is left out moves the curve by less than a dot.
            let axis = chart.smoothsByDistance ? chart.xAxis : nil
            if let smoothed = curve.series.smoothed(weight: chart.smoothing, along: axis, error: 1e-4) {
                raster(smoothed, of: curve, style: style, dash: curve.dash)
            }
        }
    }

    /// Strews dots over a curve's band.
    private mutating func shade(_ curve: ChartSeries) {
        guard let band = curve.band else { return }
        styles.append(Style(style(of: curve).foreground, on: .background, .dim))
        let owner = UInt16(clamping: styles.count)
        let lowerEdge = chart.edge(band.lower), upperEdge = chart.edge(band.upper)
        for column in 0..<layout.dotColumns {
            let x = layout.xValue(atColumn: column)
            guard let lower = lowerEdge(x), let upper = upperEdge(x),
                let top = layout.row(forY: upper)
            else { continue }
            // What reaches below a logarithmic axis fills it to the bottom.
            let bottom = min(layout.row(forY: lower) ?? layout.dotRows, layout.dotRows - 1)
            for row in stride(from: max(0, top), through: bottom, by: 1) where !Dash.dotted.hides(row: row, column: column) {
                canvas.set(column: column, row: row, owner: owner)
            }
        }
    }

    private func style(of curve: ChartSeries) -> Style {
        if curve.isDimmed { return Style(.muted, on: .background, .dim) }
        return Style(curve.color, on: .background, curve.isSecondary ? .dim : [])
    }

    private mutating func raster(_ values: some CurveValues, of curve: ChartSeries, style: Style, dash: Dash) {
        styles.append(curve.isFocused && !style.attributes.contains(.dim) ? style.adding(.bold) : style)
        if curve.isScatter { return scatter(values, of: curve) }
        var raster = CurveRaster(layout: layout, dash: dash, owner: UInt16(clamping: styles.count))
        raster.draw(values, of: curve.series, on: chart.xAxis, into: &canvas)
        guard !curve.isSecondary else { return }
        for column in raster.leavesTop { leavesTop[column] = style.foreground }
        for column in raster.leavesBottom { leavesBottom[column] = style.foreground }
    }

    private mutating func scatter(_ values: some CurveValues, of curve: ChartSeries) {
        for index in curve.series.indices(of: layout.xRange, on: chart.xAxis) {
            guard let column = layout.column(forX: curve.series.x(at: index, on: chart.xAxis)),
                let row = layout.row(forY: values.value(at: index))
            else { continue }
            canvas.set(column: column, row: row, owner: UInt16(clamping: styles.count))
        }
    }

    private func blit(into buffer: inout CellBuffer) {
        let cursor = chart.cursor.flatMap(cellColumn)
        for y in 0..<layout.plot.height {
            for x in 0..<layout.plot.width {
                guard let content = canvas.content(x: x, y: y) else { continue }
                // The cursor's line goes over raw curves, which lie behind everything.
                if layout.plot.x + x == cursor, isRaw(content.owner) { continue }
                let style = styles[min(Int(content.owner), styles.count) - 1]
                buffer[layout.plot.x + x, layout.plot.y + y] = Cell(content.scalar, style)
            }
        }
    }

    /// Arrows where a curve goes on above or below the plot, and where a value was infinite.
    private mutating func drawLeaving(into buffer: inout CellBuffer) {
        guard !layout.plot.isEmpty else { return }
        for (column, role) in leavesTop {
            put(Cell(glyphs.up, Style(role, on: .background, .bold)), layout.plot.x + column, layout.plot.y, &buffer)
        }
        for (column, role) in leavesBottom where layout.plot.height > 1 {
            put(Cell(glyphs.down, Style(role, on: .background, .bold)), layout.plot.x + column, layout.plot.maxY - 1, &buffer)
        }
        for curve in chart.series {
            for index in curve.series.infinities.prefix(256) {
                guard let column = cellColumn(curve.series.x(at: index, on: chart.xAxis)) else { continue }
                put(Cell(glyphs.up, Style(.bad, on: .background, .bold)), column, layout.plot.y, &buffer)
            }
        }
    }

    // MARK: - Behind the curves

    private func drawGuides(into buffer: inout CellBuffer) {
        guard chart.showsGuides else { return }
        for tick in layout.yTicks {
            let step = chart.glyphs == .ascii ? 4 : 1
            for x in stride(from: layout.plot.x + step - 1, to: layout.plot.maxX, by: step) {
                buffer[x, tick.cell] = Cell(glyphs.guide, Style(.faint))
            }
        }
    }

    private func drawMarkLines(into buffer: inout CellBuffer) {
        for mark in chart.marks where mark.kind == .line {
            guard let column = cellColumn(mark.x) else { continue }
            let style = Style(mark.role, on: .background, .dim)
            for y in layout.plot.y..<layout.plot.maxY { buffer[column, y] = Cell(glyphs.markLine, style) }
        }
    }

    private func drawCursorLine(into buffer: inout CellBuffer) {
        if let start = chart.boxStart, let column = cellColumn(start) {
            for y in layout.plot.y..<layout.plot.maxY { buffer[column, y] = Cell(glyphs.cursor, Style(.mark)) }
        }
        guard let cursor = chart.cursor, let column = cellColumn(cursor) else { return }
        for y in layout.plot.y..<layout.plot.maxY { buffer[column, y] = Cell(glyphs.cursor, Style(.accent)) }
    }

    /// Gives what is being marked the look of a selection.
    private func highlightBox(in buffer: inout CellBuffer) {
        guard let start = chart.boxStart, let end = chart.cursor, let first = layout.column(forX: min(start, end)),
            let last = layout.column(forX: max(start, end)), last >= 0, first < layout.dotColumns
        else { return }
        let left = max(0, first) / layout.cell.columns, right = min(last, layout.dotColumns - 1) / layout.cell.columns
        let box = Rect(x: layout.plot.x + left, y: layout.plot.y, width: right - left + 1, height: layout.plot.height)
        buffer.restyle(box) { $0.background = .selection }
    }

    /// A dot on every curve at its point nearest to the cursor.
    private func drawCursorPoints(into buffer: inout CellBuffer) {
        for curve in order where curve.series.count == 1 {
            if let cell = cell(of: 0, on: curve) { put(Cell(glyphs.point, Style(curve.color)), cell.x, cell.y, &buffer) }
        }
        guard let cursor = chart.cursor, cellColumn(cursor) != nil else { return }
        for curve in order where !curve.isDimmed {
            guard let index = curve.series.nearestIndex(to: cursor, on: chart.xAxis) else { continue }
            guard let cell = cell(of: index, on: curve) else { continue }
            put(Cell(glyphs.point, Style(curve.color, on: .background, .bold)), cell.x, cell.y, &buffer)
        }
    }

    /// The cell of a point of a curve, as smoothed; nil if it is outside the plot.
    private func cell(of index: Int, on curve: ChartSeries) -> (x: Int, y: Int)? {
        let series = curve.series
        let value = chart.smoothed(series, at: index)
        guard let x = cellColumn(series.x(at: index, on: chart.xAxis)), let dot = layout.row(forY: value) else { return nil }
        guard dot >= 0, dot < layout.dotRows else { return nil }
        return (x, layout.plot.y + dot / layout.cell.rows)
    }

    // MARK: - Axes

    private func drawYAxis(into buffer: inout CellBuffer) {
        guard let column = layout.axisColumn else { return }
        for y in layout.plot.y..<layout.plot.maxY { buffer[column, y] = Cell(glyphs.vertical, Style(.border)) }
        for tick in layout.yTicks {
            buffer[column, tick.cell] = Cell(glyphs.tickLeft, Style(.border))
            buffer.write(tick.label, x: column - TextWidth.of(tick.label), y: tick.cell, Style(.muted), clip: rect)
        }
        if let offset = layout.yOffset, !layout.yTicks.contains(where: { $0.cell == layout.plot.y }) {
            buffer.write(offset, x: column - TextWidth.of(offset), y: layout.plot.y, Style(.muted), clip: rect)
        }
    }

    private func drawXAxis(into buffer: inout CellBuffer) {
        guard let row = layout.axisRow else { return }
        let start = layout.axisColumn ?? rect.x
        for x in start..<rect.maxX { buffer[x, row] = Cell(glyphs.horizontal, Style(.border)) }
        if let column = layout.axisColumn { buffer[column, row] = Cell(glyphs.corner, Style(.border)) }
        for tick in layout.xTicks { buffer[tick.cell, row] = Cell(glyphs.tickDown, Style(.border)) }
        if let labelRow = layout.labelRow {
            for tick in layout.xTicks {
                let x = LineChart.labelStart(tick, in: rect)
                buffer.write(tick.label, x: x, y: labelRow, Style(.muted), clip: rect)
            }
        }
        drawBadSteps(row, into: &buffer)
        drawCursorFoot(row, into: &buffer)
    }

    private func drawBadSteps(_ row: Int, into buffer: inout CellBuffer) {
        for curve in chart.series {
            guard let index = curve.series.firstNonFinite else { continue }
            guard let column = cellColumn(curve.series.x(at: index, on: chart.xAxis)) else { continue }
            put(Cell(glyphs.bad, Style(.bad, on: .background, .bold)), column, row, &buffer)
        }
    }

    private func drawCursorFoot(_ row: Int, into buffer: inout CellBuffer) {
        guard let cursor = chart.cursor, let column = cellColumn(cursor) else { return }
        if buffer[column, row].scalar != glyphs.bad { put(Cell(glyphs.cursorFoot, Style(.accent)), column, row, &buffer) }
        guard let labelRow = layout.labelRow else { return }
        let text = " " + chart.xText(cursor) + " "
        guard text.count <= rect.width else { return }
        let start = min(max(column - text.count / 2, rect.x), rect.maxX - text.count)
        eraseLabels(touching: start..<(start + text.count), row: labelRow, in: &buffer)
        buffer.write(text, x: start, y: labelRow, Style(.accent, on: .background, .bold), clip: rect)
    }

    /// A label that would be half covered goes altogether.
    private func eraseLabels(touching columns: Range<Int>, row: Int, in buffer: inout CellBuffer) {
        for tick in layout.xTicks {
            let start = LineChart.labelStart(tick, in: rect)
            guard (start..<(start + tick.label.count)).overlaps(columns) else { continue }
            for x in start..<(start + tick.label.count) { put(Cell(), x, row, &buffer) }
        }
    }

    // MARK: - Badges and marks

    /// Each curve's letter behind its last visible point; a cell up or down if another letter stands there.
    private mutating func drawBadges(into buffer: inout CellBuffer) {
        guard layout.badgeMargin > 0 else { return }
        for curve in order.reversed() {
            guard let badge = curve.badge, let scalar = badge.unicodeScalars.first, let end = endCell(of: curve) else { continue }
            let x = min(end.x + 1, rect.maxX - 1)
            let offsets = (0..<layout.plot.height).flatMap { $0 == 0 ? [0] : [-$0, $0] }
            for offset in offsets {
                let y = end.y + offset
                guard y >= layout.plot.y, y < layout.plot.maxY, !taken.contains(key(x, y)) else { continue }
                let style = curve.isDimmed ? Style(.muted) : Style(curve.color, on: .background, .bold)
                put(Cell(scalar, style), x, y, &buffer)
                taken.insert(key(x, y))
                break
            }
        }
    }

    /// Where a curve ends in the plot, or leaves it on the right.
    private func endCell(of curve: ChartSeries) -> (x: Int, y: Int)? {
        let series = curve.series
        let visible = series.indices(of: layout.xRange, on: chart.xAxis)
        var index = visible.upperBound - 1
        var tries = 0
        while index >= visible.lowerBound, tries < 4096 {
            let value = chart.smoothed(series, at: index)
            if let dot = layout.row(forY: value), let x = cellColumn(series.x(at: index, on: chart.xAxis)) {
                let row = min(max(dot, 0), layout.dotRows - 1)
                return (x, layout.plot.y + row / layout.cell.rows)
            }
            index -= 1
            tries += 1
        }
        return nil
    }

    private mutating func drawMarks(into buffer: inout CellBuffer) {
        for mark in spacedMarks() {
            guard let column = cellColumn(mark.x) else { continue }
            var row = layout.plot.y
            if case .point(let y) = mark.kind {
                if let y, let dot = layout.row(forY: y), layout.dotRows > 0 {
                    row = layout.plot.y + min(max(dot, 0), layout.dotRows - 1) / layout.cell.rows
                } else {
                    row = layout.axisRow ?? layout.plot.maxY - 1
                }
                if buffer[column, row].scalar != glyphs.bad {
                    put(Cell(mark.scalar, Style(mark.role, on: .background, .bold)), column, row, &buffer)
                }
                taken.insert(key(column, row))
                if row == layout.axisRow { continue }
            }
            writeLabel(mark, beside: column, row: row, into: &buffer)
        }
    }

    /// The marks without those on the axis that would stand close to a later one and say nothing of their own.
    private func spacedMarks() -> [ChartMark] {
        var kept: [ChartMark] = []
        var next = Int.max
        for mark in chart.marks.reversed() {
            if mark.kind == .point(y: nil), mark.label.isEmpty, let column = cellColumn(mark.x) {
                guard column <= next - Self.markSpacing else { continue }
                next = column
            }
            kept.append(mark)
        }
        return kept.reversed()
    }

    /// Writes a mark's label right or left of it where no curve and no other text is; else leaves it out.
    private mutating func writeLabel(_ mark: ChartMark, beside column: Int, row: Int, into buffer: inout CellBuffer) {
        let width = TextWidth.of(mark.label)
        guard width > 0 else { return }
        let offsets = mark.kind == .line ? [0, 1, 2, 3] : [0, -1, 1]
        for y in offsets.map({ row + $0 }) where y >= layout.plot.y && y < layout.plot.maxY {
            for start in [column + 1, column - width] {
                let cells = start..<(start + width)
                guard start >= layout.plot.x, cells.upperBound <= layout.plot.maxX else { continue }
                guard cells.allSatisfy({ isFree(x: $0, y: y) }) else { continue }
                buffer.write(mark.label, x: start, y: y, Style(mark.role), clip: rect)
                for x in cells { taken.insert(key(x, y)) }
                return
            }
        }
    }

    /// Whether a label may stand on a cell: no text is there and no curve, but for a raw one behind its smoothed self.
    private func isFree(x: Int, y: Int) -> Bool {
        guard !taken.contains(key(x, y)) else { return false }
        guard let content = canvas.content(x: x - layout.plot.x, y: y - layout.plot.y) else { return true }
        return isRaw(content.owner)
    }

    /// Whether dots belong to a raw curve behind its smoothed self, or to what is shaded behind all.
    private func isRaw(_ owner: UInt16) -> Bool {
        Int(owner) < rawOwners.lowerBound || chart.smoothing > 0 && rawOwners.contains(Int(owner))
    }

    // MARK: - Places

    /// The cell column of an x; nil outside the plot.
    private func cellColumn(_ x: Double) -> Int? {
        guard let column = layout.column(forX: x), column >= 0, column < layout.dotColumns else { return nil }
        return layout.plot.x + column / layout.cell.columns
    }

    private func put(_ cell: Cell, _ x: Int, _ y: Int, _ buffer: inout CellBuffer) {
        if rect.contains(x: x, y: y) { buffer[x, y] = cell }
    }

    private func key(_ x: Int, _ y: Int) -> Int { y * 100_000 + x }
}

extension Style {
    /// The style with more attributes.
    public func adding(_ more: Attributes) -> Style {
        Style(foreground, on: background, attributes.union(more))
    }
}

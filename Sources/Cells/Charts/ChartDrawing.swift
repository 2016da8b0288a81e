/// One drawing of a chart: the dots of its curves, and what stands around, behind and on them.
struct ChartDrawing {
    let chart: LineChart
    let layout: ChartLayout
    let rect: Rect
    let glyphs: ChartGlyphs
    /// The curves, the lowest first.
    let order: [ChartSeries]
    /// Of each of those, whether its raw values are so many that they are drawn as a band.
    let isBanded: [Bool]
    /// Raw values behind their smoothed selves, and what stands out of bands; the owner is a place in `order`.
    var dots: DotCanvas
    /// What stands for bands where there is no tint, at the very bottom.
    var strewn: DotCanvas
    /// Dimmed and secondary curves.
    var thin: DotCanvas
    /// The main curves.
    var lines: DotCanvas
    var shading: BandShading
    /// Cell columns, within the plot, where curves leave it.
    var leavesTop: [Int: ColorRole] = [:]
    var leavesBottom: [Int: ColorRole] = [:]
    /// Cells that text was written on.
    var taken: Set<Int> = []

    init(chart: LineChart, layout: ChartLayout, rect: Rect) {
        self.chart = chart
        self.layout = layout
        self.rect = rect
        glyphs = ChartGlyphs.of(chart.glyphs)
        order = Self.order(chart.series)
        isBanded = order.map { chart.isDense($0, in: layout.xRange, columns: layout.dotColumns) }
        dots = DotCanvas(width: layout.plot.width, height: layout.plot.height, cell: layout.cell)
        (strewn, thin, lines) = (dots, dots, dots)
        shading = BandShading(width: layout.plot.width, height: layout.plot.height)
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
        drawLetters(into: &buffer)
        drawMarks(into: &buffer)
    }

    /// Dimmed curves lie at the bottom, then secondary ones, the focused one on top, else the first.
    private static func order(_ series: [ChartSeries]) -> [ChartSeries] {
        let rank = { (curve: ChartSeries) in curve.isDimmed ? 0 : curve.isSecondary ? 1 : curve.isFocused ? 3 : 2 }
        return series.reversed().enumerated()
            .sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
            .map(\.element)
    }

    // MARK: - Places

    /// The cell column of an x; nil outside the plot.
    func cellColumn(_ x: Double) -> Int? {
        guard let column = layout.column(forX: x), column >= 0, column < layout.dotColumns else { return nil }
        return layout.plot.x + column / layout.cell.columns
    }

    /// Puts a character on what is shaded there, if anything is.
    func put(_ cell: Cell, _ x: Int, _ y: Int, _ buffer: inout CellBuffer) {
        guard rect.contains(x: x, y: y) else { return }
        var cell = cell
        if buffer[x, y].style.background.isBand { cell.style.background = buffer[x, y].style.background }
        buffer[x, y] = cell
    }

    func key(_ x: Int, _ y: Int) -> Int { y * 100_000 + x }
}

extension Style {
    /// The style with more attributes.
    public func adding(_ more: Attributes) -> Style {
        Style(foreground, on: background, attributes.union(more))
    }
}

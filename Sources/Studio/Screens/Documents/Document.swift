import Cells
import CheckedNumbers

/// What a screen has to say: a head that stays at its top, and sections of blocks that scroll under it.
package struct Document: Sendable {
    /// A piece of a section, over the whole width.
    package enum Block: Sendable {
        case text([TextLine])
        case table(DocumentTable)
        /// A picture, so many columns from the left, and as a file for terminals that show such.
        case picture(PictureCells, PictureFile?, indent: Int)
        /// A notebook's cell, by its place, which the cursor stops at.
        case cell(Int, [TextLine])
        /// Charts, each at its place in a block so many lines high.
        case charts([DocumentChart], height: Int)
    }

    /// A part that can be jumped to; without a name it is only kept apart by an empty line.
    package struct Section: Sendable {
        package var name: String
        package var blocks: [Block]
    }

    package var head: [TextLine] = []
    package var sections: [Section] = []
    /// How many columns of a table that is wider than the page can be scrolled away.
    package var hiddenColumns = 0

    init() {}

    /// A document of a single part without a name.
    init(_ lines: [TextLine]) { sections = [Section(name: "", blocks: [.text(lines)])] }

    init(_ blocks: [Block]) { sections = [Section(name: "", blocks: blocks)] }

    mutating func add(_ name: String, _ lines: [TextLine]) { add(name, [.text(lines)]) }

    mutating func add(_ name: String, _ blocks: [Block]) { sections.append(Section(name: name, blocks: blocks)) }
}

/// A chart in a document.
package struct DocumentChart: Sendable {
    /// A word under the x axis, in place of numbers.
    package struct AxisName: Sendable {
        package var x: Double
        package var text: String
        package var role: ColorRole
    }

    /// Stands on the first line of the place; nil when the chart has all of it.
    package var title: TextLine?
    /// Counted from the block's first line and column.
    package var rect: Rect
    package var chart: LineChart
    package var axisNames: [AxisName] = []
    /// What x is called at even places from the left end to the right, where it is no number to read.
    package var placeNames: [String] = []

    /// Whether a cursor can stand in it: where x is a number, and not one of some names.
    let isOfCurves: Bool

    init(title: TextLine? = nil, in rect: Rect, _ chart: LineChart, isOfCurves: Bool = false) {
        self.title = title
        self.rect = rect
        self.chart = chart
        self.isOfCurves = isOfCurves
    }

    /// Whether there is anything to go through with a cursor.
    var hasCursor: Bool { isOfCurves && chart.series.contains { !$0.series.isEmpty } }

    /// Where the chart itself stands under its title, in a place of its own.
    private var room: Rect {
        let own = Rect(Size(width: rect.width, height: rect.height))
        return title == nil ? own : own.splitTop(1).rest
    }

    /// Where everything of the chart stands, counted from the place's first line and column.
    var layout: ChartLayout { chart.layout(in: room) }

    /// Where the cursor comes to that moves so many cells from a place; it begins at the end.
    func cursor(_ x: Double?, movedBy cells: Int) -> Double {
        let layout = layout
        guard let x else { return layout.xRange.upperBound }
        return layout.x(from: x, movedBy: cells * layout.dotColumns / max(1, layout.plot.width))
    }

    private func name(ofX x: Double) -> String {
        guard let last = placeNames.indices.last, let range = chart.viewport.x else { return chart.xText(x) }
        let share = (x - range.lowerBound) / max(range.upperBound - range.lowerBound, .leastNormalMagnitude)
        return placeNames[min(max(0, Int(nearestWithin: share * Double(last))), last)]
    }

    /// With a cursor, and what each curve says there in its title.
    func with(cursor x: Double) -> DocumentChart {
        var own = self
        own.chart.cursor = x
        var said = TextLine("  at \(name(ofX: x))", .muted)
        // Of several, what has no name is no curve of anything, such as a diagonal.
        for readout in own.chart.readout() where chart.series.count == 1 || readout.badge != nil || !readout.label.isEmpty {
            let name = readout.badge.map { "\($0) " } ?? (chart.series.count > 1 ? readout.label + " " : "")
            said.add("  " + name, readout.color)
            said.add(NumberFormat.significant(readout.value), .text, .bold)
        }
        var line = title ?? TextLine()
        line.parts += said.parts
        // In a narrow place the numbers matter more than the name.
        let width = line.indent + line.parts.reduce(0) { $0 + TextWidth.of($1.text) }
        own.title = width <= rect.width ? line : said
        return own
    }

    /// Draws the part of the chart that is in the room of a page scrolled so that the block begins at `y`.
    func draw(into buffer: inout CellBuffer, at x: Int, _ y: Int, clip: Rect) {
        let place = Rect(x: x + rect.x, y: y + rect.y, width: rect.width, height: rect.height)
        let shown = place.intersection(clip)
        guard !shown.isEmpty else { return }
        var own = CellBuffer(size: place.size)
        let room = title == nil ? own.bounds : own.bounds.splitTop(1).rest
        chart.draw(into: &own, in: room)
        if !axisNames.isEmpty { drawAxisNames(into: &own, chart.layout(in: room)) }
        own.restyle(own.bounds) { style in
            if style.background == .background { style.background = .popup }
            if style.foreground == .background { style.foreground = .popup }
        }
        if let title { own.write(title, x: 0, y: 0, on: .popup, clip: own.bounds) }
        for y in shown.y..<shown.maxY { for x in shown.x..<shown.maxX { buffer[x, y] = own[x - place.x, y - place.y] } }
    }

    private func drawAxisNames(into buffer: inout CellBuffer, _ layout: ChartLayout) {
        guard let row = layout.labelRow else { return }
        buffer.fill(Rect(x: 0, y: row, width: buffer.size.width, height: 1), with: Cell())
        let room = max(4, layout.plot.width / max(1, axisNames.count - 1) - 1)
        for name in axisNames {
            guard let column = layout.column(forX: name.x) else { continue }
            let cell = layout.plot.x + column * layout.plot.width / max(1, layout.dotColumns)
            let text = TextWidth.of(name.text) > room ? name.text.prefix(room - 1) + "…" : name.text[...]
            let start = min(max(0, cell - TextWidth.of(text) / 2), buffer.size.width - TextWidth.of(text))
            buffer.write(text, x: start, y: row, Style(name.role))
        }
    }
}

/// One drawing of a chart: the dots of its curves, then what stands around and on them.
struct ChartDrawing {
    let chart: LineChart
    let layout: ChartLayout
    let rect: Rect

    mutating func draw(into buffer: inout CellBuffer) {
        drawAxes(into: &buffer)
    }

    private func drawAxes(into buffer: inout CellBuffer) {
        let border = Style(.border), label = Style(.muted)
        if let column = layout.axisColumn {
            for row in layout.plot.y..<layout.plot.maxY { buffer[column, row] = Cell("│", border) }
            for tick in layout.yTicks {
                buffer[column, tick.cell] = Cell("┤", border)
                buffer.write(tick.label, x: column - tick.label.count, y: tick.cell, label, clip: rect)
            }
        }
    }
}

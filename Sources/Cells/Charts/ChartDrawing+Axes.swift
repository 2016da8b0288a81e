extension ChartDrawing {
    func drawYAxis(into buffer: inout CellBuffer) {
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

    func drawXAxis(into buffer: inout CellBuffer) {
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
            for indices in [curve.series.nans, curve.series.infinities, curve.series.negativeInfinities] {
                for column in columns(of: indices, in: curve.series) {
                    put(Cell(glyphs.bad, Style(.bad, on: .background, .bold)), column, row, &buffer)
                }
            }
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
}

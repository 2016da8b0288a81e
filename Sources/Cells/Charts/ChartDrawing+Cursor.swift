extension ChartDrawing {
    func drawGuides(into buffer: inout CellBuffer) {
        guard chart.showsGuides else { return }
        for tick in layout.yTicks {
            let step = chart.glyphs == .ascii ? 4 : 1
            for x in stride(from: layout.plot.x + step - 1, to: layout.plot.maxX, by: step) {
                buffer[x, tick.cell] = Cell(glyphs.guide, Style(.faint))
            }
        }
    }

    func drawMarkLines(into buffer: inout CellBuffer) {
        for mark in chart.marks where mark.kind == .line {
            guard let column = cellColumn(mark.x) else { continue }
            let style = Style(mark.role, on: .background, .dim)
            for y in layout.plot.y..<layout.plot.maxY { buffer[column, y] = Cell(glyphs.markLine, style) }
        }
    }

    func drawCursorLine(into buffer: inout CellBuffer) {
        if let start = chart.boxStart, let column = cellColumn(start) {
            for y in layout.plot.y..<layout.plot.maxY { buffer[column, y] = Cell(glyphs.cursor, Style(.mark)) }
        }
        guard let cursor = chart.cursor, let column = cellColumn(cursor) else { return }
        for y in layout.plot.y..<layout.plot.maxY { buffer[column, y] = Cell(glyphs.cursor, Style(.accent)) }
    }

    /// Gives what is being marked the look of a selection.
    func highlightBox(in buffer: inout CellBuffer) {
        guard let start = chart.boxStart, let end = chart.cursor, let first = layout.column(forX: min(start, end)),
            let last = layout.column(forX: max(start, end)), last >= 0, first < layout.dotColumns
        else { return }
        let left = max(0, first) / layout.cell.columns, right = min(last, layout.dotColumns - 1) / layout.cell.columns
        let box = Rect(x: layout.plot.x + left, y: layout.plot.y, width: right - left + 1, height: layout.plot.height)
        buffer.restyle(box) { style in
            style.background = .selection
            // The upper part of a cell is what its lower block leaves.
            if style.foreground == .background { style.foreground = .selection }
        }
    }

    /// A dot on every curve at its point nearest to the cursor.
    func drawCursorPoints(into buffer: inout CellBuffer) {
        for (owner, curve) in order.enumerated() where curve.series.count == 1 {
            if let cell = cell(of: 0, owner: owner) { put(Cell(glyphs.point, Style(curve.color)), cell.x, cell.y, &buffer) }
        }
        guard let cursor = chart.cursor, cellColumn(cursor) != nil else { return }
        for (owner, curve) in order.enumerated() where !curve.isDimmed {
            guard let index = curve.series.nearestIndex(to: cursor, on: chart.xAxis) else { continue }
            guard let cell = cell(of: index, owner: owner) else { continue }
            put(Cell(glyphs.point, Style(curve.color, on: .background, .bold)), cell.x, cell.y, &buffer)
        }
    }

    /// The cell of a point of a curve, as its line has it; nil if it is outside the plot.
    private func cell(of index: Int, owner: Int) -> (x: Int, y: Int)? {
        let value = lineValue(at: index, owner: owner)
        guard let x = cellColumn(order[owner].series.x(at: index, on: chart.xAxis)), let dot = layout.row(forY: value) else {
            return nil
        }
        guard dot >= 0, dot < layout.dotRows else { return nil }
        return (x, layout.plot.y + dot / layout.cell.rows)
    }
}

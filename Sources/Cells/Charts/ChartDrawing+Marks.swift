extension ChartDrawing {
    /// Cells between marks on the axis.
    private static let markSpacing = 8

    /// A mark that is on the screen.
    private struct PlacedMark {
        var mark: ChartMark
        var x: Int
        var y: Int
    }

    /// All marks first, so that no label stands where one belongs; then the labels that find room.
    mutating func drawMarks(into buffer: inout CellBuffer) {
        // What is worse is there where two marks belong into one cell.
        let marks = spacedMarks().enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(
            \.element)
        let placed = marks.compactMap { draw($0, into: &buffer) }
        var lineColumns = Set(chart.marks.compactMap { $0.kind == .line ? cellColumn($0.x) : nil })
        if let cursor = chart.cursor.flatMap(cellColumn) { lineColumns.insert(cursor) }
        for item in placed where item.y != layout.axisRow { writeLabel(item, lineColumns, into: &buffer) }
    }

    private func rank(_ mark: ChartMark) -> Int {
        mark.role == .bad ? 0 : mark.role == .warning ? 1 : mark.role == .faint ? 3 : 2
    }

    /// Puts a mark into its cell, or right above or below it if a letter or a worse mark is there.
    private mutating func draw(_ mark: ChartMark, into buffer: inout CellBuffer) -> PlacedMark? {
        guard let column = cellColumn(mark.x) else { return nil }
        guard case .point(let y) = mark.kind else { return PlacedMark(mark: mark, x: column, y: layout.plot.y) }
        var rows = [layout.axisRow ?? layout.plot.maxY - 1]
        if let y, let dot = layout.row(forY: y), layout.dotRows > 0 {
            let row = layout.plot.y + min(max(dot, 0), layout.dotRows - 1) / layout.cell.rows
            rows = [row, row - 1, row + 1].filter { $0 >= layout.plot.y && $0 < layout.plot.maxY }
        }
        guard let row = rows.first(where: { !taken.contains(key(column, $0)) }) else { return nil }
        if buffer[column, row].scalar != glyphs.bad {
            put(Cell(mark.scalar, Style(mark.role, on: .background, .bold)), column, row, &buffer)
        }
        taken.insert(key(column, row))
        return PlacedMark(mark: mark, x: column, y: row)
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

    /// Writes a mark's label right or left of it where no curve, no line and no other text is; else leaves it out.
    private mutating func writeLabel(_ item: PlacedMark, _ lineColumns: Set<Int>, into buffer: inout CellBuffer) {
        let width = TextWidth.of(item.mark.label)
        guard width > 0 else { return }
        let offsets = item.mark.kind == .line ? [0, 1, 2, 3] : [0, -1, 1]
        for y in offsets.map({ item.y + $0 }) where y >= layout.plot.y && y < layout.plot.maxY {
            for start in [item.x + 1, item.x - width] {
                let cells = start..<(start + width)
                guard start >= layout.plot.x, cells.upperBound <= layout.plot.maxX else { continue }
                guard cells.allSatisfy({ isFree(x: $0, y: y) && !lineColumns.contains($0) }) else { continue }
                buffer.write(item.mark.label, x: start, y: y, Style(item.mark.role), clip: rect)
                for x in cells { taken.insert(key(x, y)) }
                return
            }
        }
    }

    /// Whether a label may stand on a cell: no text is there and no curve's line, though raw values may be.
    private func isFree(x: Int, y: Int) -> Bool {
        let (column, row) = (x - layout.plot.x, y - layout.plot.y)
        return !taken.contains(key(x, y)) && lines.isEmpty(x: column, y: row) && thin.isEmpty(x: column, y: row)
    }
}

extension ChartDrawing {
    /// Where a curve with a letter ends in the plot, or leaves it on the right.
    private struct End {
        var owner: Int
        var x: Int
        var y: Int
        /// Place of its value, smaller is higher, by which letters are ordered.
        var place: Double
    }

    /// Cells that letters whose curves end in neighbouring columns may be away from them to stand in one column.
    private static let reach = 1

    /// Each curve's letter behind its end. Where several end close together their letters stand one under the other in the order
    /// of their values, and a bracket joins them to the lines.
    mutating func drawLetters(into buffer: inout CellBuffer) {
        guard layout.badgeMargin > 0 else { return }
        var ends = order.indices.compactMap { end(of: $0) }.sorted { ($0.x, $0.owner) > ($1.x, $1.owner) }
        while let rightmost = ends.first {
            // Where there are more than rows the uppermost curves have theirs.
            let group = ends.prefix { $0.x >= rightmost.x - Self.reach }
            ends.removeFirst(group.count)
            let shown = group.sorted { $0.owner > $1.owner }.prefix(layout.plot.height).sorted {
                ($0.place, $1.owner) < ($1.place, $0.owner)
            }
            let blocks = LabelPacking.blocks(shown.map(\.y), in: layout.plot.y..<layout.plot.maxY)
            for block in blocks {
                draw(Array(shown[block.labels]), from: block.start, right: rightmost.x, into: &buffer)
            }
        }
    }

    /// Draws letters one under the other.
    private mutating func draw(_ ends: [End], from top: Int, right: Int, into buffer: inout CellBuffer) {
        let isJoined = ends.count > 1 && right + 2 < rect.maxX
        for (place, end) in ends.enumerated() {
            let x = isJoined ? right + 2 : min(end.x + 1, rect.maxX - 1)
            guard let y = freeRow(x, near: top + place), let scalar = order[end.owner].badge?.unicodeScalars.first else {
                continue
            }
            let curve = order[end.owner]
            let style = curve.isDimmed ? Style(.muted) : Style(curve.color, on: .background, .bold)
            put(Cell(scalar, style), x, y, &buffer)
            taken.insert(key(x, y))
        }
        if isJoined { drawBracket(ends, letters: top..<(top + ends.count), x: right + 1, into: &buffer) }
    }

    private mutating func drawBracket(_ ends: [End], letters: Range<Int>, x: Int, into buffer: inout CellBuffer) {
        let rows = ends.map(\.y)
        guard let first = rows.min(), let last = rows.max() else { return }
        let (top, bottom) = (min(first, letters.lowerBound), max(last, letters.upperBound - 1))
        for y in top...bottom where !taken.contains(key(x, y)) {
            let scalar = glyphs.bracket(
                up: y > top, down: y < bottom, left: rows.contains(y), right: letters.contains(y))
            put(Cell(scalar, Style(.muted)), x, y, &buffer)
            taken.insert(key(x, y))
        }
        // A line that ends a column before the others is led on.
        for end in ends where end.x + 1 < x && !taken.contains(key(end.x + 1, end.y)) {
            guard lines.isEmpty(x: end.x + 1 - layout.plot.x, y: end.y - layout.plot.y) else { continue }
            put(Cell(glyphs.horizontal, Style(order[end.owner].color)), end.x + 1, end.y, &buffer)
        }
    }

    /// The free row of a column that is nearest to one; nil if there is none.
    private func freeRow(_ x: Int, near wanted: Int) -> Int? {
        let rows = layout.plot.y..<layout.plot.maxY
        return rows.filter { !taken.contains(key(x, $0)) }.min { (abs($0 - wanted), $0) < (abs($1 - wanted), $1) }
    }

    private func end(of owner: Int) -> End? {
        let series = order[owner].series
        guard order[owner].badge != nil else { return nil }
        let visible = series.indices(of: layout.xRange, on: chart.xAxis)
        for index in visible.reversed().prefix(4096) {
            guard let place = layout.place(forY: lineValue(at: index, owner: owner)),
                let x = cellColumn(series.x(at: index, on: chart.xAxis))
            else { continue }
            let row = min(max(layout.row(atPlace: place), 0), layout.dotRows - 1)
            return End(owner: owner, x: x, y: layout.plot.y + row / layout.cell.rows, place: place)
        }
        return nil
    }
}

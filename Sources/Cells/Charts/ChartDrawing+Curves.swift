import CheckedNumbers

extension ChartDrawing {
    /// Bands at the bottom, over them all raw curves, over those all smoothed ones.
    mutating func rasterise() {
        guard !layout.plot.isEmpty else { return }
        let isSmoothed = chart.smoothing > 0
        for (owner, curve) in order.enumerated() { shade(curve, owner: owner) }
        for (owner, curve) in order.enumerated() {
            if isBanded[owner] {
                shadeRaw(curve, owner: owner)
            } else if isSmoothed {
                raster(
                    curve.series.raw, owner: owner, dash: curve.isSecondary ? .dotted : .solid, style: rawStyle(of: curve),
                    into: \.dots)
            }
        }
        for (owner, curve) in order.enumerated() {
            let style = lineStyle(of: curve), canvas = isThin(curve) ? \ChartDrawing.thin : \.lines
            guard isSmoothed else {
                raster(curve.series.raw, owner: owner, dash: curve.dash, style: style, into: canvas)
                continue
            }
            // What is left out moves the curve by less than a dot.
            let axis = chart.smoothsByDistance ? chart.xAxis : nil
            if let smoothed = curve.series.smoothed(weight: chart.smoothing, along: axis, error: 1e-4) {
                raster(smoothed, owner: owner, dash: curve.dash, style: style, into: canvas)
            }
        }
    }

    private func isThin(_ curve: ChartSeries) -> Bool { curve.isSecondary || curve.isDimmed }

    func style(of curve: ChartSeries) -> Style {
        if curve.isDimmed { return Style(.muted, on: .background, .dim) }
        return Style(curve.color, on: .background, curve.isSecondary ? .dim : [])
    }

    private func lineStyle(of curve: ChartSeries) -> Style {
        let style = style(of: curve)
        return curve.isFocused && !style.attributes.contains(.dim) ? style.adding(.bold) : style
    }

    private func rawStyle(of curve: ChartSeries) -> Style {
        curve.isSecondary ? Style(.faint) : Style(style(of: curve).foreground, on: .background, .dim)
    }

    private mutating func raster(
        _ values: some CurveValues, owner: Int, dash: Dash, style: Style, into canvas: WritableKeyPath<ChartDrawing, DotCanvas>
    ) {
        let curve = order[owner]
        if curve.isScatter { return scatter(values, of: curve, owner: owner, into: canvas) }
        var raster = CurveRaster(layout: layout, dash: dash, owner: owner, drawsMeans: isBanded[owner])
        raster.draw(values, of: curve.series, on: chart.xAxis, into: &self[keyPath: canvas])
        guard !curve.isSecondary else { return }
        for column in raster.leavesTop { leavesTop[column] = style.foreground }
        for column in raster.leavesBottom { leavesBottom[column] = style.foreground }
    }

    private mutating func scatter(
        _ values: some CurveValues, of curve: ChartSeries, owner: Int, into canvas: WritableKeyPath<ChartDrawing, DotCanvas>
    ) {
        for index in curve.series.indices(of: layout.xRange, on: chart.xAxis) {
            guard let column = layout.column(forX: curve.series.x(at: index, on: chart.xAxis)),
                let row = layout.row(forY: values.value(at: index))
            else { continue }
            self[keyPath: canvas].set(column: column, row: row, owner: owner)
        }
    }

    // MARK: - Bands

    /// Shades a curve's band, such as a mean's deviation.
    private mutating func shade(_ curve: ChartSeries, owner: Int) {
        guard let band = curve.band else { return }
        let lowerEdge = chart.edge(band.lower), upperEdge = chart.edge(band.upper)
        let reaches = (0..<layout.dotColumns).map { column -> RawBand.Reach? in
            let x = layout.xValue(atColumn: column)
            guard let lower = lowerEdge(x), let upper = upperEdge(x), let top = layout.place(forY: upper) else { return nil }
            // What reaches below a logarithmic axis fills it to the bottom.
            return RawBand.Reach(top: top, bottom: layout.place(forY: lower) ?? Double(layout.dotRows - 1))
        }
        shade(reaches, owner: owner)
    }

    /// Shades what a curve's raw values reach, and draws those that stand out.
    private mutating func shadeRaw(_ curve: ChartSeries, owner: Int) {
        guard !curve.isDimmed else { return }
        let band = RawBand(curve.series, on: chart.xAxis, layout)
        shade(band.reaches, owner: owner)
        for spike in band.spikes {
            dots.span(column: spike.column, from: spike.rows.lowerBound, to: spike.rows.upperBound, owner: owner)
        }
    }

    private mutating func shade(_ reaches: [RawBand.Reach?], owner: Int) {
        guard isTinted else { return strew(reaches, owner: owner) }
        let rows = Double(layout.cell.rows)
        let cells = (0..<layout.plot.width).map { x -> RawBand.Reach? in
            let columns = (x * layout.cell.columns)..<((x + 1) * layout.cell.columns)
            guard let reach = RawBand.reach(of: reaches[columns]) else { return nil }
            return RawBand.Reach(top: reach.top / rows, bottom: (reach.bottom + 1) / rows)
        }
        for (x, reach) in cells.enumerated() {
            // A band that is about as thin as its line all around says nothing, and would only make spots.
            let around = cells[max(0, x - Self.neighbours)...min(cells.count - 1, x + Self.neighbours)].compactMap { $0 }
            guard let reach else { continue }
            let isThin = around.reduce(0) { $0 + $1.bottom - $1.top } < Double(around.count) && reach.bottom - reach.top < 1
            if isThin { continue }
            shading.add(x: x, top: reach.top, bottom: reach.bottom)
        }
    }

    /// Cells on each side that say how thin a band is.
    private static let neighbours = 4

    private var isTinted: Bool { chart.bands == .tint && chart.glyphs != .ascii }

    /// Strews dots where there is no tint.
    private mutating func strew(_ reaches: [RawBand.Reach?], owner: Int) {
        let last = Double(layout.dotRows - 1)
        for (column, reach) in reaches.enumerated() {
            guard let reach, reach.bottom >= 0, reach.top <= last else { continue }
            let first = Int(nearestWithin: max(0, reach.top)), end = Int(nearestWithin: min(last, reach.bottom))
            for row in stride(from: first, through: end, by: 1) where isStrewn(column: column, row: row) {
                strewn.set(column: column, row: row, owner: owner)
            }
        }
    }

    /// A dot in every other cell: much thinner than any line.
    private func isStrewn(column: Int, row: Int) -> Bool {
        let cell = layout.cell
        return column % cell.columns == 0 && row % cell.rows == 1 && (column / cell.columns + row / cell.rows) % 2 == 0
    }

    // MARK: - On the screen

    func blit(into buffer: inout CellBuffer) {
        for y in 0..<layout.plot.height {
            for x in 0..<layout.plot.width { blit(x, y, into: &buffer) }
        }
    }

    private func blit(_ x: Int, _ y: Int, into buffer: inout CellBuffer) {
        let shade = shading[x, y], place = (x: layout.plot.x + x, y: layout.plot.y + y)
        // Where a character stands, more than half of a cell decides for the whole of it.
        let ground = ColorRole.behind(bands: shade.count + (shade.eighths > 4 ? 1 : 0))
        if let cell = lineCell(x, y) {
            buffer[place.x, place.y] = Cell(cell.scalar, cell.style)
            buffer[place.x, place.y].style.background = ground
            return
        }
        let isBehind = buffer[place.x, place.y].scalar != " "
        // The lines of cursor and marks go over raw values, which lie behind everything; those over guides.
        let isGuide = buffer[place.x, place.y].scalar == glyphs.guide
        if let content = dots.content(x: x, y: y), !isBehind || isGuide {
            var style = rawStyle(of: order[content.owner])
            style.background = ground
            buffer[place.x, place.y] = Cell(content.scalar, style)
        } else if let content = strewn.content(x: x, y: y), !isBehind {
            buffer[place.x, place.y] = Cell(content.scalar, rawStyle(of: order[content.owner]))
        } else if isBehind {
            guard ground != .background else { return }
            buffer[place.x, place.y].style.background = ground
            // What is barely visible on the background is not so on a band.
            if isGuide { buffer[place.x, place.y].style.foreground = .border }
        } else if shade.eighths > 0 {
            buffer[place.x, place.y] = edgeCell(shade)
        } else if ground != .background {
            buffer[place.x, place.y].style.background = ground
        }
    }

    /// A cell that a band covers in part. The lower block is there in every font, so the upper one is what it leaves.
    private func edgeCell(_ shade: BandShading.Shade) -> Cell {
        let outside = ColorRole.behind(bands: shade.count), inside = ColorRole.behind(bands: shade.count + 1)
        guard inside != outside else { return Cell(" ", Style(.text, on: inside)) }
        let eighths = shade.isLower ? shade.eighths : 8 - shade.eighths
        let scalar = Unicode.Scalar(UInt32(0x2580 + eighths)) ?? " "
        return Cell(scalar, shade.isLower ? Style(inside, on: outside) : Style(outside, on: inside))
    }

    /// Of curves that run along together each shows in turn, the uppermost the most; without colours by their letters.
    private func lineCell(_ x: Int, _ y: Int) -> Cell? {
        guard var (scalar, owner) = lines.content(x: x, y: y) else {
            return thin.content(x: x, y: y).map { Cell($0.scalar, lineStyle(of: order[$0.owner])) }
        }
        let shared = lines.companions(x: x, y: y)
        var others = Array(shared.dropFirst())
        // A dotted curve leaves cells out.
        let under = [x, x - 1, x + 1].lazy.filter { $0 >= 0 && $0 < layout.plot.width }.compactMap { thin.content(x: $0, y: y) }
            .first
        if let under, thin.runsAlong(with: lines, x: x, y: y) { others.append(under.owner) }
        // The dots of the line stay, so that it has no gaps; only the looks change.
        if !others.isEmpty, x % 3 == 2 { owner = others[x / 3 % others.count] }
        if chart.isColorless, !shared.isEmpty, x % 12 == 6,
            let letter = order[shared[x / 12 % shared.count]].badge?.unicodeScalars.first
        {
            scalar = letter
        }
        return Cell(scalar, lineStyle(of: order[owner]))
    }

    /// Arrows where a curve goes on above or below the plot, and where a value was infinite.
    mutating func drawLeaving(into buffer: inout CellBuffer) {
        guard !layout.plot.isEmpty else { return }
        let bottom = layout.plot.maxY - 1
        for (column, role) in leavesTop {
            taken.insert(key(layout.plot.x + column, layout.plot.y))
            put(Cell(glyphs.up, Style(role, on: .background, .bold)), layout.plot.x + column, layout.plot.y, &buffer)
        }
        for (column, role) in leavesBottom where layout.plot.height > 1 {
            put(Cell(glyphs.down, Style(role, on: .background, .bold)), layout.plot.x + column, bottom, &buffer)
        }
        let style = Style(.bad, on: .background, .bold)
        for curve in chart.series {
            for column in columns(of: curve.series.infinities, in: curve.series) {
                taken.insert(key(column, layout.plot.y))
                put(Cell(glyphs.up, style), column, layout.plot.y, &buffer)
            }
            for column in columns(of: curve.series.negativeInfinities, in: curve.series) where layout.plot.height > 1 {
                put(Cell(glyphs.down, style), column, bottom, &buffer)
            }
        }
    }

    /// The cell columns in which some of a series' points are, each once.
    /// - Parameter indices: of the points, ascending.
    /// - Complexity: one search a column on an axis that ascends; else the first few hundred points.
    func columns(of indices: [Int], in series: Series) -> [Int] {
        guard !indices.isEmpty else { return [] }
        guard series.ascends(on: chart.xAxis) else {
            return Set(indices.prefix(256).compactMap { cellColumn(series.x(at: $0, on: chart.xAxis)) }).sorted()
        }
        let window = series.indices(of: layout.xRange, on: chart.xAxis)
        var found: [Int] = []
        var place = indices.partitioningIndex { $0 >= window.lowerBound }
        while place < indices.count, indices[place] < window.upperBound {
            if let column = cellColumn(series.x(at: indices[place], on: chart.xAxis)) {
                found.append(column)
                let last = (column - layout.plot.x + 1) * layout.cell.columns - 1
                let next = samples(in: last, of: series).upperBound
                place = max(place + 1, indices.partitioningIndex { $0 >= next })
            } else {
                place += 1
            }
        }
        return Array(Set(found)).sorted()
    }
}

extension ChartDrawing {
    /// The points that fall into a dot column.
    private func samples(in column: Int, of series: Series) -> Range<Int> {
        let left = layout.xValue(atColumn: column - 1) / 2 + layout.xValue(atColumn: column) / 2
        let right = layout.xValue(atColumn: column) / 2 + layout.xValue(atColumn: column + 1) / 2
        return series.indices(of: left...max(left, right), on: chart.xAxis)
    }

    /// What a curve's line says at one of its points: smoothed, and of many points in a dot column their mean.
    func lineValue(at index: Int, owner: Int) -> Double {
        let series = order[owner].series
        guard isBanded[owner], let column = layout.column(forX: series.x(at: index, on: chart.xAxis)) else {
            return chart.smoothed(series, at: index)
        }
        let samples = samples(in: column, of: series)
        guard samples.contains(index), samples.count > 1 else { return chart.smoothed(series, at: index) }
        let axis = chart.smoothsByDistance ? chart.xAxis : nil
        return series.smoothed(weight: chart.smoothing, along: axis, error: 1e-4)?.mean(samples) ?? series.raw.mean(samples)
    }
}

extension Array {
    /// The first index whose element fulfils a condition that holds from some place on; the count if none does.
    func partitioningIndex(where isBeyond: (Element) -> Bool) -> Int {
        var low = 0, high = count
        while low < high {
            let middle = (low + high) / 2
            if isBeyond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension ColorRole {
    /// The background under so many bands.
    static func behind(bands count: Int) -> ColorRole { count <= 0 ? .background : count == 1 ? .band : .bandShared }
}

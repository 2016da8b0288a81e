extension LineChart {
    /// Where a curve turns, as it is drawn: the x of each maximum and minimum in view that stands out from the turns beside it
    /// by a share of the plot's height, and of the highest and the lowest of all.
    /// - Range: `share` in (0, 1].
    public func extrema(of curve: ChartSeries, in layout: ChartLayout, share: Double = 0.05) -> [Double] {
        let places = drawnPlaces(of: curve, in: layout)
        guard let first = places.first else { return [] }
        let least = (layout.span.upperBound - layout.span.lowerBound) * share
        var turns: [Double] = []
        var high = first, low = first
        var isRising: Bool?
        for place in places {
            if isRising != false {
                if place.y > high.y { high = place }
                if high.y - place.y >= least {
                    if isRising == true { turns.append(high.x) }
                    (isRising, low) = (false, place)
                    continue
                }
            }
            if isRising != true {
                if place.y < low.y { low = place }
                if place.y - low.y >= least {
                    if isRising == false { turns.append(low.x) }
                    (isRising, high) = (true, place)
                }
            }
        }
        let ends = [places.max { $0.y < $1.y }, places.min { $0.y < $1.y }].compactMap { $0?.x }
        return Set(turns + ends).sorted()
    }

    /// Every recorded point in view, or of a smoothed curve about two a dot column.
    private func drawnPlaces(of curve: ChartSeries, in layout: ChartLayout) -> [(x: Double, y: Double)] {
        let indices = curve.series.indices(of: layout.xRange, on: xAxis)
        let step = smoothing > 0 ? max(1, indices.count / max(1, layout.dotColumns * 2)) : 1
        return stride(from: indices.lowerBound, to: indices.upperBound, by: step).compactMap { index in
            let x = curve.series.x(at: index, on: xAxis)
            return layout.projection.project(smoothed(curve.series, at: index)).map { (x, $0) }
        }
    }
}

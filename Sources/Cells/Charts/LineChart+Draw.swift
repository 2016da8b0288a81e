extension LineChart {
    /// Draws the chart into a rectangle of the buffer and nothing outside it.
    public func draw(into buffer: inout CellBuffer, in rect: Rect) {
        let rect = rect.intersection(buffer.bounds)
        guard !rect.isEmpty else { return }
        var chart = self
        if smoothing > 0 {
            // Once here rather than at every use; nothing to do where the series are smoothed already.
            for index in chart.series.indices where series[index].series.smoothingWeight != min(smoothing, 0.999) {
                chart.series[index].series.setSmoothing(smoothing)
            }
        }
        var drawing = ChartDrawing(chart: chart, layout: chart.layout(in: rect), rect: rect)
        drawing.draw(into: &buffer)
    }
}

extension LineChart {
    /// Draws the chart into a rectangle of the buffer and nothing outside it.
    public func draw(into buffer: inout CellBuffer, in rect: Rect) {
        let rect = rect.intersection(buffer.bounds)
        guard !rect.isEmpty else { return }
        var drawing = ChartDrawing(chart: self, layout: layout(in: rect), rect: rect)
        drawing.draw(into: &buffer)
    }
}

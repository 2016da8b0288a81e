import Cells

/// One chart of the Curves pane: its metric, and where it stands with and without its title.
package struct CurveTile: Hashable, Sendable {
    package var metric: String
    package var rect: Rect
    package var chart: Rect
}

extension AppState {
    /// Whether the zoomed Curves pane shows a chart for each metric.
    package var showsTiles: Bool { curves.showsTiles && isZoomed && focus == .curves }

    /// Rows under the charts: one for each run, and a header where they say the values of several metrics.
    package func curveRows(_ scene: CurvesScene) -> Int {
        scene.runs.count + (showsTiles && scene.tiled.count > 1 && !scene.runs.isEmpty ? 1 : 0)
    }

    /// The charts of the Curves pane: the chosen metric's alone, or as many as fit, the chosen one among them. A pane that is
    /// not on the screen is taken for zoomed.
    package func curveTiles(_ scene: CurvesScene) -> [CurveTile] {
        guard let metric = scene.metric else { return [] }
        var interior = layout.interior(.curves)
        if interior.isEmpty { interior = StudioLayout.interior(layout.body) }
        let area = StudioLayout.curves(interior, runs: curveRows(scene)).chart
        guard showsTiles, scene.tiled.count > 1 else { return [CurveTile(metric: metric, rect: area, chart: area)] }
        return StudioLayout.tiles(area, metrics: scene.tiled, chosen: metric)
    }
}

extension StudioLayout {
    /// Charts in rows and columns, none smaller than can be read; those that do not fit come on a page of their own.
    static func tiles(_ area: Rect, metrics: [String], chosen: String) -> [CurveTile] {
        let columns = max(1, min(metrics.count, area.width / 48))
        let rows = max(1, min((metrics.count + columns - 1) / columns, area.height / 11))
        let page = (metrics.firstIndex(of: chosen) ?? 0) / (columns * rows)
        let shown = metrics.dropFirst(page * columns * rows).prefix(columns * rows)
        return shown.enumerated().map { index, metric in
            let left = area.width * (index % columns) / columns, right = area.width * (index % columns + 1) / columns
            let top = area.height * (index / columns) / rows, bottom = area.height * (index / columns + 1) / rows
            let rect = Rect(x: area.x + left, y: area.y + top, width: right - left, height: bottom - top)
            return CurveTile(metric: metric, rect: rect, chart: rect.splitTop(1).rest)
        }
    }
}

import Cells

/// Where everything of the studio stands at a screen size: pure arithmetic, shared by the reducer (page sizes, hit tests) and
/// by drawing.
package struct StudioLayout: Hashable, Sendable {
    /// Below this, the screen only says what it needs.
    package static let minimum = Size(width: 24, height: 6)

    package var header: Rect
    package var hints: Rect
    package var body: Rect
    /// The panes on the screen; one row high means collapsed to its title.
    package var panes: [Pane: Rect] = [:]
    /// Borders between them that can be moved.
    package private(set) var borders: [PlacedBorder] = []
    package var isTooSmall: Bool

    /// - Parameter sizes: how large the user wants the panes.
    package init(size: Size, focus: Pane, isZoomed: Bool, sizes: PaneSizes = PaneSizes()) {
        let screen = Rect(size)
        isTooSmall = size.width < Self.minimum.width || size.height < Self.minimum.height
        let (top, rest) = screen.splitTop(1)
        let (middle, bottom) = rest.splitBottom(1)
        header = top
        hints = bottom
        body = middle
        guard !isTooSmall else { return }
        if isZoomed {
            panes = [focus: body]
        } else if body.width >= 72, body.height >= 14 {
            arrangeColumns(sizes)
        } else if body.width >= 50, body.height >= 26 {
            arrangePortrait(sizes)
        } else {
            panes = Self.stack(body, focus: focus)
        }
    }

    /// Data and runs on the left, curves and alerts on the right.
    private mutating func arrangeColumns(_ sizes: PaneSizes) {
        // Where there is much room the runs say more, and the curves have enough.
        let usual = body.width < 160 ? min(64, max(30, body.width * 40 / 100)) : min(140, body.width * 46 / 100)
        let (left, right) = split(body, .columns, sizes, usual: usual)
        let (datasets, experiments) = split(left, .datasets, sizes, usual: min(14, max(5, body.height * 28 / 100)))
        let usualAlerts = min(16, max(6, body.height * 30 / 100))
        let (curves, alerts) = split(right, .alerts, sizes, usual: right.height - usualAlerts)
        panes = [.datasets: datasets, .experiments: experiments, .curves: curves, .alerts: alerts]
    }

    /// Curves above the runs, data and alerts side by side at the bottom.
    private mutating func arrangePortrait(_ sizes: PaneSizes) {
        let (curves, rest) = split(body, .tallCurves, sizes, usual: body.height * 40 / 100)
        let (experiments, bottom) = split(rest, .tallRuns, sizes, usual: rest.height * 55 / 100)
        let (datasets, alerts) = split(bottom, .tallDatasets, sizes, usual: bottom.width * 42 / 100)
        panes = [.datasets: datasets, .experiments: experiments, .curves: curves, .alerts: alerts]
    }

    /// What stands before a border, and behind it.
    private mutating func split(_ room: Rect, _ border: PaneBorder, _ sizes: PaneSizes, usual: Int) -> (Rect, Rect) {
        let length = border.isVertical ? room.width : room.height
        let cells = sizes.cells(before: border, of: length, usual: usual)
        borders.append(PlacedBorder(border: border, room: room, cells: cells))
        return border.isVertical ? room.splitLeft(cells) : room.splitTop(cells)
    }

    /// One under the other: the focused pane gets the room, the others keep their title; the curves stay open if they can.
    private static func stack(_ body: Rect, focus: Pane) -> [Pane: Rect] {
        var heights: [Pane: Int] = [:]
        for pane in Pane.allCases { heights[pane] = 1 }
        var left = body.height - Pane.allCases.count
        guard left >= 2 else { return [focus: body] }
        if focus != .curves, left >= 16 {
            heights[.curves] = 1 + left / 2
            left -= left / 2
        }
        heights[focus] = 1 + left
        var rest = body
        var panes: [Pane: Rect] = [:]
        for pane in Pane.allCases {
            let parts = rest.splitTop(heights[pane] ?? 1)
            panes[pane] = parts.top
            rest = parts.rest
        }
        return panes
    }

    /// The room inside a pane's frame.
    package func interior(_ pane: Pane) -> Rect { panes[pane].map(Self.interior) ?? Rect(x: 0, y: 0, width: 0, height: 0) }

    /// The room inside a frame; nothing when there is only room for the title.
    package static func interior(_ rect: Rect) -> Rect {
        rect.height < 2 ? Rect(x: rect.x, y: rect.y, width: rect.width, height: 0) : rect.inset(by: 1)
    }

    /// The pane at a cell.
    package func pane(atX x: Int, y: Int) -> Pane? { panes.first { $0.value.contains(x: x, y: y) }?.key }
}

extension StudioLayout {
    /// Rows of the runs table under its header.
    package static func runRows(_ interior: Rect) -> Rect { interior.splitTop(interior.height > 1 ? 1 : 0).rest }

    /// The list of data files, and under it the selected one's warning.
    package static func datasetRows(_ interior: Rect) -> (list: Rect, note: Rect) {
        let parts = interior.splitBottom(interior.height >= 8 ? 4 : interior.height >= 6 ? 3 : interior.height >= 4 ? 1 : 0)
        return (parts.rest, parts.bottom)
    }

    /// The chart, and under it a row for each curve.
    package static func curves(_ interior: Rect, runs: Int) -> (chart: Rect, legend: Rect) {
        let rows = interior.height < 7 || runs == 0 ? 0 : min(runs, max(1, interior.height * 3 / 10))
        let parts = interior.splitBottom(rows)
        return (parts.rest, parts.bottom)
    }
}

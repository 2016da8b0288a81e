extension KeyContext {
    static let curves = KeyContext("Curves", isHome: true)
}

extension StudioAction {
    static let cursorLeft = StudioAction("curve.left")
    static let cursorRight = StudioAction("curve.right")
    static let cursorFarLeft = StudioAction("curve.far-left")
    static let cursorFarRight = StudioAction("curve.far-right")
    static let cursorStart = StudioAction("curve.start")
    static let nextRun = StudioAction("curve.next-run")
    static let previousRun = StudioAction("curve.previous-run")
    static let nextMark = StudioAction("curve.next-mark")
    static let previousMark = StudioAction("curve.previous-mark")
    static let nextMetric = StudioAction("curve.next-metric")
    static let previousMetric = StudioAction("curve.previous-metric")
    static let smoothMore = StudioAction("curve.smooth-more")
    static let smoothLess = StudioAction("curve.smooth-less")
    static let yScale = StudioAction("curve.y-scale")
    static let xAxis = StudioAction("curve.x-axis")
    static let zoomIn = StudioAction("curve.zoom-in")
    static let zoomOut = StudioAction("curve.zoom-out")
    static let zoomInY = StudioAction("curve.zoom-in-y")
    static let zoomOutY = StudioAction("curve.zoom-out-y")
    static let panLeft = StudioAction("curve.pan-left")
    static let panRight = StudioAction("curve.pan-right")
    static let resetView = StudioAction("curve.reset")
    static let tiles = StudioAction("curve.tiles")
    static let boxZoom = StudioAction("curve.box-zoom")
    static let nextExtremum = StudioAction("curve.next-extremum")
    static let previousExtremum = StudioAction("curve.previous-extremum")
    static let yFit = StudioAction("curve.y-fit")
    static let smoothKind = StudioAction("curve.smooth-by-distance")
    static let gap = StudioAction("curve.gap")
    static let seedBands = StudioAction("curve.seed-bands")
    static let export = StudioAction("curve.export")
    static let exportSVG = StudioAction("curve.export-svg")
    static let exportCSV = StudioAction("curve.export-csv")
    static let copyChart = StudioAction("curve.copy-chart")
    static let follow = StudioAction("curve.follow")
}

extension KeyTable {
    /// The Curves pane.
    static let curves = KeyGroup([
        KeyBinding(.cursorLeft, "h left", [.curves], hint: "cursor", priority: 20, "Move the cursor one dot column to the left."),
        KeyBinding(.cursorRight, "l right", [.curves], "Move the cursor one dot column to the right."),
        KeyBinding(.cursorFarLeft, "H", [.curves], "Move the cursor ten dot columns to the left."),
        KeyBinding(.cursorFarRight, "L", [.curves], "Move the cursor ten dot columns to the right."),
        KeyBinding(.cursorStart, "g home", [.curves], "Move the cursor to the first step shown."),
        KeyBinding(.nextRun, "j down", [.curves], "Bring the next run to the front."),
        KeyBinding(.previousRun, "k up", [.curves], "Bring the previous run to the front."),
        KeyBinding(.nextMark, ".", [.curves], hint: "next alert", priority: 72, "Move the cursor to the next alert."),
        KeyBinding(.previousMark, ",", [.curves], "Move the cursor to the previous alert."),
        KeyBinding(.nextMetric, "m", [.curves, .compare], hint: "metric", priority: 12, "Show the next metric."),
        KeyBinding(.previousMetric, "M", [.curves, .compare], "Show the previous metric."),
        KeyBinding(.smoothMore, "s", [.curves], hint: "smooth", priority: 14, "Smooth the curves more."),
        KeyBinding(.smoothLess, "S", [.curves], "Smooth the curves less."),
        KeyBinding(
            .yScale, "y", [.curves], hint: "y scale", priority: 16,
            "Scale the y axis: linear, logarithmic, symmetric logarithmic."),
        KeyBinding(
            .xAxis, "x", [.curves], hint: "x axis", priority: 18,
            "Count the x axis in steps, epochs, examples, time since the start, or time of day."),
        KeyBinding(.zoomIn, "+ =", [.curves], hint: "zoom in", priority: 22, "Zoom in around the cursor."),
        KeyBinding(.zoomOut, "-", [.curves], hint: "out", priority: 23, "Zoom out around the cursor."),
        KeyBinding(
            .zoomInY, "K shift-up", [.curves], hint: "zoom y", priority: 27, "Zoom the y axis in around the curve at the cursor."),
        KeyBinding(.zoomOutY, "J shift-down", [.curves], "Zoom the y axis out."),
        KeyBinding(.panLeft, "[ shift-left pgup", [.curves], hint: "pan", priority: 26, "Move the view to the left."),
        KeyBinding(.panRight, "] shift-right pgdn", [.curves], "Move the view to the right."),
        KeyBinding(.resetView, "0", [.curves], hint: "all", priority: 24, "Show the whole curve again."),
        KeyBinding(
            .tiles, "t", [.curves], hint: "all metrics", priority: 19,
            "Show every metric in a chart of its own, on the whole screen."),
        KeyBinding(
            .boxZoom, "v enter", [.curves], hint: "box zoom", priority: 28,
            "Mark where a part begins; move the cursor and press again to zoom into it."),
        KeyBinding(.nextExtremum, "}", [.curves], hint: "next peak", priority: 73, "Move the cursor to the curve's next turn."),
        KeyBinding(.previousExtremum, "{", [.curves], "Move the cursor to the curve's previous turn."),
        KeyBinding(
            .yFit, "Y", [.curves], hint: "y range", priority: 29,
            "Fit the y axis to what is in view, to that without outliers, to all of the curves, or hold it still."),
        KeyBinding(
            .smoothKind, "w", [.curves], priority: 30,
            "Smooth by distance on the x axis, so that dense points do not count for more, or by points."),
        KeyBinding(
            .gap, "d", [.curves], hint: "train gap", priority: 31, "Show validation less training in place of the two; and back."),
        KeyBinding(
            .seedBands, "b", [.curves], hint: "seed bands", priority: 32,
            "Draw runs that differ only in their seed as their mean with a band of a standard deviation, or one by one."),
        KeyBinding(
            .export, "e", [.curves], hint: "export…", priority: 34, "Write the chart to a file, or copy it.", unless: needsCurves),
        KeyBinding(
            .exportSVG, "", [.curves], priority: 34, "Write the chart as an SVG image into the current folder.",
            unless: needsCurves),
        KeyBinding(
            .exportCSV, "", [.curves], priority: 34, "Write every point in view as CSV into the current folder.",
            unless: needsCurves),
        KeyBinding(
            .copyChart, "C", [.curves], hint: "copy", priority: 35, "Copy the chart as text to the terminal's clipboard.",
            unless: needsCurves),
        KeyBinding(.follow, "f end G", [.curves], hint: "follow", priority: 25, "Follow the newest step again."),
    ]) { $0.performCurve($1) }

    @Sendable static func needsCurves(_ state: AppState) -> String? {
        state.shownRuns.isEmpty ? "there is no curve yet" : nil
    }
}

import Cells
import Events
import RunSearching

/// What the user chose and the studio remembers between sessions.
public struct Settings: Sendable, Hashable {
    /// Name of the theme.
    public var theme: String
    /// What charts and frames are drawn with.
    public var glyphs: GlyphSet
    /// Weight of the moving average over a curve, in [0, 1); 0 = none.
    public var smoothing: Double
    /// What the x axis of the curves counts.
    public var xAxis: XAxis
    /// How the y axis of the curves is scaled.
    public var yScale: YScale
    /// Whether clicks and the wheel are listened to.
    public var mouse: Bool
    /// Whether moving indicators stand still.
    public var reducedMotion: Bool
    /// Which values the y axis of the curves makes room for.
    package var yFit = YFit.window
    /// Whether smoothing weighs points by their distance on the x axis.
    package var smoothsByDistance = false
    /// Whether runs that differ only in their seed are drawn as their mean with a band.
    package var groupsSeeds = true
    /// Metrics in the order in which they are shown, before all others.
    package var metricOrder: [String] = []
    /// Metrics that have no chart among all metrics.
    package var hiddenMetrics: Set<String> = []
    /// How the runs table is sorted.
    package var runSort = RunSort()
    /// The columns of the runs table; nil = automatic.
    package var runColumns: [RunColumn]?
    package var runGroup: RunField?
    /// Looks of the runs table by name.
    package var runViews: [String: RunView] = [:]
    /// How large the panes of the home screen are.
    package var paneSizes = PaneSizes()
    /// Keys by action id, replacing that action's own keys.
    public var keyOverrides: [String: [String]]

    public init(
        theme: String = "descent-dark", glyphs: GlyphSet = .braille, smoothing: Double = 0.6, xAxis: XAxis = .step,
        yScale: YScale = .linear, mouse: Bool = true, reducedMotion: Bool = false, keyOverrides: [String: [String]] = [:]
    ) {
        self.theme = theme
        self.glyphs = glyphs
        self.smoothing = smoothing
        self.xAxis = xAxis
        self.yScale = yScale
        self.mouse = mouse
        self.reducedMotion = reducedMotion
        self.keyOverrides = keyOverrides
    }

    /// Metrics in the user's order.
    package func orderedMetrics(_ metrics: [String]) -> [String] {
        let first = metricOrder.filter(metrics.contains)
        return first + metrics.filter { !first.contains($0) }
    }

    /// The same without those that are hidden, unless that would be all.
    package func shownMetrics(_ metrics: [String]) -> [String] {
        let ordered = orderedMetrics(metrics)
        let shown = ordered.filter { !hiddenMetrics.contains($0) }
        return shown.isEmpty ? ordered : shown
    }

    /// Weights that `s` and `S` step through.
    package static let smoothingSteps: [Double] = [0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99]
}

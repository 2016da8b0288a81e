import Cells
import Events

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
    /// How the runs table is sorted.
    package var runSort = RunSort()
    /// The columns of the runs table; nil = automatic.
    package var runColumns: [RunColumn]?
    package var runGroup: RunField?
    /// Looks of the runs table by name.
    package var runViews: [String: RunView] = [:]
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

    /// Weights that `s` and `S` step through.
    package static let smoothingSteps: [Double] = [0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99]
}

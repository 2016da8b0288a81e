import Cells

/// The Curves pane: which metric, which part of it, and where the cursor stands. Axes, scale and smoothing are settings.
package struct CurvesState: Hashable, Sendable {
    /// The metric's word without its split, such as `log_loss`; nil follows the runs' objective.
    package var metric: String?
    package var viewport = ChartViewport()
    /// Whether the zoomed pane shows every metric in a chart of its own.
    package var showsTiles = false
    /// Whether validation less training is shown in their place.
    package var showsGap = false
    /// Where marking a part to zoom into began.
    package var boxStart: Double?
    /// Place of the cursor on the x axis.
    package var cursor: Double?

    init() {}

    /// Whether the chart follows the newest step.
    package var follows: Bool { viewport.x == nil }
}

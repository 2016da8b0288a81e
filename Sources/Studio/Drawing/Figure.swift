import Cells

/// A chart that is written to a file as it is, without the runs and curves that belong to the Curves pane.
public enum Figure: Hashable, Sendable {
    case bars(BarChart)
    case histogram(Histogram)

    /// As a self-contained SVG image in a theme's colours.
    public func svg(title: String, theme: Theme) -> String {
        switch self {
        case .bars(let chart): chart.svg(title: title, theme: theme)
        case .histogram(let chart): chart.svg(title: title, theme: theme)
        }
    }
}

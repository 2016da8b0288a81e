/// What a chart's x axis counts.
public enum XAxis: String, CaseIterable, Hashable, Sendable {
    case step, epoch, examples, relativeTime, wallTime

    var isTime: Bool { self == .relativeTime || self == .wallTime }
}

/// Which values the y axis makes room for when it is not zoomed.
public enum YFit: String, CaseIterable, Hashable, Sendable {
    /// Every value in view, but for the noise of secondary curves.
    case window
    /// The values in view without the outermost hundredth on each side.
    case robust
    /// Every value there is, in view or not, so that the axis stands still while x is zoomed.
    case whole
}

/// How a chart's y axis is scaled.
public enum YScale: String, CaseIterable, Hashable, Sendable {
    case linear, log
    /// Logarithmic away from zero on both sides, linear around it.
    case symlog
}

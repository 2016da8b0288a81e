/// One curve of a chart.
public struct ChartSeries: Sendable {
    public var label: String
    /// A letter drawn at the right end of the curve.
    public var badge: Character?
    public var color: ColorRole
    public var dash: Dash
    /// Drawn over the others.
    public var isFocused: Bool
    /// Drawn under the others, in grey.
    public var isDimmed: Bool
    /// Drawn under the main curves and lighter, such as training beside validation.
    public var isSecondary: Bool
    public var series: Series
    /// Whether its points are drawn alone, without lines between them.
    public var isScatter = false
    /// What is shaded behind the curve.
    public var band: ChartBand?

    public init(
        label: String, badge: Character? = nil, color: ColorRole = .series1, dash: Dash = .solid, isFocused: Bool = false,
        isDimmed: Bool = false, isSecondary: Bool = false, series: Series, band: ChartBand? = nil
    ) {
        self.label = label
        self.badge = badge
        self.color = color
        self.dash = dash
        self.isFocused = isFocused
        self.isDimmed = isDimmed
        self.isSecondary = isSecondary
        self.series = series
        self.band = band
    }
}

/// The area between two curves with the same x values, such as a mean less and more a standard deviation.
public struct ChartBand: Sendable {
    public var lower: Series
    public var upper: Series

    public init(lower: Series, upper: Series) {
        self.lower = lower
        self.upper = upper
    }
}

/// Something that happened, shown at its x: an alert, a checkpoint, a steering change.
public struct ChartMark: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// One character at a value, on the x axis if there is none.
        case point(y: Double?)
        /// A thin line from top to bottom.
        case line
    }

    /// - Units: the chart's current x axis.
    public var x: Double
    public var scalar: Unicode.Scalar
    public var role: ColorRole
    public var label: String
    public var kind: Kind

    public init(x: Double, scalar: Unicode.Scalar, role: ColorRole, label: String = "", kind: Kind) {
        self.x = x
        self.scalar = scalar
        self.role = role
        self.label = label
        self.kind = kind
    }
}

/// The part of the plane a chart shows; nil follows the data.
public struct ChartViewport: Hashable, Sendable {
    public var x: ClosedRange<Double>?
    public var y: ClosedRange<Double>?

    public init(x: ClosedRange<Double>? = nil, y: ClosedRange<Double>? = nil) {
        self.x = x
        self.y = y
    }

    /// Whether all data is shown as it comes.
    public var follows: Bool { x == nil && y == nil }
}

/// What one curve says at the cursor.
public struct ChartReadout: Hashable, Sendable {
    public var label: String
    public var badge: Character?
    public var color: ColorRole
    /// The x of the recorded point nearest to the cursor.
    public var x: Double
    public var value: Double
    /// Nil when smoothing is off.
    public var smoothed: Double?
    /// Where the curve ended, when that is before the cursor.
    public var end: Double?

    public init(
        label: String, badge: Character? = nil, color: ColorRole, x: Double, value: Double, smoothed: Double? = nil,
        end: Double? = nil
    ) {
        self.label = label
        self.badge = badge
        self.color = color
        self.x = x
        self.value = value
        self.smoothed = smoothed
        self.end = end
    }
}

/// What a band of values is drawn with.
public enum BandLook: Hashable, Sendable {
    /// Another background; where there is none to be had, as in text alone and with few colours, dots that are strewn.
    case tint, dots
}

/// A chart of curves over a shared x axis.
public struct LineChart: Sendable {
    public var series: [ChartSeries]
    public var marks: [ChartMark] = []
    public var xAxis: XAxis = .step
    public var yScale: YScale = .linear
    /// Weight of the smoothing drawn over the raw curves, from 0 (off) to 0.999.
    public var smoothing: Double = 0
    public var glyphs: GlyphSet = .braille
    public var bands = BandLook.tint
    /// Whether x is a number that was measured or set, such as a share, and counts nothing.
    public var isMeasuredOnX = false
    /// Whether every point is drawn however many there are, as of a curve that is one line (ROC) and no noise around one.
    public var drawsEveryPoint = false
    /// Whether curves cannot be told apart by colour, and say by their letters which of them run along together.
    public var isColorless = false
    public var viewport = ChartViewport()
    /// The x the cursor stands on.
    public var cursor: Double?
    public var showsGuides = true
    /// Whether the x axis ends at the next round number, so that a curve that grows does not move at every point.
    public var hasRoomToGrow = false
    public var yFit = YFit.window
    /// Weighs what is smoothed by its distance on the x axis, so that points that lie close together do not count for more.
    public var smoothsByDistance = false
    /// The other side of what is being marked; the cursor is the one.
    public var boxStart: Double?
    /// The least width of the y labels, so that charts above each other line up and labels do not jump.
    public var minimumGutter = 5
    /// What to add to UTC for the labels of the wall-time axis.
    public var utcOffsetSeconds = 0

    public init(series: [ChartSeries] = []) { self.series = series }
}

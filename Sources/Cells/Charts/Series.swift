/// One recorded value of a metric, with its place on every x axis.
public struct SeriesPoint: Hashable, Sendable {
    public var step: Double
    public var epoch: Double
    /// - Units: seconds since 1970.
    public var time: Double
    public var value: Double

    public init(step: Double, epoch: Double, time: Double, value: Double) {
        self.step = step
        self.epoch = epoch
        self.time = time
        self.value = value
    }
}

/// All values of one metric of one run: an append-only list with a min/max pyramid over the values, so that a redraw costs in
/// proportion to the columns drawn and not to the points recorded.
public struct Series: Sendable {
    private var steps: [Double] = []
    private var epochs: [Double] = []
    private var times: [Double] = []
    private(set) var raw = MinMaxPyramid()
    private var stepsAscend = true
    private var epochsAscend = true
    private var timesAscend = true
    /// Whether there is an epoch but 0; of a single point all that is known is that it may be of the first.
    private var hasEpochs = true

    /// Rows in an epoch, by which epochs become examples; NaN while it is not known, and then nothing is drawn over examples.
    public var examplesPerEpoch = Double.nan

    private var finiteSum = 0.0
    /// The mean of the finite values; nil when there are none.
    public var mean: Double? { count > nonFiniteCount ? finiteSum / Double(count - nonFiniteCount) : nil }

    /// How many values are NaN or infinite.
    public private(set) var nonFiniteCount = 0
    /// Index of the first value that is NaN or infinite.
    public private(set) var firstNonFinite: Int?
    /// Indices of the values that are NaN, +Inf and -Inf.
    private(set) var nans: [Int] = []
    private(set) var infinities: [Int] = []
    private(set) var negativeInfinities: [Int] = []
    /// How many finite values a logarithmic axis cannot show.
    public private(set) var nonPositiveCount = 0

    public init() {}

    public init(_ points: some Sequence<SeriesPoint>) { append(contentsOf: points) }

    /// Makes room for as many points.
    public mutating func reserveCapacity(_ count: Int) {
        steps.reserveCapacity(count)
        epochs.reserveCapacity(count)
        times.reserveCapacity(count)
        raw.reserveCapacity(count)
    }

    public var count: Int { steps.count }
    public var isEmpty: Bool { steps.isEmpty }
    public var first: SeriesPoint? { isEmpty ? nil : self[0] }
    public var last: SeriesPoint? { isEmpty ? nil : self[count - 1] }

    public subscript(index: Int) -> SeriesPoint {
        SeriesPoint(step: steps[index], epoch: epochs[index], time: times[index], value: raw.values[index])
    }

    /// - Complexity: O(log n).
    public mutating func append(_ point: SeriesPoint) {
        if let last = steps.last, !(point.step >= last) { stepsAscend = false }
        if let last = epochs.last, !(point.epoch >= last) { epochsAscend = false }
        if point.epoch > 0 || count == 0 { hasEpochs = true } else if count == 1, epochs[0] == 0 { hasEpochs = false }
        if let last = times.last, !(point.time >= last) { timesAscend = false }
        // A first x of NaN or infinity cannot be searched for either.
        if !point.step.isFinite { stepsAscend = false }
        if !point.epoch.isFinite { epochsAscend = false }
        if !point.time.isFinite { timesAscend = false }
        steps.append(point.step)
        epochs.append(point.epoch)
        times.append(point.time)
        note(point.value)
        raw.append(point.value)
    }

    public mutating func append(contentsOf points: some Sequence<SeriesPoint>) {
        for point in points { append(point) }
    }

    private mutating func note(_ value: Double) {
        if value.isFinite {
            finiteSum += value
            if value <= 0 { nonPositiveCount += 1 }
            return
        }
        nonFiniteCount += 1
        if firstNonFinite == nil { firstNonFinite = count - 1 }
        if value == .infinity {
            infinities.append(count - 1)
        } else if value == -.infinity {
            negativeInfinities.append(count - 1)
        } else {
            nans.append(count - 1)
        }
    }
}

extension Series {
    /// The x of a point on an axis; relative time counts from the series' first point.
    public func x(at index: Int, on axis: XAxis) -> Double {
        switch axis {
        case .step: steps[index]
        case .epoch: epochs[index]
        case .examples: epochs[index] * examplesPerEpoch
        case .wallTime: times[index]
        case .relativeTime: times[index] - times[0]
        }
    }

    /// Whether the x values of an axis never go back, so that they can be searched.
    func ascends(on axis: XAxis) -> Bool {
        switch axis {
        case .step: stepsAscend
        case .epoch: epochsAscend
        case .examples: epochsAscend && examplesPerEpoch > 0
        case .relativeTime, .wallTime: timesAscend
        }
    }

    /// Whether the points have places on an axis: on that of epochs only where they were told (a script may count steps alone),
    /// on that of examples only once the rows of an epoch are known too.
    public func knows(_ axis: XAxis) -> Bool {
        switch axis {
        case .step, .relativeTime, .wallTime: true
        case .epoch: hasEpochs
        case .examples: hasEpochs && examplesPerEpoch > 0
        }
    }

    /// The x values of an axis, as they were recorded and as the axis counts them.
    func xValues(on axis: XAxis) -> XValues {
        switch axis {
        case .step: XValues(recorded: steps)
        case .epoch: XValues(recorded: epochs)
        case .examples: XValues(recorded: epochs, scale: examplesPerEpoch)
        case .wallTime: XValues(recorded: times)
        case .relativeTime: XValues(recorded: times, origin: times.first ?? 0)
        }
    }

    /// The first and last finite x on an axis; nil if there is none.
    public func xExtent(on axis: XAxis) -> ClosedRange<Double>? {
        guard !isEmpty, knows(axis) else { return nil }
        if ascends(on: axis) { return x(at: 0, on: axis)...x(at: count - 1, on: axis) }
        let xs = xValues(on: axis)
        var lower = Double.infinity, upper = -Double.infinity
        for index in 0..<count where xs[index].isFinite {
            lower = min(lower, xs[index])
            upper = max(upper, xs[index])
        }
        return lower <= upper ? lower...upper : nil
    }

    /// The index of the point nearest to `x`; nil if no point has a finite x.
    /// - Complexity: O(log n) on an ascending axis, else O(n).
    public func nearestIndex(to x: Double, on axis: XAxis) -> Int? {
        guard !isEmpty, x.isFinite, knows(axis) else { return nil }
        let xs = xValues(on: axis)
        if ascends(on: axis) {
            let place = xs.recorded(x), values = xs.recorded
            let after = Search.firstIndex(in: values, notBelow: place)
            if after == count { return count - 1 }
            if after == 0 { return 0 }
            return place - values[after - 1] <= values[after] - place ? after - 1 : after
        }
        var best: Int?
        var distance = Double.infinity
        for index in 0..<count where abs(xs[index] - x) < distance {
            distance = abs(xs[index] - x)
            best = index
        }
        return best
    }
}

extension Series {
    /// The value at an x by the straight line between the points on its two sides; nil outside the series, or where one of
    /// them is not finite.
    /// - Complexity: O(log n).
    public func value(atX x: Double, on axis: XAxis) -> Double? { value(atX: x, on: axis) { raw.values[$0] } }

    /// The same for values that follow from those recorded.
    func value(atX x: Double, on axis: XAxis, _ value: (Int) -> Double) -> Double? {
        guard ascends(on: axis), x.isFinite, !isEmpty else { return nil }
        let xs = xValues(on: axis), place = xs.recorded(x)
        return Self.value(at: place, Search.firstIndex(in: xs.recorded, notBelow: place), xs.recorded, value)
    }

    /// The value at a step, looked for from an index on, which becomes that of the point there or after: for steps in order.
    func value(atStep step: Double, from index: inout Int) -> Double? {
        guard stepsAscend, step.isFinite else { return nil }
        index = Search.firstIndex(in: steps, notBelow: step, guess: index)
        return Self.value(at: step, index, steps) { raw.values[$0] }
    }

    /// The value at a place between the point `after` and the one before it.
    private static func value(at place: Double, _ after: Int, _ xs: [Double], _ value: (Int) -> Double) -> Double? {
        guard after < xs.count else { return nil }
        let right = value(after)
        guard right.isFinite else { return nil }
        if xs[after] == place { return right }
        guard after > 0 else { return nil }
        let left = value(after - 1)
        guard left.isFinite else { return nil }
        return left + (right - left) * ((place - xs[after - 1]) / (xs[after] - xs[after - 1]))
    }
}

/// The x values of a series on an axis: what was recorded, less an origin, times a scale.
struct XValues {
    var recorded: [Double]
    var origin = 0.0
    var scale = 1.0

    /// As the axis counts it.
    subscript(index: Int) -> Double { (recorded[index] - origin) * scale }

    /// The recorded number that lies at an x of the axis.
    func recorded(_ x: Double) -> Double { x / scale + origin }
}

/// Searching ascending numbers.
enum Search {
    /// The first index whose value is at least `bound`; the count if there is none. Starts looking at `guess` and gallops
    /// from there, so neighbouring searches over evenly spaced values cost a few steps.
    static func firstIndex(in values: [Double], notBelow bound: Double, guess: Int = 0) -> Int {
        let count = values.count
        var low = min(max(0, guess), count), high = low
        var stride = 1
        if low < count, values[low] < bound {
            high = low
            while high < count, values[high] < bound {
                low = high + 1
                high += stride
                stride *= 2
            }
            high = min(high, count)
        } else {
            while low > 0, values[low - 1] >= bound {
                high = low - 1
                low = max(0, low - stride)
                stride *= 2
            }
        }
        while low < high {
            let middle = (low + high) >> 1
            if values[middle] < bound { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

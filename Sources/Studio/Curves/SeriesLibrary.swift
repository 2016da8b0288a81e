import Cells
import Events

/// The curves that are in memory: those of this session's runs, and those of other runs that were shown.
public struct SeriesLibrary: Sendable {
    /// One metric of one run.
    public struct Key: Hashable, Sendable {
        public var run: RunID
        public var metric: MetricName

        package init(_ run: RunID, _ metric: MetricName) {
            self.run = run
            self.metric = metric
        }
    }

    /// Of curves that come from another machine and are not whole yet, how much is here.
    private var arrivals: [Key: CurveArrival] = [:]

    /// Curves kept although nobody looks at them.
    package static let idleCapacity = 128

    private var series: [Key: Series] = [:]
    /// Curves whose history was asked for or is here.
    private var requested: Set<Key> = []
    /// Curves whose history was asked for and is not here yet.
    private var awaited: Set<Key> = []

    init() {}

    package subscript(run: RunID, metric: MetricName) -> Series? { series[Key(run, metric)] }

    /// Where a point stands in the order of its curve: at its step, of which there is one; what the machine tells, at its time.
    private static func place(of metric: MetricName) -> (SeriesPoint) -> Double {
        metric.isSystem ? { $0.time } : { $0.step }
    }

    /// Appends live samples; what is there already is left out.
    /// - Complexity: one look-up for each metric, not for each sample.
    mutating func append(_ samples: RunSamples) {
        for (index, name) in samples.metrics.enumerated() {
            let wanted = Int32(index)
            guard samples.samples.contains(where: { $0.metric == wanted }) else { continue }
            let isSystem = name.isSystem
            Self.append(samples.samples, of: wanted, isSystem, to: &series[Key(samples.run, name), default: Series()])
        }
    }

    private static func append(_ samples: [MetricSample], of metric: Int32, _ isSystem: Bool, to series: inout Series) {
        var end = (isSystem ? series.last?.time : series.last?.step) ?? -.infinity
        for sample in samples where sample.metric == metric && (isSystem ? sample.wallTime : Double(sample.step)) > end {
            end = isSystem ? sample.wallTime : Double(sample.step)
            series.append(
                SeriesPoint(step: Double(sample.step), epoch: sample.epoch, time: sample.wallTime, value: sample.value))
        }
    }

    mutating func append(_ point: SeriesPoint, to key: Key) {
        let place = Self.place(of: key.metric)
        if let last = series[key]?.last, place(point) <= place(last) { return }
        series[key, default: Series()].append(point)
    }

    /// Puts a curve's history in place; live samples that came after its end stay.
    mutating func load(_ history: Series, _ key: Key, _ arrival: CurveArrival? = nil) {
        arrivals[key] = arrival
        var loaded = history
        if let live = series[key] {
            let place = Self.place(of: key.metric)
            let end = loaded.last.map(place) ?? -.infinity
            for index in 0..<live.count where place(live[index]) > end { loaded.append(live[index]) }
        }
        series[key] = loaded
        requested.insert(key)
        awaited.remove(key)
    }

    /// Puts another history in place of a curve that is here: nothing of what it was before stays.
    mutating func replace(_ history: Series, _ key: Key, _ arrival: CurveArrival?) {
        guard series[key] != nil || requested.contains(key) else { return }
        (series[key], arrivals[key]) = (history, arrival)
    }

    /// How much of a curve is here, where the rest is still on its way.
    package func arrival(_ run: RunID, _ metric: MetricName) -> CurveArrival? { arrivals[Key(run, metric)] }

    /// Has a run's curves asked for anew when they are next shown.
    mutating func forgetRequests(of run: RunID) { requested = requested.filter { $0.run != run } }

    /// Whether the curve's history has still to be asked for; notes that it now is.
    mutating func needsRequest(_ key: Key) -> Bool {
        guard requested.insert(key).inserted else { return false }
        awaited.insert(key)
        return true
    }

    func isAwaited(_ key: Key) -> Bool { awaited.contains(key) }

    /// Whether curves that were asked for are still to come.
    var isAwaitingCurves: Bool { !awaited.isEmpty }

    /// Lets go of curves nobody looks at, when there are many.
    mutating func evict(keeping kept: Set<Key>, active: Set<RunID>) {
        guard series.count > Self.idleCapacity + kept.count else { return }
        let idle = series.keys.filter { !kept.contains($0) && !active.contains($0.run) }
        guard idle.count > Self.idleCapacity else { return }
        for key in idle.sorted(by: { ($0.run, $0.metric) < ($1.run, $1.metric) }).dropFirst(Self.idleCapacity / 2) {
            series[key] = nil
            arrivals[key] = nil
            requested.remove(key)
        }
    }

    /// Forgets a run's curves.
    /// - Returns: those that were asked for and are not here yet.
    mutating func remove(run: RunID) -> [Key] {
        let lost = awaited.filter { $0.run == run }
        series = series.filter { $0.key.run != run }
        arrivals = arrivals.filter { $0.key.run != run }
        requested = requested.filter { $0.run != run }
        awaited.subtract(lost)
        return Array(lost)
    }
}

/// What earlier searches tried and found, for a search to begin with.
public struct WarmStart: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The same data, algorithm and held values: what they found counts as if it had been found here.
        case identical
        /// Something alike: they say where to look first, and count for less the less they agree with what is found here.
        case transfer
    }

    /// One earlier search.
    public struct Search: Sendable, Hashable {
        public struct Trial: Sendable, Hashable {
            /// All that is known of its settings, searched ones and others.
            public var values: [String: String]
            public var value: Double
            /// Whether it was stopped before its end, with the value it had then.
            public var isStopped: Bool

            public init(values: [String: String], value: Double, isStopped: Bool) {
                (self.values, self.value, self.isStopped) = (values, value, isStopped)
            }
        }

        public var name: String
        public var trials: [Trial]

        public init(name: String, trials: [Trial]) { (self.name, self.trials) = (name, trials) }
    }

    /// How many searches one may begin with.
    public static let mostSearches = 5

    public var kind: Kind
    public var searches: [Search]

    public init(_ kind: Kind, _ searches: [Search]) { (self.kind, self.searches) = (kind, searches) }
}

/// An earlier search in the space of a new one: those of its trials that have a place there.
struct PlacedSearch {
    let name: String
    var points: [[Double]] = []
    /// Turned so that smaller is better.
    var values: [Double] = []
    /// Which of the space's parameters it knows.
    private(set) var isShared: [Bool]

    /// - Parameter needsAll: whether a trial must say every parameter that exists.
    init(_ search: WarmStart.Search, in space: SearchSpace, needsAll: Bool, turned: (Double) -> Double) {
        name = search.name
        isShared = space.searched.map { parameter in search.trials.contains { $0.values[parameter.name] != nil } }
        let finished = search.trials.filter { !$0.isStopped && $0.value.isFinite }.map { turned($0.value) }.sorted()
        for trial in search.trials where trial.value.isFinite {
            guard let point = Self.point(of: trial.values, in: space, needsAll: needsAll) else { continue }
            var value = turned(trial.value)
            // A stopped one was no better than the middle, and where it would have ended nobody knows.
            if trial.isStopped, let worst = finished.last { value = min(max(value, finished[finished.count / 2]), worst) }
            points.append(point)
            values.append(value)
        }
    }

    private static func point(of values: [String: String], in space: SearchSpace, needsAll: Bool) -> [Double]? {
        if needsAll { return space.point(of: values) }
        var point: [Double] = []
        for parameter in space.searched {
            guard let text = values[parameter.name] else {
                point.append(0.5)
                continue
            }
            guard let place = parameter.place(of: text) else { return nil }
            point.append(place)
        }
        return space.canonical(point)
    }

    /// Its points, the best first.
    var ranked: [[Double]] {
        points.indices.sorted { (values[$0], $0) < (values[$1], $1) }.map { points[$0] }
    }
}

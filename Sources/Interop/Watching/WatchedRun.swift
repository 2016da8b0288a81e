import Events

/// What is known about one run of another program.
struct WatchedRun {
    let id: RunID
    let source: String
    let generation: Int
    private var spelling: MetricSpelling
    var record: RunRecord?
    var status = JobStatus.pending
    var reason = EndReason.unsaid
    var isInBin = false
    /// Whether this process told the bus about the run.
    var isTold = false
    var startedAt: Double?
    /// What its log said about it when it was last read; nil until then.
    var remarks: RunUpdate.Remarks?
    /// What is still to be said of its log, and what was said.
    var notes: [String] = []
    var saidNotes: Set<String> = []
    /// Newest values where they are others than those that came last, or have no curve.
    private(set) var latest: [MetricName: Double] = [:]
    /// Seconds since 1970.
    var lastSign = 0.0
    var curves: [Curve] = []
    /// Places in `curves` by the log's own names.
    private var places: [String: Int] = [:]
    /// Curves of which points are recorded that the log has replaced since, and how many points of each stand.
    private(set) var cuts: [MetricName: Int] = [:]

    /// One metric's curve.
    struct Curve {
        let metric: MetricName
        /// Points in the workspace.
        var recorded = 0
        /// Points seen since the log was read from its beginning.
        var position = 0
        var first: MetricPoint?
    }

    /// A value that is not recorded yet, and the place of its curve in `curves`.
    struct Fresh {
        var curve: Int
        var value: LoggedValue
    }

    init(id: RunID, source: String, generation: Int, spelling: MetricSpelling) {
        self.id = id
        self.source = source
        self.generation = generation
        self.spelling = spelling
    }

    var isRegistered: Bool { record != nil }

    /// The log is read from its beginning again.
    mutating func startOver() {
        for index in curves.indices { curves[index].position = 0 }
    }

    /// The place of the curve that has one of the log's names.
    private mutating func curve(_ name: String, replacedBy restart: Int? = nil) -> Int {
        let key = restart.map { "\($0)\u{0}" + name } ?? name
        if let place = places[key] { return place }
        var metric = spelling.name(for: name)
        if let restart { metric = MetricName("\(metric)@replaced-\(restart)") }
        let place = curves.firstIndex { $0.metric == metric } ?? curves.count
        if place == curves.count { curves.append(Curve(metric: metric)) }
        places[key] = place
        return place
    }

    /// The log's own names of metrics that have another here.
    var loggedNames: [String: MetricName] { spelling.renamed }

    /// The metric that a user means: by its name here, as the log calls it, or by its word alone.
    func metric(named name: String) -> MetricName? {
        let known = curves.map(\.metric) + latest.keys.sorted()
        let names =
            [MetricName(name)] + (loggedNames[name].map { [$0] } ?? [])
            + ["validation", "test", "train"].map { MetricName(split: $0, metric: name) }
        return names.first(where: known.contains)
    }

    /// Takes over newest values that the log told apart from its curves.
    mutating func note(latest values: [String: Double]) {
        latest = [:]
        for (name, value) in values {
            let metric = spelling.name(for: name)
            if metric.isOfModels { latest[metric] = value }
        }
    }

    /// Whether curves that are recorded begin otherwise in the log now.
    mutating func isAnother(_ update: RunUpdate) -> Bool {
        guard curves.contains(where: { $0.position == 0 && $0.first != nil }) else { return false }
        var seen: Set<Int> = []
        for value in update.values {
            let main = curve(value.name)
            var place = main
            if let restart = value.replacedBy {
                let own = curve(value.name, replacedBy: restart)
                // Until it is told apart in the workspace too, what was replaced is how the curve began.
                if curves[own].first != nil { place = own }
            }
            guard curves[place].position == 0, let known = curves[place].first, seen.insert(place).inserted else { continue }
            let isSame = known.value == value.value || known.value.isNaN && value.value.isNaN
            if known.step != value.step || !isSame { return true }
        }
        return false
    }

    /// The values that are not recorded yet.
    mutating func fresh(_ values: [LoggedValue]) -> [Fresh] {
        var fresh: [Fresh] = []
        cuts = [:]
        for value in values {
            let place = curve(value.name, replacedBy: value.replacedBy)
            curves[place].position += 1
            guard curves[place].position > curves[place].recorded else { continue }
            if value.replacedBy != nil { cut(curve(value.name)) }
            curves[place].recorded = curves[place].position
            if curves[place].position == 1 {
                curves[place].first = MetricPoint(step: value.step, epoch: value.epoch, wallTime: 0, value: value.value)
            }
            fresh.append(Fresh(curve: place, value: value))
        }
        return fresh
    }

    /// What is recorded of a curve beyond what was read of it so far was replaced.
    private mutating func cut(_ place: Int) {
        guard curves[place].recorded > curves[place].position else { return }
        curves[place].recorded = curves[place].position
        if curves[place].position == 0 { curves[place].first = nil }
        cuts[curves[place].metric] = curves[place].position
    }

    /// Notes when the run last showed life. A database changes for others too; a file is the run's own.
    mutating func note(_ update: RunUpdate, isDatabase: Bool, fileTime: Double, freshCount: Int) {
        startedAt = startedAt ?? update.startedAt
        let times = update.values.compactMap(\.wallTime)
        if isDatabase {
            lastSign = max(lastSign, times.max() ?? (freshCount > 0 ? fileTime : 0), startedAt ?? 0)
        } else {
            lastSign = max(lastSign, fileTime)
        }
    }
}

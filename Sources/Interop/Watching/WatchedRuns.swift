import Events
import Experiments
import Glibc

/// Turns what logs say into runs of the workspace: the same events as those of a job of our own.
///
/// A run's id comes from where its log is, so that watching again continues it instead of doubling it.
final class WatchedRuns {
    /// How long a log may be silent before its run counts as ended, in seconds.
    static let patience = 600.0

    private let store: RunStore
    private let bus: EventBus
    private let version: String
    private let columns: LogColumnNames
    private let objective: MetricName?
    /// Returns when everything posted before is in the workspace.
    private let settle: () -> Void
    private var runs: [String: WatchedRun] = [:]

    init(
        store: RunStore, bus: EventBus, version: String, columns: LogColumnNames, objective: MetricName?,
        settle: @escaping () -> Void
    ) {
        self.store = store
        self.bus = bus
        self.version = version
        self.columns = columns
        self.objective = objective
        self.settle = settle
    }

    /// Whether the workspace has all of a source that is one run: it ended, and its files were not written to since. What the user
    /// says about names may be new, and is heeded by reading again.
    func isRecorded(_ reader: any LogReader) throws(StoreError) -> Bool {
        guard objective == nil, columns == LogColumnNames(), let changed = Self.changeTime(of: reader),
            let stored = try newest(reader.path + "\u{0}").run
        else { return false }
        return stored.status.isFinal && stored.finishedAt == changed
    }

    /// When a source's files were last written to, in seconds since 1970.
    private static func changeTime(of reader: any LogReader) -> Double? {
        reader.files.compactMap { FileStamp($0)?.modifiedAt }.max()
    }

    /// Whether runs of a source are going on, as far as one can tell.
    func isActive(_ reader: any LogReader) -> Bool {
        runs.values.contains { $0.source == reader.path && $0.status == .inProgress }
    }

    /// Whether any run is going on.
    var isAnyActive: Bool { runs.values.contains { $0.status == .inProgress } }

    /// Folds what a log said into its run.
    func take(_ update: RunUpdate, of reader: any LogReader, now: Double) throws(StoreError) {
        let key = reader.path + "\u{0}" + update.key
        var run: WatchedRun
        if let known = runs[key] { run = known } else { run = try open(key, source: reader.path, generation: nil) }
        if update.isFromTheBeginning { run.startOver() }
        if run.isAnother(update) {
            if run.isRegistered, !run.status.isFinal { finish(&run, .completed, "its log was written anew", at: now) }
            run = try open(key, source: reader.path, generation: run.generation + 1)
        }
        defer { runs[key] = run }
        if run.isInBin { return }
        let changed = Self.changeTime(of: reader) ?? now
        let fresh = run.fresh(update.values)
        run.note(update, isDatabase: !update.key.isEmpty, fileTime: min(changed, now), freshCount: fresh.count)
        if !run.isRegistered {
            guard !fresh.isEmpty || !update.parameters.isEmpty else { return }
            try register(&run, update, writer: reader.writer, at: run.startedAt ?? fresh.first?.value.wallTime ?? changed)
        }
        updateRecord(&run, update)
        try takeOver(update.remarks, of: &run)
        if let damage = update.damage {
            bus.post(.dataWarned(DataWarning(code: "damagedLog", column: nil, message: damage)), run: run.record?.id)
        }
        let isSilent = update.ending == nil && !reader.hasMore && now - run.lastSign > Self.patience
        if !fresh.isEmpty || (update.ending == nil && !isSilent) { start(&run) }
        let areSystem = run.curves.map(\.metric.isSystem)
        for isSystem in [false, true] {
            post(fresh.filter { areSystem[$0.curve] == isSystem }, of: run, fileTime: min(changed, now))
        }
        if reader.hasMore { return }
        if let ending = update.ending, run.status != ending.status || run.reason != ending.reason {
            finish(&run, ending, at: ending.time ?? run.lastSign)
        } else if isSilent, run.status == .inProgress {
            finishSilent(&run, tellsEnd: reader.tellsEnd)
        }
    }

    /// Ends runs whose logs have been silent for long.
    func endSilent(readers: [any LogReader], now: Double) {
        for (key, run) in runs where run.status == .inProgress && now - run.lastSign > Self.patience {
            let reader = readers.first { $0.path == run.source }
            var run = run
            finishSilent(&run, tellsEnd: reader?.tellsEnd ?? false)
            runs[key] = run
        }
    }

    /// Says of the runs that go on that nobody looks any more.
    func leave(now: Double) {
        for (key, run) in runs where run.status == .inProgress {
            var run = run
            finish(&run, .stopped, "no longer watched", at: now)
            runs[key] = run
        }
    }

    /// Finds the run in the workspace, or begins one.
    /// - Parameter generation: nil = the newest that is there; logs written anew in the same place are runs of their own.
    private func open(_ key: String, source: String, generation: Int?) throws(StoreError) -> WatchedRun {
        var (number, stored) = try newest(key)
        if let generation { (number, stored) = (generation, try store.run(Self.id(key, generation))) }
        var run = WatchedRun(
            id: Self.id(key, number), source: source, generation: number, spelling: MetricSpelling(chosen: columns.metrics))
        if let stored {
            run.record = stored.record
            (run.status, run.reason, run.isInBin) = (stored.status, stored.reason, stored.isDeleted)
            run.startedAt = stored.startedAt
            for (metric, start) in try store.curveStarts(of: run.id) {
                run.curves.append(WatchedRun.Curve(metric: metric, recorded: start.count, first: start.first))
            }
        }
        return run
    }

    /// The newest of the runs that were logged in one place.
    private func newest(_ key: String) throws(StoreError) -> (number: Int, run: RunSummary?) {
        var number = 0
        var stored = try store.run(Self.id(key, number))
        while let next = try store.run(Self.id(key, number + 1)) { (number, stored) = (number + 1, next) }
        return (number, stored)
    }

    /// Forty bits of a hash, in the letters of run ids.
    private static func id(_ key: String, _ generation: Int) -> RunID {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in Array(key.utf8) + Array("#\(generation)".utf8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ hash >> 32) &* 0xd6e8_feb8_6659_fd93
        hash ^= hash >> 32
        var source = HashSource(state: hash)
        return RunID.random(using: &source)
    }

    private struct HashSource: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state
        }
    }

    private func register(_ run: inout WatchedRun, _ update: RunUpdate, writer: String, at time: Double) throws(StoreError) {
        let request = JobRequest(
            datasetPath: run.source, target: nil, algorithm: writer, validationSplit: 0, experiment: update.experiment,
            name: update.name)
        var record = RunRecord(
            id: run.id, name: update.name, experiment: update.experiment, algorithm: writer, request: request,
            hyperparameters: update.parameters,
            objective: objective(of: run, update) ?? Objective(metric: .validationLoss, minimises: true), seed: 0,
            dataFingerprint: "", gitRevision: nil, version: version, createdAt: time, processID: getpid())
        if var known = update.record {
            (known.id, known.processID) = (run.id, getpid())
            record = known
        }
        run.record = try store.register(record)
        run.status = .pending
    }

    /// Takes over settings and what the run is judged by; tells when they changed.
    private func updateRecord(_ run: inout WatchedRun, _ update: RunUpdate) {
        guard var record = run.record else { return }
        record.hyperparameters.merge(update.parameters) { $1 }
        record.processID = getpid()
        record.objective = objective(of: run, update) ?? record.objective
        guard record != run.record || !run.isTold else { return }
        let isJudgedAnew = record.objective != run.record?.objective
        run.record = record
        run.isTold = true
        bus.post(.runRegistered(record), run: run.id, at: run.startedAt)
        // What comes next must be folded in by the new measure.
        if isJudgedAnew { settle() }
    }

    /// Takes over new tags and a new note. What the user says about the run here stays as it is.
    private func takeOver(_ remarks: RunUpdate.Remarks, of run: inout WatchedRun) throws(StoreError) {
        guard remarks != run.remarks ?? RunUpdate.Remarks(), let stored = try store.run(run.id) else { return }
        let before = run.remarks ?? RunUpdate.Remarks()
        // Of a run that was watched before nobody knows what the user changed since.
        let isTouched = run.remarks == nil && !(stored.tags.isEmpty && stored.note.isEmpty)
        run.remarks = remarks
        let tags = remarks.tags.filter { !before.tags.contains($0) && !stored.tags.contains($0) }
        let isNoted = stored.note == before.note && remarks.note != stored.note
        guard !isTouched, !tags.isEmpty || isNoted else { return }
        let edit = RunEdit(addedTags: tags, note: isNoted ? remarks.note : nil)
        try store.apply(.runEdited(edit), to: run.id)
        bus.post(.runEdited(edit), run: run.id)
    }

    private func objective(of run: WatchedRun, _ update: RunUpdate) -> Objective? {
        let names = Set(run.curves.map(\.metric))
        if let objective, names.contains(objective) { return MetricSpelling.objective(among: [objective]) }
        return update.objective ?? MetricSpelling.objective(among: names)
    }

    private func start(_ run: inout WatchedRun) {
        guard run.status != .inProgress, let record = run.record else { return }
        run.status = .inProgress
        run.reason = ""
        bus.post(
            .jobStatusChanged(JobStatusChange(status: .inProgress, phase: .training)), run: run.id,
            at: run.startedAt ?? record.createdAt)
    }

    private func post(_ fresh: [WatchedRun.Fresh], of run: WatchedRun, fileTime: Double) {
        guard !fresh.isEmpty else { return }
        var places = [Int](repeating: -1, count: run.curves.count)
        var metrics: [MetricName] = []
        for item in fresh where places[item.curve] < 0 {
            places[item.curve] = metrics.count
            metrics.append(run.curves[item.curve].metric)
        }
        let channel = bus.makeChannel(run: run.id, metrics: metrics, capacity: min(fresh.count, 1 << 16))
        // The number of the newest event that each metric is part of, among those posted here.
        var events = [Int](repeating: -1, count: metrics.count)
        var event = 0
        var before: LoggedValue?
        for item in fresh {
            let value = item.value, place = places[item.curve]
            let isSame = before.map { $0.step == value.step && $0.wallTime == value.wallTime } ?? false
            let joins = isSame && events[place] != event
            if !joins { event += 1 }
            events[place] = event
            before = value
            channel.record(
                place, value.value, step: value.step, epoch: value.epoch, joining: joins,
                at: value.wallTime ?? fileTime)
        }
        channel.close()
    }

    private func finish(_ run: inout WatchedRun, _ status: JobStatus, _ reason: String, at time: Double) {
        finish(&run, RunUpdate.Ending(status: status, reason: reason), at: time)
    }

    private func finish(_ run: inout WatchedRun, _ ending: RunUpdate.Ending, at time: Double) {
        guard let record = run.record else { return }
        (run.status, run.reason) = (ending.status, ending.reason)
        bus.post(.jobStatusChanged(JobStatusChange(status: ending.status, reason: ending.reason)), run: run.id, at: time)
        let result = JobResult(
            name: record.name, status: ending.status, reason: ending.reason, bestStep: ending.bestStep, metrics: ending.metrics)
        bus.post(.jobFinished(result), run: run.id, at: time)
    }

    private func finishSilent(_ run: inout WatchedRun, tellsEnd: Bool) {
        if tellsEnd {
            finish(&run, .stopped, "silent for 10 minutes without an end: killed?", at: run.lastSign)
        } else {
            finish(&run, .completed, "silent for 10 minutes", at: run.lastSign)
        }
    }
}

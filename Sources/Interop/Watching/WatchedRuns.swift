import Databases
import Events
import Experiments
import Files
import Glibc
import PrintableText

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
    private let objective: ObjectiveChoice?
    /// Returns when everything posted before is in the workspace.
    private let settle: () -> Void
    private var runs: [String: WatchedRun] = [:]

    init(
        store: RunStore, bus: EventBus, version: String, columns: LogColumnNames, objective: ObjectiveChoice?,
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
        let update = Self.checked(update, path: reader.path)
        let key = reader.path + "\u{0}" + update.key
        var run: WatchedRun
        if let known = runs[key] { run = known } else { run = try open(key, reader, generation: nil) }
        if update.isFromTheBeginning { run.startOver() }
        if run.isAnother(update) {
            if run.isRegistered, !run.status.isFinal { finish(&run, .completed, EndReason("its log was written anew"), at: now) }
            run = try open(key, reader, generation: run.generation + 1)
        }
        defer { runs[key] = run }
        if run.isInBin { return }
        let changed = Self.changeTime(of: reader) ?? now
        let fresh = run.fresh(update.values)
        if let latest = update.latest { run.note(latest: latest) }
        run.note(update, isDatabase: !update.key.isEmpty, fileTime: min(changed, now), freshCount: fresh.count)
        run.notes += update.notes
        if !run.isRegistered {
            guard !fresh.isEmpty || !update.parameters.isEmpty || !run.latest.isEmpty else { return }
            try register(&run, update, writer: reader.writer, at: run.startedAt ?? fresh.first?.value.wallTime ?? changed)
        }
        try cut(&run, at: now)
        updateRecord(&run, update)
        try takeOver(update.remarks, of: &run)
        try sayNotes(of: &run)
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

    /// What a log said, without what cannot be: steps that overflow, times that are none. One bad value must not take the
    /// workspace with it.
    private static func checked(_ update: RunUpdate, path: String) -> RunUpdate {
        var update = update
        var hasTimes = true
        let count = update.values.count
        update.values = update.values.compactMap { $0.checked(hasTime: &hasTimes) }
        if update.values.count < count { update.note("\(path): values at steps that cannot be counted to are left out") }
        if !hasTimes { update.note("\(path): where a value has no valid time, that of the file is taken") }
        update.startedAt = update.startedAt.flatMap(LogTime.checked)
        if var ending = update.ending {
            ending.time = ending.time.flatMap(LogTime.checked)
            ending.bestStep = ending.bestStep.flatMap { LoggedValue.isStep($0) ? $0 : nil }
            update.ending = ending
        }
        return update
    }

    /// Takes out of the workspace what the log replaced, once all that was posted is in it and its recorder let go of the run.
    private func cut(_ run: inout WatchedRun, at now: Double) throws(StoreError) {
        guard !run.cuts.isEmpty else { return }
        finish(&run, .stopped, EndReason("its program was restarted from an earlier step"), at: now)
        settle()
        try store.cut(run.id, to: run.cuts)
        run.status = .pending
        // Whoever holds its curves reads them anew.
        bus.post(
            .job(.statusChanged(JobStatusChange(status: .inProgress, phase: .starting))), run: run.id, at: run.startedAt ?? now)
    }

    /// Says what there is to say about a run's log, once in its life.
    private func sayNotes(of run: inout WatchedRun) throws(StoreError) {
        let news = run.notes.filter { run.saidNotes.insert($0).inserted }
        run.notes = []
        guard !news.isEmpty else { return }
        let said = try store.events(of: run.id, kinds: [.dataWarned]).compactMap { event in
            if case .job(.dataWarned(let warning)) = event.kind { warning.message } else { nil }
        }
        for note in news where !said.contains(note) {
            bus.post(.job(.dataWarned(DataWarning(code: "damagedLog", column: nil, message: note))), run: run.id)
        }
    }

    /// Says what logs are like of which nothing came.
    func sayNotesOfTheRest() {
        for run in runs.values.sorted(by: { $0.source < $1.source }) where !run.isRegistered {
            for note in run.notes where run.saidNotes.isEmpty { bus.post(.notice(.commandFailed(message: note))) }
        }
    }

    /// Sources of runs that nothing was heard of for long.
    func silent(_ readers: [any LogReader], now: Double) -> [any LogReader] {
        let paths = Set(runs.values.filter { $0.status == .inProgress && now - $0.lastSign > Self.patience }.map(\.source))
        return paths.isEmpty ? [] : readers.filter { paths.contains($0.path) }
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
            finish(&run, .stopped, EndReason("no longer watched"), at: now)
            runs[key] = run
        }
    }

    /// Finds the run in the workspace, or begins one.
    /// - Parameter generation: nil = the newest that is there; logs written anew in the same place are runs of their own.
    private func open(_ key: String, _ reader: any LogReader, generation: Int?) throws(StoreError) -> WatchedRun {
        var (number, stored) = try newest(key)
        if let generation { (number, stored) = (generation, try store.run(RunID(ofLog: key, generation: generation))) }
        var run = WatchedRun(
            id: RunID(ofLog: key, generation: number), source: reader.path, generation: number,
            spelling: MetricSpelling(chosen: columns.metrics, isOurs: reader is DescentLog))
        if let stored {
            run.record = stored.record
            // Also of runs that were stored before they said so.
            run.record?.origin = .watched
            run.record?.log = reader.path
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
        var stored = try store.run(RunID(ofLog: key, generation: number))
        while let next = try store.run(RunID(ofLog: key, generation: number + 1)) { (number, stored) = (number + 1, next) }
        return (number, stored)
    }

    private func register(_ run: inout WatchedRun, _ update: RunUpdate, writer: String, at time: Double) throws(StoreError) {
        // What its log calls it may be nothing that can be typed.
        let name = RunEdit.usable(update.name)
        let experiment = RunEdit.usable(update.experiment, else: JobRequest.defaultExperiment)
        if name != update.name { run.notes.append("\(run.source): its log calls the run '\(update.name.printable)'") }
        let request = JobRequest(
            datasetPath: run.source, target: nil, algorithm: writer, validationSplit: 0, experiment: experiment, name: name)
        var record = RunRecord(
            id: run.id, name: name, experiment: experiment, algorithm: writer, request: request,
            hyperparameters: update.parameters,
            objective: objective(of: run, update) ?? Objective(metric: .validationLoss, minimises: true), seed: 0,
            dataFingerprint: "", gitRevision: nil, version: version, createdAt: time, processID: getpid())
        if var known = update.record {
            (known.id, known.processID, known.name, known.experiment) = (run.id, getpid(), name, experiment)
            known.createdAt = LogTime.checked(known.createdAt) ?? time
            record = known
        }
        (record.origin, record.log) = (.watched, run.source)
        run.record = try store.register(record)
        run.status = .pending
    }

    /// Takes over settings and what the run is judged by; tells when they changed.
    private func updateRecord(_ run: inout WatchedRun, _ update: RunUpdate) {
        guard var record = run.record else { return }
        record.hyperparameters.merge(update.parameters) { $1 }
        record.processID = getpid()
        record.loggedNames.merge(run.loggedNames) { $1 }
        if let chosen = chosenObjective(of: run) {
            (record.objective, record.isObjectiveChosen) = (chosen, true)
        } else if !record.isObjectiveChosen {
            record.objective = objective(of: run, update) ?? record.objective
        }
        guard record != run.record || !run.isTold else { return }
        let isJudgedAnew = record.objective != run.record?.objective
        run.record = record
        run.isTold = true
        bus.post(.run(.registered(record)), run: run.id, at: run.startedAt)
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
        try store.apply(.run(.edited(edit)), to: run.id)
        bus.post(.run(.edited(edit)), run: run.id)
    }

    private func objective(of run: WatchedRun, _ update: RunUpdate) -> Objective? {
        chosenObjective(of: run) ?? update.objective ?? MetricSpelling.objective(among: Set(run.curves.map(\.metric)))
    }

    /// What the user said that runs are judged by, if the run has that.
    private func chosenObjective(of run: WatchedRun) -> Objective? {
        guard let objective, let metric = run.metric(named: objective.name) else { return nil }
        return Objective(
            metric: metric, direction: objective.direction == .unknown ? metric.direction : objective.direction)
    }

    private func start(_ run: inout WatchedRun) {
        guard run.status != .inProgress, let record = run.record else { return }
        run.status = .inProgress
        run.reason = .unsaid
        bus.post(
            .job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training))), run: run.id,
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
        let joins = fresh.map { item in
            let value = item.value, place = places[item.curve]
            let isSame = before.map { $0.step == value.step && $0.wallTime == value.wallTime } ?? false
            let joins = isSame && events[place] != event
            if !joins { event += 1 }
            events[place] = event
            before = value
            return joins
        }
        for (index, item) in fresh.enumerated() {
            let value = item.value
            channel.record(
                places[item.curve], value.value, step: value.step, epoch: value.epoch,
                more: index + 1 < joins.count && joins[index + 1], at: value.wallTime ?? fileTime)
        }
        channel.close()
    }

    private func finish(_ run: inout WatchedRun, _ status: JobStatus, _ reason: EndReason, at time: Double) {
        finish(&run, RunUpdate.Ending(status: status, reason: reason), at: time)
    }

    private func finish(_ run: inout WatchedRun, _ ending: RunUpdate.Ending, at time: Double) {
        guard let record = run.record else { return }
        (run.status, run.reason) = (ending.status, ending.reason)
        bus.post(.job(.statusChanged(JobStatusChange(status: ending.status, reason: ending.reason))), run: run.id, at: time)
        if let objective, run.metric(named: objective.name) == nil {
            let note = "\(run.source): it measures no \(objective.name): judged by \(record.objective.metric)"
            bus.post(.job(.dataWarned(DataWarning(code: "noObjective", column: nil, message: note))), run: run.id)
        }
        let result = JobResult(
            name: record.name, status: ending.status, reason: ending.reason, bestStep: ending.bestStep,
            metrics: run.latest.merging(ending.metrics) { $1 })
        bus.post(.job(.finished(result)), run: run.id, at: time)
    }

    private func finishSilent(_ run: inout WatchedRun, tellsEnd: Bool) {
        if tellsEnd {
            finish(&run, .stopped, EndReason("silent for 10 minutes without an end: killed?"), at: run.lastSign)
        } else {
            finish(&run, .completed, EndReason("silent for 10 minutes"), at: run.lastSign)
        }
    }
}

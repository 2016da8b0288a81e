import Cells
import Events

/// All runs the studio knows, by id, with what the panes need beside the summary.
package struct RunLibrary: Sendable {
    /// A saved state of a run, marked on its curve.
    package struct Checkpoint: Hashable, Sendable {
        package var step: Int
        package var epoch: Double
        package var time: Double
        package var isBest: Bool
    }

    /// A steering change: where it happened, and what was set.
    package struct Change: Hashable, Sendable {
        package var step: Int
        package var epoch: Double
        package var time: Double
        package var text: String
    }

    /// One run.
    package struct Entry: Sendable {
        package var summary: RunSummary
        /// Newest last, at most `checkpointCapacity`; the best is always kept.
        package var checkpoints: [Checkpoint] = []
        package var changes: [Change] = []
        /// Rows in an epoch; nil until they are known.
        package var rowCount: Int?
        /// Whether its events were seen from the first on, so that its curves are complete without the store.
        package var isComplete = false
        /// Whether it is not even in the bin any more.
        package var isRemoved = false

        init(summary: RunSummary) { self.summary = summary }
    }

    package static let checkpointCapacity = 64
    package static let changeCapacity = 256

    /// The runs by id and by place: a run keeps the place it gets when it becomes known, so that orders of thousands of runs
    /// name it by that. Reading one field at a place copies nothing; reading an entry by its id copies all of it.
    package struct Entries: Sendable {
        package private(set) var values: [Entry] = []
        private var places: [RunID: Int] = [:]

        package func place(of id: RunID) -> Int? { places[id] }

        package subscript(id: RunID) -> Entry? { places[id].map { values[$0] } }

        /// Changes a run that is known.
        fileprivate mutating func change(_ id: RunID, _ body: (inout Entry) -> Void) {
            if let place = places[id] { body(&values[place]) }
        }

        fileprivate mutating func add(_ entry: Entry) {
            places[entry.summary.record.id] = values.count
            values.append(entry)
        }
    }

    package private(set) var entries = Entries()

    package subscript(id: RunID) -> RunSummary? { entries.place(of: id).map { entries.values[$0].summary } }

    package var count: Int { entries.values.count }

    /// The run's letter; a middle dot for one that is not known.
    package func letter(of id: RunID) -> Character { self[id]?.record.look.letter ?? "·" }

    /// The run's colour; muted for one that is not known.
    package func role(of id: RunID) -> ColorRole { self[id]?.record.look.role ?? .muted }

    /// Runs that a job is working on or about to.
    private var activeIDs: Set<RunID> = []

    /// Runs that a job is working on or about to, oldest first.
    package var active: [RunSummary] {
        activeIDs.compactMap { entries[$0]?.summary }
            .sorted { ($0.record.createdAt, $0.record.id) < ($1.record.createdAt, $1.record.id) }
    }

    /// How many runs have a status that is not final.
    package func count(_ status: JobStatus) -> Int {
        activeIDs.reduce(0) { $0 + (entries[$1]?.summary.status == status ? 1 : 0) }
    }

    /// Training rows per second over all running jobs.
    package var rowsPerSecond: Double {
        activeIDs.reduce(0) { sum, id in
            guard let run = entries[id]?.summary, run.status == .inProgress else { return sum }
            return sum + run.rowsPerSecond
        }
    }

    private mutating func noteActivity(_ id: RunID) {
        // Field by field: an entry by its id is a copy of all of it.
        if let place = entries.place(of: id), entries.values[place].summary.status.isActive,
            !entries.values[place].summary.isDeleted
        {
            activeIDs.insert(id)
        } else {
            activeIDs.remove(id)
        }
    }

    mutating func load(_ summaries: [RunSummary]) {
        for summary in summaries {
            let id = summary.record.id
            if entries.place(of: id) == nil {
                entries.add(Entry(summary: summary))
            } else {
                entries.change(id) { $0.summary = summary }
            }
            noteActivity(id)
        }
    }

    /// Folds one lifecycle event into its run; false if the run is not known.
    mutating func apply(_ event: StudioEvent) -> Bool {
        guard let id = event.run else { return false }
        if case .run(.registered(let record)) = event.kind, entries.place(of: id) == nil {
            var entry = Entry(summary: RunSummary(record: record))
            entry.isComplete = true
            entries.add(entry)
            noteActivity(id)
            return true
        }
        guard entries.place(of: id) != nil else { return false }
        entries.change(id) { $0.summary.apply(event) }
        noteActivity(id)
        switch event.kind {
        case .job(.checkpointSaved(let saved)): keep(saved, time: event.wallTime, of: id)
        case .job(.hyperparametersChanged(let change)): keep(change, time: event.wallTime, of: id)
        case .job(.trainingDataSummarised(let summary)): entries.change(id) { $0.rowCount = summary.rowCount }
        default: break
        }
        return true
    }

    private mutating func keep(_ change: HyperparameterChange, time: Double, of id: RunID) {
        guard let entry = entries[id], entry.changes.count < Self.changeCapacity else { return }
        let step = change.step ?? entry.summary.step
        // What was just read from the store may come over the bus once more.
        if entry.changes.contains(where: { $0.step == step && $0.text == change.text }) { return }
        let epoch = change.epoch ?? entry.summary.epoch
        entries.change(id) { $0.changes.append(Change(step: step, epoch: epoch, time: time, text: change.text)) }
    }

    /// Whether a run told of a checkpoint.
    func hasCheckpoint(_ id: RunID) -> Bool { !(entries[id]?.checkpoints.isEmpty ?? true) }

    /// Replaces a run's steering changes by what the store recorded, and its checkpoints where there are some.
    mutating func loadChanges(_ events: [StudioEvent], of id: RunID) {
        entries.change(id) { $0.changes = [] }
        if events.contains(where: { if case .job(.checkpointSaved) = $0.kind { true } else { false } }) {
            entries.change(id) { $0.checkpoints = [] }
        }
        for event in events {
            switch event.kind {
            case .job(.hyperparametersChanged(let change)): keep(change, time: event.wallTime, of: id)
            case .job(.checkpointSaved(let saved)): keep(saved, time: event.wallTime, of: id)
            case .job(.trainingDataSummarised(let summary)): entries.change(id) { $0.rowCount = summary.rowCount }
            default: break
            }
        }
    }

    private mutating func keep(_ saved: CheckpointSaved, time: Double, of id: RunID) {
        guard var checkpoints = entries[id]?.checkpoints else { return }
        if saved.isBest { for index in checkpoints.indices { checkpoints[index].isBest = false } }
        checkpoints.append(Checkpoint(step: saved.step, epoch: saved.epoch, time: time, isBest: saved.isBest))
        if checkpoints.count > Self.checkpointCapacity, let oldest = checkpoints.firstIndex(where: { !$0.isBest }) {
            checkpoints.remove(at: oldest)
        }
        entries.change(id) { $0.checkpoints = checkpoints }
    }

    /// Folds metric samples into their run's summary.
    mutating func apply(_ samples: RunSamples) { entries.change(samples.run) { $0.summary.apply(samples) } }

    /// From now on the run's curves are read from the store.
    mutating func markIncomplete(_ id: RunID) { entries.change(id) { $0.isComplete = false } }

    mutating func setDeleted(_ id: RunID, _ deleted: Bool) {
        entries.change(id) { $0.summary.isDeleted = deleted }
        noteActivity(id)
    }

    /// Another process removed it for good. What is known of it stays for the pages that show it.
    mutating func remove(_ id: RunID) {
        entries.change(id) { ($0.summary.isDeleted, $0.isRemoved) = (true, true) }
        noteActivity(id)
    }

    /// Takes over what the user changed.
    mutating func apply(_ edit: RunEdit, to id: RunID) { entries.change(id) { $0.summary.apply(edit) } }
}

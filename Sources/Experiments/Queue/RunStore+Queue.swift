import Clocks
import Databases
import Events

extension RunStore {
    private var queueRows: QueueStore { QueueStore(database) }

    /// Jobs that wait for the host or that it trains, in the order in which they start.
    public func queue() throws(StoreError) -> [QueuedJob] { try queueRows.jobs() }

    /// A run's place in the queue; nil when it is in none.
    public func queued(_ run: RunID) throws(StoreError) -> QueuedJob? { try queueRows.job(run) }

    // MARK: - Into the queue

    /// Registers a new run that no process trains yet: it waits for the host. Its name is made unique by a number.
    /// - Returns: the record with the name it got.
    public func enqueue(_ record: RunRecord, _ job: QueuedJob) throws(StoreError) -> RunRecord {
        try database.transaction { () throws(StoreError) in
            var record = record
            record.processID = 0
            record = try insert(record, owner: .queue)
            try queueRows.add(job)
            let change = try RunWriter(database).nextChange()
            for kind: StudioEvent.Kind in [
                .run(.registered(record)), .job(.statusChanged(JobStatusChange(status: .pending))),
            ] {
                let event = StudioEvent(sequence: 0, wallTime: WallClock.now(), run: record.id, kind: kind)
                try FeatureStoreList(database).fold(event, of: record, change: change)
            }
            return record
        }
    }

    /// Has a run that ended wait for the host, which goes on with it.
    /// - Parameter known: what the caller saw of it: nothing else may have happened to it since.
    /// - Throws: `alreadyRunning` when a process trains it, or it waits already, and where it would wait for itself.
    public func enqueue(ended run: RunID, knownAs known: RunSummary, _ job: QueuedJob) throws(StoreError) {
        if let circle = try circle(from: job.conditions.after, to: run) {
            let names = try circle.map { other throws(StoreError) in try self.run(other)?.record.name ?? other.text }
            throw StoreError(
                code: .alreadyRunning,
                message: "\(known.record.name) would wait for itself: it starts after "
                    + names.joined(separator: ", which starts after ") + ": give it another --after",
                operation: "enqueue")
        }
        _ = try claim(run, knownAs: known, for: .queue) { () throws(StoreError) in try queueRows.add(job) }
    }

    /// The way on which a run waits for itself; nil where it does not.
    private func circle(from runs: [RunID], to run: RunID) throws(StoreError) -> [RunID]? {
        let waiting = Dictionary(uniqueKeysWithValues: try queue().map { ($0.run, $0.conditions.after) })
        var ways = runs.map { [$0] }, seen: Set<RunID> = []
        while let way = ways.popLast() {
            guard let last = way.last, seen.insert(last).inserted else { continue }
            if last == run { return way }
            ways += (waiting[last] ?? []).map { way + [$0] }
        }
        return nil
    }

    /// Notes that a run which this process trains is the host's, should this process end before the run does.
    public func reserve(_ job: QueuedJob) throws(StoreError) {
        var job = job
        job.state = .started
        try database.transaction { () throws(StoreError) in
            try queueRows.add(job)
            _ = try RunWriter(database).nextChange()
        }
    }

    // MARK: - Out of it

    /// Takes a job for this process, in one step for all who might: it is handed out once.
    /// - Parameter state: what the caller saw; one that a killed process had is taken in the state that it left.
    /// - Returns: whether it is this process's now.
    public func take(_ run: RunID, seenAs state: QueuedJob.State) throws(StoreError) -> Bool {
        try database.transaction { () throws(StoreError) in
            guard let job = try queueRows.job(run), job.state == state, job.state != .held,
                let (owner, _) = try names.owner(of: run.text),
                job.state == .waiting ? owner == .queue || !owner.isAlive : owner != .current && !owner.isAlive
            else { return false }
            // What a killed process had begun with is not begun with anew.
            if state != .started { try queueRows.write(.starting, of: run) }
            let change = try RunWriter(database).nextChange()
            try database.run(
                "UPDATE runs SET owner = ?, change = ? WHERE id = ?",
                [.text(ProcessMark.current.text), .integer(change), .text(run.text)])
            return true
        }
    }

    /// Jobs that a process had taken which is gone.
    public func abandonedJobs() throws(StoreError) -> [QueuedJob] {
        var abandoned: [QueuedJob] = []
        for job in try queue() where !job.state.isWaiting {
            if let (owner, _) = try names.owner(of: job.run.text), owner != .current, !owner.isAlive { abandoned.append(job) }
        }
        return abandoned
    }

    /// Notes that the process which took a job has begun with it: from here on it can only go on.
    public func noteStarted(_ run: RunID) throws(StoreError) {
        try change { rows throws(StoreError) in try rows.write(.started, of: run) }
    }

    /// Removes a job that waits from the queue: its run is stopped.
    /// - Returns: whether it waited; where not, nothing is done.
    public func cancel(_ run: RunID, because reason: EndReason = .stoppedByUser) throws(StoreError) -> Bool {
        guard
            try database.transaction({ () throws(StoreError) in
                guard let job = try queueRows.job(run), job.state.isWaiting else { return false }
                try queueRows.remove(run)
                return true
            })
        else { return false }
        try end(run, .stopped, because: reason)
        return true
    }

    /// Ends a run that no process trains.
    public func end(_ run: RunID, _ status: JobStatus, because reason: EndReason) throws(StoreError) {
        guard let summary = try self.run(run) else { return }
        let isKept = summary.bestStep != nil
        try apply(.job(.statusChanged(JobStatusChange(status: status, reason: reason))), to: run)
        try apply(
            .job(
                .finished(
                    JobResult(
                        name: summary.record.name, status: status, reason: reason, bestStep: summary.bestStep,
                        metrics: isKept ? summary.lastMetrics.filter { !$0.key.isSystem } : [:]))), to: run)
    }

    // MARK: - Order

    /// Holds a job that waits, or lets it go again.
    /// - Returns: whether it waited.
    public func hold(_ run: RunID, _ isHeld: Bool) throws(StoreError) -> Bool {
        try changeWaiting(run) { rows, job throws(StoreError) in try rows.write(isHeld ? .held : .waiting, of: run) }
    }

    /// Moves a job among those that wait; where it comes to stand before or behind those of another priority it takes theirs.
    /// - Returns: whether it waited.
    public func move(_ run: RunID, _ move: QueueMove) throws(StoreError) -> Bool {
        try changeWaiting(run) { rows, job throws(StoreError) in
            var others = try rows.jobs().filter(\.state.isWaiting)
            guard let now = others.firstIndex(where: { $0.run == run }) else { return }
            others.remove(at: now)
            let wanted =
                switch move {
                case .first: 0
                case .last: others.count
                case .up: max(0, now - 1)
                case .down: min(others.count, now + 1)
                case .to(let number): min(others.count, number - 1)
                }
            guard wanted != now else { return }
            let before = wanted > 0 ? others[wanted - 1] : nil, behind = wanted < others.count ? others[wanted] : nil
            // Between two it takes a place between theirs, with the priority of the one it passed.
            let neighbour = wanted < now ? behind : before
            guard let neighbour else { return }
            let isSame = { (other: QueuedJob?) in other?.priority == neighbour.priority }
            var low = isSame(before) ? before?.place : nil, high = isSame(behind) ? behind?.place : nil
            if let lower = low, let upper = high, (lower + upper) / 2 <= lower || (lower + upper) / 2 >= upper {
                // There is no number left between the two: all of them get new ones.
                for (number, other) in others.enumerated() {
                    try rows.write(priority: other.priority, place: Double(number), of: other.run)
                }
                (low, high) = (Double(wanted - 1), Double(wanted))
            }
            let place: Double
            switch (low, high) {
            case (let low?, let high?): place = (low + high) / 2
            case (let low?, nil): place = low + 1
            case (nil, let high?): place = high - 1
            case (nil, nil): place = job.place
            }
            try rows.write(priority: neighbour.priority, place: place, of: run)
        }
    }

    /// Gives a job that waits another priority: it goes behind those that have it already.
    /// - Returns: whether it waited.
    public func prioritise(_ run: RunID, _ priority: Int) throws(StoreError) -> Bool {
        try changeWaiting(run) { rows, job throws(StoreError) in
            let last = try rows.jobs().filter { $0.priority == priority }.map(\.place).max() ?? 0
            try rows.write(priority: priority, place: last + 1, of: run)
        }
    }

    /// Keeps what jobs wait for, where that has changed.
    public func note(waitsFor texts: [RunID: String]) throws(StoreError) {
        let changed = try queue().filter { job in texts[job.run].map { $0 != job.waitsFor } ?? false }
        guard !changed.isEmpty else { return }
        try change { rows throws(StoreError) in
            for job in changed { try rows.write(waitsFor: texts[job.run] ?? "", of: job.run) }
        }
    }

    private func changeWaiting(
        _ run: RunID, _ body: (QueueStore, QueuedJob) throws(StoreError) -> Void
    ) throws(StoreError) -> Bool {
        try database.transaction { () throws(StoreError) in
            guard let job = try queueRows.job(run), job.state.isWaiting else { return false }
            try body(queueRows, job)
            _ = try RunWriter(database).nextChange()
            return true
        }
    }

    private func change(_ body: (QueueStore) throws(StoreError) -> Void) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            try body(queueRows)
            _ = try RunWriter(database).nextChange()
        }
    }
}

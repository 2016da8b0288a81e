import CheckedNumbers
import Clocks
import Events
import Experiments
import Glibc
import Learners
import Serving
import Synchronization
import Tables
import Threads
import Training

/// A workspace's models that are trained again, as its host carries them on: rows, run, comparison, canary.
///
/// What is wanted and how far it came are rows of the workspace, so that the next host goes on where one was killed.
// SAFETY: all but `signal`, `isEnding` and `openCount` is used by the desk's thread, or once it has ended.
final class RetrainingDesk: @unchecked Sendable {
    private let engine: Engine
    private let store: RunStore
    private let lane: WorkLane
    private let onWish: @Sendable () -> Void
    private let signal = ThreadSignal()
    private let isEnding = Atomic<Bool>(false)
    private let openCount = Atomic<Int>(0)
    private var thread: NamedThread?

    /// - Parameters:
    ///   - lane: the one that the engine's store belongs to.
    ///   - onWish: called when something is wanted of an endpoint.
    init(_ engine: Engine, lane: WorkLane, onWish: @escaping @Sendable () -> Void) throws {
        (self.engine, self.lane, self.onWish) = (engine, lane, onWish)
        store = try RunStore(engine.workspace)
        signal.set()
        thread = try NamedThread(name: "retraining", stackBytes: 16 << 20) { [unowned self] in
            while !isEnding.load(ordering: .acquiring) {
                var hasOpen = true
                do { hasOpen = try follow() } catch { complain(error) }
                // How runs and endpoints come on is looked at while there is something to wait for.
                guard hasOpen else {
                    signal.wait()
                    continue
                }
                _ = signal.wait(untilNanoseconds: SteadyClock.nanoseconds() + UInt64(nearestWithin: Self.pause * 1e9))
            }
        }
    }

    /// - Units: seconds.
    private static let pause = 0.3
    private static let patience = 120.0

    var isIdle: Bool { openCount.load(ordering: .acquiring) == 0 }

    /// The workspace has changed.
    func look() { signal.set() }

    /// Goes on with nothing more: the next host does.
    func close() {
        isEnding.store(true, ordering: .releasing)
        signal.set()
        thread?.join()
        thread = nil
    }

    /// - Returns: whether one is under way.
    private func follow() throws -> Bool {
        let open = try store.monitors.openRetrainings()
        openCount.store(open.count, ordering: .releasing)
        for record in open where !isEnding.load(ordering: .acquiring) {
            do {
                if let next = try step(record), next != record { try store.monitors.write(next) }
            } catch { try end(record, .failed, CommandError(error).description) }
        }
        return !open.isEmpty
    }

    private func complain(_ error: any Error) {
        engine.bus.post(.notice(.commandFailed(message: CommandError(error).description)), run: nil)
    }

    private func end(_ record: RetrainingRecord, _ status: RetrainingRecord.Status, _ reason: String) throws {
        try store.monitors.write(record.ended(status, reason))
    }

    // MARK: - Steps

    /// - Returns: how it stands then; nil where nothing changes.
    private func step(_ record: RetrainingRecord) throws -> RetrainingRecord? {
        switch record.status {
        case .waiting: try begin(record)
        case .training: try followRun(record)
        case .deploying: try followEndpoint(record)
        case .deployed, .trained, .kept, .rolledBack, .failed: nil
        }
    }

    /// Writes the rows down and has the run wait for the host. Its id is known before, so that nobody begins with another one.
    private func begin(_ asked: RetrainingRecord) throws -> RetrainingRecord {
        var record = asked
        if record.run == nil {
            var generator = SystemRandomNumberGenerator()
            record.run = RunID.random(using: &generator)
            try store.monitors.write(record)
        }
        guard let id = record.run else { return record }
        if try store.run(id) == nil {
            // What was answered a moment ago is being written down.
            usleep(CaptureWriter.gatheringMicroseconds * 5)
            let prepared = try RetrainingData(workspace: engine.workspace, store: store).prepare(&record)
            (record.rowCount, record.newRowCount) = (prepared.rowCount, prepared.newRowCount)
            (record.judgedRowCount, record.notes) = (prepared.judgedRowCount, prepared.notes)
            var request = prepared.request
            let number = try store.monitors.retrainings(of: record.endpoint).count
            request.name = "\(record.endpoint)-again-\(number)"
            record.runName = request.name
            try store.monitors.write(record)
            let job = request
            try lane.carryOut { [engine] in _ = try engine.enqueue(job, as: id) }
        }
        record.status = .training
        return record
    }

    private func followRun(_ record: RetrainingRecord) throws -> RetrainingRecord? {
        guard let id = record.run, let run = try store.run(id), !run.isDeleted else {
            return record.ended(.failed, "its run was deleted")
        }
        // One that waits for the host again, after another was killed, is not over.
        guard run.status.isFinal, try !store.queue().contains(where: { $0.run == id }) else { return nil }
        var record = record
        record.runName = run.record.name
        guard run.status == .completed else {
            return record.ended(.failed, "\(run.record.name) is \(run.status.rawValue): \(run.reason.text)")
        }
        record.measures = try measures(record, id)
        if record.verdict == "worse" {
            return record.ended(
                .kept, "\(run.record.name) is \(MonitorText.verdict(record)): `descent endpoint update` deploys it all the same")
        }
        guard record.deploys else {
            return record.ended(.trained, "`descent endpoint update \(record.endpoint) --model \(run.record.name)` deploys it")
        }
        record.status = .deploying
        try store.monitors.write(record)
        return try deploy(record, run.record)
    }

    /// How good both models are on new rows that neither learned from.
    private func measures(_ record: RetrainingRecord, _ run: RunID) throws -> [RetrainingRecord.Measure] {
        let old = try ChosenModel(record.oldModelID, workspace: engine.workspace)
        let new = try ChosenModel(run.text, workspace: engine.workspace)
        let path = RetrainingData.folder(of: record.id, in: engine.workspace) + "/" + RetrainingData.judgingName
        let table = try new.model.read(path, options: try ReadOptions(new.request.reading).forOtherFiles)
        let comparison = try HeldOutComparing.compare([old.model, new.model], on: table)
        return comparison.measures.map { measure in
            RetrainingRecord.Measure(
                name: measure.name, minimises: measure.minimises, before: measure.values[0], after: measure.values[1],
                low: measure.intervals[1]?.lowerBound, high: measure.intervals[1]?.upperBound)
        }
    }

    // MARK: - The canary

    private func deploy(_ record: RetrainingRecord, _ run: RunRecord) throws -> RetrainingRecord {
        var record = record
        let endpoint = try store.endpoints.endpoint(named: record.endpoint)
        var alarms: [String] = []
        for alarm in try store.alarms.all() where alarm.endpoint == endpoint.name {
            // What the drift itself set off could not be told from what the new model does.
            if alarm.monitor != nil, alarm.state == "ALARM" {
                record.notes.append("alarm \(alarm.name) is on, and does not watch the canary")
            } else if alarms.count < 10 {
                alarms.append(alarm.name)
            }
        }
        var variants = endpoint.variants
        guard let place = variants.firstIndex(where: { $0.modelID == record.oldModelID }) else {
            return record.ended(
                .failed, "\(endpoint.name) has another model meanwhile: `descent endpoint update` deploys \(run.name)")
        }
        (variants[place].model, variants[place].modelID) = (run.name, run.id.text)
        let update = EndpointUpdate(
            variants: variants, strategy: "canary", step: 0.1, wait: record.wait, terminationWait: 0, alarms: alarms)
        if let refusal = try ask(.update(update), of: endpoint.id) {
            return record.ended(
                .failed, "\(run.name) is trained (\(MonitorText.verdict(record))), and not deployed: \(refusal)")
        }
        return record
    }

    /// - Returns: why it is not done; nil where it is.
    private func ask(_ wish: EndpointWish, of endpoint: String) throws -> String? {
        let number = try store.endpoints.wish(wish, of: endpoint), end = SteadyClock.seconds() + Self.patience
        onWish()
        while SteadyClock.seconds() < end, !isEnding.load(ordering: .acquiring) {
            if let answer = try store.endpoints.takeAnswer(number) { return answer.isEmpty ? nil : answer }
            usleep(10_000)
        }
        try store.endpoints.withdraw(number)
        return "the host did not get to it: `descent endpoint update` does it"
    }

    private func followEndpoint(_ record: RetrainingRecord) throws -> RetrainingRecord? {
        guard let run = record.run?.text else { return record.ended(.failed, "its run is not known") }
        guard let endpoint = try store.endpoints.all().first(where: { $0.name == record.endpoint }) else {
            return record.ended(.failed, "the endpoint is gone")
        }
        if endpoint.variants.contains(where: { $0.modelID == run }) { return record.ended(.deployed, "") }
        if endpoint.pending.contains(where: { $0.modelID == run }) { return nil }
        return record.ended(
            .rolledBack,
            endpoint.isRolledBack == true ? endpoint.reason : "it did not come to be deployed: `descent endpoint update` does it")
    }
}

extension RetrainingRecord {
    /// As it stands once it is over.
    func ended(_ status: Status, _ reason: String) -> RetrainingRecord {
        var record = self
        (record.status, record.reason, record.endedAt) = (status, reason, WallClock.now())
        return record
    }
}

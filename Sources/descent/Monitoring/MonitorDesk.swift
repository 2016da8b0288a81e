import CheckedNumbers
import Clocks
import Events
import Experiments
import Glibc
import Monitoring
import Synchronization
import Threads

/// A workspace's monitors as its host carries them: writes down what is due, and looks.
///
/// Executions are rows before anybody looks at data, so that those of a killed host are the next one's.
// SAFETY: all but `signal`, `isEnding` and `scheduledCount` is used by the desk's thread, or once it has ended.
final class MonitorDesk: @unchecked Sendable {
    private let engine: Engine
    private let store: RunStore
    private let signal = ThreadSignal()
    private let isEnding = Atomic<Bool>(false)
    private let scheduledCount = Atomic<Int>(0)
    private var thread: NamedThread?
    private let onRetraining: @Sendable () -> Void

    /// - Parameter onRetraining: called when a violation has a model trained again.
    init(_ engine: Engine, onRetraining: @escaping @Sendable () -> Void) throws {
        (self.engine, self.onRetraining) = (engine, onRetraining)
        store = try RunStore(engine.workspace)
        signal.set()
        thread = try NamedThread(name: "monitors") { [unowned self] in
            while !isEnding.load(ordering: .acquiring) {
                var next: Double?
                do { next = try follow() } catch {
                    engine.bus.post(.notice(.commandFailed(message: CommandError(error).description)), run: nil)
                    next = WallClock.now() + 5
                }
                wait(until: next)
            }
        }
    }

    /// How long after its time a request may still be written down: it is when it is answered.
    /// - Units: seconds.
    static let grace = 5.0

    /// Whether some monitor looks by itself.
    var isScheduled: Bool { scheduledCount.load(ordering: .acquiring) > 0 }

    /// The workspace has changed.
    func look() { signal.set() }

    /// Looks no more. What has begun ends first.
    func close() {
        isEnding.store(true, ordering: .releasing)
        signal.set()
        thread?.join()
        thread = nil
    }

    private func wait(until next: Double?) {
        guard let next else { return signal.wait() }
        let seconds = min(max(0.05, next - WallClock.now()), 3600)
        _ = signal.wait(untilNanoseconds: SteadyClock.nanoseconds() + UInt64(nearestWithin: seconds * 1e9))
    }

    /// - Returns: when something is due next.
    private func follow() throws -> Double? {
        var next: Double?
        for fault in try MonitorRenewal(workspace: engine.workspace, store: store).renew() {
            engine.bus.post(.notice(.commandFailed(message: fault)), run: nil)
        }
        let monitors = try store.monitors.all()
        for monitor in monitors {
            guard var due = monitor.nextAt else { continue }
            if due <= WallClock.now() {
                try MonitorSchedule.writeDue(monitor, store.monitors)
                due = try store.monitors.monitor(named: monitor.name).nextAt ?? .infinity
            }
            next = min(next ?? due, due)
        }
        scheduledCount.store(monitors.count { $0.nextAt != nil }, ordering: .releasing)
        let executor = MonitorExecutor(workspace: engine.workspace, store: store.monitors)
        while !isEnding.load(ordering: .acquiring) {
            let now = WallClock.now(), (execution, waits) = try store.monitors.take(at: now, closed: now - Self.grace)
            guard let execution else { return [next, waits.map { $0 + Self.grace }].compactMap { $0 }.min() }
            let monitor = try store.monitors.monitor(named: execution.monitor)
            let ended = executor.carryOut(execution, of: monitor)
            try store.monitors.end(ended)
            try retrainIfAsked(monitor, after: ended)
        }
        return nil
    }

    /// Has the endpoint's model trained again where the monitor says so, unless that is under way, or was done since the rows came.
    private func retrainIfAsked(_ monitor: MonitorRecord, after execution: MonitorExecution) throws {
        guard execution.status == .completedWithViolations, let endpoint = monitor.endpoint,
            let rows = monitor.settings[MonitorExecutor.retrainSetting].flatMap(RetrainingData.Rows.init)
        else { return }
        if let last = try store.monitors.retrainings(of: endpoint).first {
            guard last.status.isOver, last.endedAt ?? .infinity <= execution.from else { return }
        }
        try store.monitors.askToRetrain(monitor.name, isInstead: rows == .instead)
        onRetraining()
    }
}

extension MonitorSchedule {
    /// Writes the executions down that are due, and when the monitor looks next. Each covers what came since the one before.
    static func writeDue(_ monitor: MonitorRecord, _ store: MonitorStore) throws {
        let schedule = try MonitorSchedule(monitor.schedule)
        _ = try store.schedule(monitor.name) { now in
            guard let first = now.nextAt else { return ([], nil) }
            let due = schedule.due(since: first, by: WallClock.now())
            var from = now.coveredUntil
            let executions = due.times.map { time in
                // Requests have whole seconds.
                let until = max(from, time.rounded(.down))
                defer { from = until }
                return MonitorExecution(
                    monitor: now.name, scheduledAt: time, from: from, until: until,
                    folder: folder(of: now.name, time))
            }
            return (executions, due.next)
        }
    }

    /// Where an execution's files are, in the workspace.
    static func folder(of monitor: String, _ time: Double) -> String {
        let text = WallClock.text(time).prefix(23).map { $0 == ":" || $0 == "." ? "-" : $0 }
        return "monitors/\(monitor)/\(String(text))"
    }
}

import Clocks
import Databases
import Events
import Experiments
import TemporaryFolders
import Testing

@Suite("Monitors and their executions")
struct MonitorStoreTests {
    private let scratch: TemporaryFolder
    private let store: RunStore

    init() throws {
        scratch = try TemporaryFolder()
        store = try RunStore(try Workspace(path: scratch.path + "/w"))
        try store.monitors.register(
            MonitorRecord(
                name: "hourly", kind: .dataQuality, source: .endpoint("churn"), baseline: "/b", schedule: "every=1h",
                settings: ["model-id": "m"], createdAt: 100, nextAt: 3600))
    }

    private func execution(_ time: Double) -> MonitorExecution {
        MonitorExecution(monitor: "hourly", scheduledAt: time, from: time - 3600, until: time, folder: "monitors/hourly/\(time)")
    }

    @Test func `an execution is there once, however often it is written down`() throws {
        for _ in 0..<3 { _ = try store.monitors.schedule("hourly") { _ in ([execution(3600), execution(7200)], 10_800) } }
        let all = try store.monitors.executions(of: "hourly")
        #expect(all.map(\.scheduledAt) == [7200, 3600] && all.allSatisfy { $0.status == .pending })
        let monitor = try store.monitors.monitor(named: "hourly")
        #expect(monitor.nextAt == 10_800 && monitor.coveredUntil == 7200 && monitor.settings == ["model-id": "m"])
    }

    @Test func `what somebody who lives looks at is not taken twice, and what a dead one began is`() throws {
        _ = try store.monitors.schedule("hourly") { _ in ([execution(3600), execution(7200)], 10_800) }
        #expect(try store.monitors.take(at: 3601, closed: 3500).waitsUntil == 3600)
        let first = try #require(try store.monitors.take(at: 9000, closed: 9000).execution)
        #expect(first.scheduledAt == 3600 && first.status == .inProgress)
        // A process that is gone had begun the other.
        var other = try #require(try store.monitors.take(at: 9000, closed: 9000).execution)
        #expect(other.scheduledAt == 7200)
        #expect(try store.monitors.take(at: 9000, closed: 9000).execution == nil)
        other.owner = "999999999:1"
        try Database(path: scratch.path + "/w/descent.sqlite").run(
            "UPDATE monitor_executions SET body = ? WHERE scheduled_at = 7200", [.text(other.json.text)])
        #expect(try store.monitors.take(at: 9000, closed: 9000).execution?.scheduledAt == 7200)
    }

    @Test func `how it ended is kept, and goes with the monitor`() throws {
        _ = try store.monitors.schedule("hourly") { _ in ([execution(3600)], nil) }
        var done = try #require(try store.monitors.take(at: 3700, closed: 3700).execution)
        (done.status, done.rowCount, done.drift) = (.completedWithViolations, 12, ["age": 0.4])
        done.violations = [.init(feature: "age", check: "baseline_drift_check", description: "far")]
        try store.monitors.end(done)
        done.owner = nil
        #expect(try store.monitors.executions(of: "hourly") == [done])
        try store.monitors.remove("hourly")
        #expect(try store.monitors.executions(of: "hourly").isEmpty)
        #expect(try store.monitors.all().isEmpty)
    }
}

import CheckedNumbers
import Events
import Experiments
import Glibc
import JSON
import Serving

// What alarms watch beside requests, and what follows from them. On the desk's thread.
extension EndpointDesk {
    func measureLevels(_ alarms: [AlarmRecord], _ now: Double) throws {
        if let share = Self.memoryShare { memoryLevels.add(share * 100, now: now) }
        for endpoint in live.values {
            guard let queue = endpoint.asyncQueue else { continue }
            backlogLevels[endpoint.name, default: LevelHistory()].add(Double(queue.counts.backlog), now: now)
        }
        let watching = alarms.filter { $0.monitor != nil }
        monitorLevels = monitorLevels.filter { known in watching.contains { $0.name == known.key } }
        guard !watching.isEmpty else { return }
        let monitors = try store.monitors.standings()
        for alarm in watching {
            guard let found = monitors.first(where: { $0.record.name == alarm.monitor })?.judged else { continue }
            let own = found.violations.count { alarm.feature == nil || $0.feature == alarm.feature }
            let isCount = alarm.metric == AlarmRule.Metric.monitorViolations.rawValue
            guard let level = isCount ? Double(own) : alarm.feature.flatMap({ found.drift[$0] }) else { continue }
            monitorLevels[alarm.name, default: LevelHistory()].add(level, now: now)
        }
    }

    func levels(_ metric: AlarmRule.Metric, of alarm: AlarmRecord) -> LevelHistory? {
        switch metric {
        case .memory: memoryLevels
        case .backlog: backlogLevels[alarm.endpoint]
        case .monitorViolations, .monitorValue: monitorLevels[alarm.name]
        default: nil
        }
    }

    /// What this process has of the machine's memory; nil where the kernel does not say.
    /// - Range: 0 to 1.
    private static var memoryShare: Double? {
        guard let file = fopen("/proc/self/statm", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, 256, file) != nil else { return nil }
        let words = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).split(separator: " ")
        let pages = sysconf(Int32(_SC_PHYS_PAGES))
        guard words.count > 1, let resident = Double(words[1]), pages > 0 else { return nil }
        return resident / Double(pages)
    }

    /// Has happen what the workspace's list of actions says of alarms.
    func tell(_ alarm: AlarmRecord, before: String, _ variants: [LiveVariant], _ now: Double) {
        let wasOn = before == AlarmRule.State.alarm.rawValue
        let state: RuleState
        switch AlarmRule.State(rawValue: alarm.state) {
        case .alarm: state = .issue
        case .ok: state = wasOn ? .cleared : .ok
        case .insufficientData, nil: state = wasOn ? .cleared : .waitingForData
        }
        engine.desk.hear(
            StateChange(
                kind: .alarm, name: alarm.name, state: state, severity: state == .issue ? .issue : nil, run: RunID(""),
                runName: alarm.endpoint, step: 0, time: now, summary: summary(alarm, variants, now)))
    }

    /// `p99 ModelLatency gt 5000 in 2 of 3 periods of 10 s; the last was 7210`
    private func summary(_ alarm: AlarmRecord, _ variants: [LiveVariant], _ now: Double) -> String {
        var text =
            "\(alarm.what) \(alarm.comparison) \(JSONValue.text(alarm.threshold)) in \(alarm.datapoints) of "
            + "\(alarm.evaluationPeriods) periods of \(alarm.period) s"
        do {
            let rule = try alarm.rule()
            let metrics = variants.filter { alarm.variant == nil || $0.name == alarm.variant }.map(\.metrics)
            let values = rule.values(of: metrics, levels: levels(rule.metric, of: alarm), now: now)
            if let last = values.last { text += "; the last was " + (last.map(JSONValue.text) ?? "without data") }
        } catch {}
        return text
    }
}

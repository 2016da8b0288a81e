import Events
import Experiments
import Files
import JSON
import Monitoring
import Studio

extension ReadMonitor: AnsweredQuery {
    /// Executions that are shown.
    static let mostExecutions = 300

    func answer(_ work: QueryWork<MonitorReading>) throws -> MonitorReading {
        let store = try work.store.monitors, record = try store.monitor(named: monitor)
        return MonitorReading(
            executions: try store.executions(of: monitor, limit: Self.mostExecutions).reversed(),
            baseline: MonitorBaseline.values(record),
            retrainings: try record.endpoint.map { try store.retrainings(of: $0) } ?? [])
    }
}

extension ReadMonitorValue: AnsweredQuery {
    func answer(_ work: QueryWork<MonitorValueReading>) throws -> MonitorValueReading {
        let store = try work.store.monitors, record = try store.monitor(named: monitor)
        let executions = Array(
            try store.executions(of: monitor, limit: ReadMonitor.mostExecutions).reversed().filter {
                $0.rowCount > 0 && ($0.status == .completed || $0.status == .completedWithViolations)
            })
        var reading = MonitorValueReading(executions: executions, baseline: MonitorBaseline.values(record)[feature])
        guard record.kind == .dataQuality, let newest = executions.last else { return reading }
        let folder = work.engine.workspace.path + "/" + newest.folder
        reading.distributions = try Self.distributions(feature, record.baseline, folder, newest)
        if let since = executions.violatedSince(feature) {
            reading.effects = try MonitorEffects.since(since.from, of: record, store)
        }
        return reading
    }

    /// A column in the baseline and in a window; nil where one of them has no statistics of it any more.
    private static func distributions(
        _ feature: String, _ baseline: String, _ folder: String, _ execution: MonitorExecution
    ) throws -> MonitorValueReading.Distributions? {
        guard let text = FileContents.text(folder + "/" + Baseline.statisticsName),
            let before = try Baseline(folder: baseline).statistics.feature(feature),
            let now = try DatasetStatistics(try JSONValue(parsing: text)).feature(feature),
            let pair = DistributionPair(before, now)
        else { return nil }
        return .init(
            edges: pair.edges, names: pair.names, before: pair.before, now: pair.now, from: execution.from,
            until: execution.until)
    }
}

/// What values of monitors were in their baselines.
enum MonitorBaseline {
    /// By name; empty where a monitor's values are distances from the baseline, and where that cannot be read.
    static func values(_ record: MonitorRecord) -> [String: Double] {
        var values: [String: Double] = [:]
        do {
            switch record.kind {
            case .modelQuality:
                for value in try ModelQualityBaseline(folder: record.baseline).quality?.values ?? [] {
                    values[value.name] = value.value
                }
            case .bias: values = try MonitorExecutor.analysis(record.baseline, BiasBounds.init).named
            case .dataQuality, .explainability: break
            }
        } catch {}
        return values
    }
}

/// What a drift did to what a model is worth, by the labels that its endpoint's monitors know.
enum MonitorEffects {
    /// - Parameter time: since when something is otherwise, in seconds since 1970.
    /// - Returns: nil where no labels of the time since are known.
    static func since(
        _ time: Double, of record: MonitorRecord, _ store: MonitorStore
    ) throws -> [MonitorValueReading.Effect]? {
        guard let endpoint = record.endpoint else { return nil }
        let judges = try store.all().filter { $0.kind == .modelQuality && $0.endpoint == endpoint }
        for judge in judges {
            let executions = try store.executions(of: judge.name, limit: ReadMonitor.mostExecutions).filter { $0.rowCount > 0 }
            // A window that has rows of both sides tells of neither.
            let before = executions.filter { $0.until <= time }, since = executions.filter { $0.from >= time }
            let baseline = MonitorBaseline.values(judge)
            guard !since.isEmpty else {
                let all = try store.executions(of: judge.name, limit: ReadMonitor.mostExecutions).filter { $0.from >= time }
                guard let estimate = all.first?.drift[MonitorExecutor.estimateName] else { continue }
                return [.init(metric: "accuracy", before: baseline["accuracy"], since: estimate, rowsBefore: 0, rowsSince: 0)]
            }
            let names = MonitorMetrics.headlines.filter { name in since.contains { $0.drift[name] != nil } }.prefix(4)
            return names.map { name in
                let earlier = mean(name, before)
                return .init(
                    metric: name, before: earlier?.value ?? baseline[name], since: mean(name, since)?.value ?? .nan,
                    rowsBefore: earlier?.rows ?? 0, rowsSince: mean(name, since)?.rows ?? 0)
            }
        }
        return nil
    }

    /// Weighed by rows.
    private static func mean(_ name: String, _ executions: [MonitorExecution]) -> (value: Double, rows: Int)? {
        var sum = 0.0, rows = 0
        for one in executions {
            guard let value = one.drift[name] else { continue }
            sum += value * Double(one.rowCount)
            rows += one.rowCount
        }
        return rows > 0 ? (sum / Double(rows), rows) : nil
    }
}

/// The metrics of a model's quality that tell most.
enum MonitorMetrics {
    static let headlines = ["accuracy", "auc", "f1", "weighted_f1", "rmse", "mae", "r2"]
}

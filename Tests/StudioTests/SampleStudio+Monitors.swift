import Cells
import Events

@testable import Studio

/// Three monitors of the sample's endpoint: of data in which a column moved six windows ago, of a model that is worth less since then, and
/// one that rests; and one that looks at files.
extension SampleStudio {
    static let dataMonitor = "churn-data-quality"

    private static func monitor(
        _ name: String, _ kind: MonitorRecord.Kind, schedule: String = "cron(0 * ? * * *)",
        source: MonitorRecord.Source = .endpoint("churn")
    ) -> MonitorRecord {
        MonitorRecord(
            name: name, kind: kind, source: source, baseline: "/monitors/\(name)/baseline", schedule: schedule,
            groundTruth: kind == .modelQuality ? "/labels" : nil, settings: ["model-id": "model002"], createdAt: start - 90_000,
            nextAt: schedule == "now" ? nil : start + 1500)
    }

    private static func execution(_ monitor: String, _ place: Int, of count: Int) -> MonitorExecution {
        let time = start - Double(count - 1 - place) * 3600 - 300
        var one = MonitorExecution(
            monitor: monitor, scheduledAt: time, from: time - 3600, until: time, folder: "monitors/\(monitor)/\(place)")
        (one.status, one.rowCount, one.startedAt, one.endedAt) = (.completed, 4000 + place * 37 % 500, time + 5, time + 6.2)
        return one
    }

    /// Windows of data in which `tenure` moves away from the 18th on.
    static var dataExecutions: [MonitorExecution] {
        let columns = ["tenure", "monthly_charges", "contract", "payment_method", "senior", "total_charges_since_the_beginning"]
        return (0..<24).map { place in
            var one = execution(dataMonitor, place, of: 24)
            for (number, column) in columns.enumerated() {
                one.drift[column] = 0.008 + 0.012 * abs(wave(Double(place * (number + 2)) / 5))
            }
            if place >= 16 { one.drift["tenure"] = min(0.34, 0.06 + Double(place - 16) * 0.045) }
            if place >= 18 {
                one.violations = [
                    .init(
                        feature: "tenure", check: "baseline_drift_check",
                        description: "baseline drift distance \(one.drift["tenure"] ?? 0) exceeds the threshold 0.1")
                ]
                one.status = .completedWithViolations
            }
            if place == 23 {
                one.violations.append(
                    .init(
                        feature: "contract", check: "categorical_values_check",
                        description: "expected 100 % of the values to be among the 3 of the baseline, and 97.1 % are"))
            }
            if place == 9 {
                (one.status, one.rowCount, one.drift, one.reason) = (.completed, 0, [:], "no request was captured in this time")
            }
            return one
        }
    }

    static var qualityExecutions: [MonitorExecution] {
        (0..<24).map { place in
            var one = execution("churn-model-quality", place, of: 24)
            one.drift = [
                "accuracy": place < 18 ? 0.87 + 0.01 * wave(Double(place)) : 0.78 - Double(place - 18) * 0.01,
                "auc": place < 18 ? 0.91 : 0.84, "f1": place < 18 ? 0.72 : 0.6, "recall": place < 18 ? 0.7 : 0.55,
            ]
            if place >= 19 {
                one.status = .completedWithViolations
                one.violations = [
                    .init(
                        feature: "accuracy", check: "LessThanThreshold",
                        description: "accuracy is 0.77 ± 0.007, less than the threshold 0.868")
                ]
            }
            return one
        }
    }

    static var watchedServing: KnownServing {
        var serving = serving
        (serving.endpoints[0].pending, serving.endpoints[0].pendingShare, serving.endpoints[0].status) = ([], 0, .inService)
        let data = dataExecutions, quality = qualityExecutions
        var paused = monitor("prices-files", .dataQuality, source: .folder("/data/incoming"))
        paused.nextAt = nil
        serving.monitors = [
            MonitorStanding(record: monitor(dataMonitor, .dataQuality), last: data.last, judged: data.last),
            MonitorStanding(record: monitor("churn-explainability", .explainability)),
            MonitorStanding(record: monitor("churn-model-quality", .modelQuality), last: quality.last, judged: quality.last),
            MonitorStanding(record: paused),
        ]
        return serving
    }

    static var monitorValue: MonitorValueReading {
        let bins = 24
        func bell(_ middle: Double) -> [Double] {
            let raw = (0..<bins).map { 1 / (1 + (Double($0) - middle) * (Double($0) - middle) / 9) }, sum = raw.reduce(0, +)
            return raw.map { $0 / sum }
        }
        let executions = dataExecutions.filter { $0.rowCount > 0 }
        return MonitorValueReading(
            executions: executions,
            distributions: .init(
                edges: (0...bins).map { Double($0) * 3 }, names: [], before: bell(8), now: bell(15), from: start - 3900,
                until: start - 300),
            effects: [
                .init(metric: "accuracy", before: 0.871, since: 0.752, rowsBefore: 61_000, rowsSince: 24_310),
                .init(metric: "auc", before: 0.91, since: 0.84, rowsBefore: 61_000, rowsSince: 24_310),
            ])
    }

    static var retraining: RetrainingRecord {
        var record = RetrainingRecord(id: "r0000001", monitor: dataMonitor, endpoint: "churn", requestedAt: start - 40)
        (record.status, record.run, record.runName) = (.training, RunID("again001"), "churn-again-1")
        (record.rowCount, record.newRowCount, record.judgedRowCount) = (31_022, 24_000, 6_000)
        (record.oldModel, record.oldModelID) = ("churn:2", "model002")
        return record
    }
}

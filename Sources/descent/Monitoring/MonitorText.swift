import Cells
import Events
import JSON
import Monitoring

/// Checks for people and programs.
enum MonitorText {
    static func status(_ violations: [ConstraintViolation]) -> String {
        violations.isEmpty ? "Completed" : "CompletedWithViolations"
    }

    /// - Parameter monitor: its name; nil for a check without one.
    static func json(_ report: DataQualityReport, monitor: String? = nil) -> JSONValue {
        .object([
            "kind": .string("monitorExecuted"), "monitor": monitor.map { .string($0) } ?? .null,
            "status": .string(status(report.violations)), "rows": .integer(report.rowCount),
            "violations": .array(report.violations.map(\.json)),
            "features": .array(report.features.map(json)),
            "together": report.together.map { together in
                .object([
                    "auc": .number(together.area), "standard_error": .number(together.error), "chance": .number(together.chance),
                    "columns": .array(together.columns.map { .string($0) }),
                ])
            },
            "pairs": .array(
                report.pairs.map {
                    .object([
                        "first": .string($0.first), "second": .string($0.second), "rank_correlation": .number($0.now),
                        "baseline_rank_correlation": .number($0.before), "chance": .number($0.chance),
                    ])
                }),
        ])
    }

    private static func json(_ drift: FeatureDrift) -> JSONValue {
        .object([
            "name": .string(drift.name), "distance": number(drift.distance), "compared": number(drift.compared),
            "psi": number(drift.stabilityIndex), "wasserstein": number(drift.wasserstein),
            "jensen_shannon": number(drift.jensenShannon), "mean": number(drift.mean), "baseline_mean": number(drift.meanBefore),
            "unseen": number(drift.unseen), "completeness": .number(drift.completeness),
            "baseline_completeness": .number(drift.completenessBefore), "drifted": .boolean(drift.isDrifted),
            "tests": .object(drift.tested.map { .init($0.kind.rawValue, .number($0.chance)) }),
        ])
    }

    private static func number(_ value: Double?) -> JSONValue? { value.map { .number($0) } }

    static func text(_ report: DataQualityReport) -> String {
        var rows = [["", "column", "distance", "PSI", "mean, before", "missing, before", "what is otherwise"]]
        for drift in report.features { rows.append(row(drift)) }
        var text = RunText.table(rows, rightAligned: [2, 3])
        text += "\n\(status(report.violations)): \(NumberFormat.grouped(report.rowCount)) rows, "
        text +=
            report.violations.isEmpty ? "nothing beyond the constraints\n" : "\(count(report.violations.count, "violation"))\n"
        for violation in report.violations { text += "! \(violation.feature)  \(violation.check): \(violation.description)\n" }
        return text
    }

    static func short(_ number: Double) -> String { NumberFormat.significant(number, digits: 3) }
    static func percent(_ share: Double) -> String { NumberFormat.percent(share, decimals: 1) }

    static func count(_ number: Int, _ noun: String) -> String {
        "\(NumberFormat.grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    private static func row(_ drift: FeatureDrift) -> [String] {
        func short(_ value: Double?) -> String { value.map { NumberFormat.significant($0, digits: 3) } ?? "" }
        let means = drift.mean.map { "\(short($0)), \(short(drift.meanBefore))" } ?? ""
        let missing = [drift.completeness, drift.completenessBefore].map { NumberFormat.percent(1 - $0, decimals: 1) }
        let signs = drift.signs.map(\.kind.words).joined(separator: "; ")
        return [
            drift.isDrifted ? "▲" : "", drift.name, short(drift.distance), short(drift.stabilityIndex), means,
            missing == ["0.0 %", "0.0 %"] ? "" : missing.joined(separator: ", "), signs,
        ]
    }

    // MARK: - Monitors

    static func json(_ execution: MonitorExecution, kind: String) -> JSONValue {
        JSONValue.object([.init("kind", .string(kind))] + (execution.json.members ?? []))
    }

    static func line(_ execution: MonitorExecution) -> String {
        var text = "\(LocalTime.short(execution.scheduledAt))  \(execution.status.rawValue)  "
        text += "\(count(execution.rowCount, "row"))"
        if !execution.violations.isEmpty {
            var names: [String] = []
            for violation in execution.violations where !names.contains(violation.feature) { names.append(violation.feature) }
            text += "  \(count(execution.violations.count, "violation")): \(names.prefix(6).joined(separator: ", "))"
            if names.count > 6 { text += ", …" }
        }
        return execution.reason.isEmpty ? text : text + "  (\(execution.reason))"
    }

    static func line(_ monitor: MonitorRecord, _ last: MonitorExecution?) -> String {
        let source =
            switch monitor.source {
            case .endpoint(let name): "endpoint \(name)"
            case .folder(let path): path
            }
        var text = "\(monitor.name)  \(monitor.kind.rawValue)  \(source)  \(monitor.schedule)"
        if let next = monitor.nextAt { text += "  next \(LocalTime.short(next))" }
        if let last { text += "  last \(last.status.rawValue)" }
        return text
    }
}

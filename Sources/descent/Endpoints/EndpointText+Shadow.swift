import Cells
import Events
import JSON
import PrintableText

// How an endpoint's shadow compares, as text and as JSON.
extension EndpointText {
    var shadow: JSONValue? {
        guard record.shadow != nil || report != nil else { return nil }
        var members: [JSONValue.Member] = [.init("running", .boolean(record.shadow != nil))]
        if let shadow = record.shadow {
            members += [
                .init("model", .string(shadow.model.model)), .init("modelID", .string(shadow.model.modelID)),
                .init("samplingPercent", .number(shadow.percent)), .init("startedAt", .number(shadow.startedAt)),
            ]
        }
        return .object(members + (report?.json.members ?? []))
    }

    /// Lines for a person; none where there was no shadow.
    var shadowLines: [String] {
        guard record.shadow != nil || report != nil else { return [] }
        var lines = [
            record.shadow.map { "shadow: \($0.model.model) is shown \(Self.percent($0.percent / 100)) of the requests" }
                ?? "shadow: the last test has ended"
        ]
        guard let report, report.requests > 0 || report.leftOut > 0 else { return lines + ["  no request yet"] }
        lines.append(
            "  \(NumberFormat.grouped(report.requests)) requests compared"
                + (report.leftOut > 0 ? ", \(NumberFormat.grouped(report.leftOut)) left out: it does not keep up" : ""))
        if let agreement = report.agreement {
            lines.append(
                "  agreement: \(Self.percent(agreement)) of \(NumberFormat.grouped(report.rows)) rows"
                    + (report.incomparable > 0 ? ", \(NumberFormat.grouped(report.incomparable)) cannot be compared" : ""))
        }
        func number(_ value: Double) -> String { NumberFormat.significant(value) }
        if let found = report.differences {
            lines.append(
                "  scores apart: mean \(number(found.mean)), p50 \(number(found.p50)), p90 \(number(found.p90)), "
                    + "p99 \(number(found.p99)), max \(number(found.max))")
        }
        if let served = report.servedLatency, let shadow = report.shadowLatency {
            lines.append(
                "  model latency: p50 \(number(served.p50)) µs here, \(number(shadow.p50)) µs the shadow; "
                    + "p99 \(number(served.p99)) µs, \(number(shadow.p99)) µs")
        }
        lines.append(
            "  errors: \(report.servedErrors) here alone, \(report.shadowErrors) the shadow alone, \(report.bothErrors) both")
        for found in report.disagreements.prefix(Self.shownDisagreements) {
            let row = found.text.isEmpty ? "row \(found.row) of request \(found.request)" : found.text
            lines.append("  \(found.served) here, \(found.shadow) the shadow: \(row)".printable)
        }
        return lines
    }

    private static let shownDisagreements = 5
}

import Cells
import Fairness
import JSON
import PrintableText

/// Reports of biases for people and programs.
enum BiasText {
    static func json(_ report: BiasReport) -> JSONValue {
        .object([
            "kind": .string("biasMeasured"),
            "facets": .array(
                report.facets.map { facet in
                    .object([
                        "facet": .string(facet.facet.name), "value": .string(facet.facet.value),
                        "metrics": .object(present(facet).map { .init($0.rawValue, json(facet.metrics[$0])) }),
                        "intervals": .object(
                            present(facet).compactMap { metric in
                                facet.intervals[metric].map {
                                    .init(metric.rawValue, .array([.number($0.lowerBound), .number($0.upperBound)]))
                                }
                            }),
                        "undefined": .object(
                            present(facet).compactMap { metric in
                                guard case .undefined(let reason)? = facet.metrics[metric] else { return nil }
                                return .init(metric.rawValue, .string(reason))
                            }),
                        "rows": .object(["facet": count(facet.own.rows), "others": count(facet.others.rows)]),
                    ])
                }),
            "rows": .integer(report.rowCount),
        ])
    }

    private static func count(_ rows: Double) -> JSONValue { .number(rows) }

    private static func json(_ value: BiasValue?) -> JSONValue { value?.number.map { .number($0) } ?? .null }

    private static func present(_ facet: FacetReport) -> [BiasMetric] { BiasMetric.allCases.filter { facet.metrics[$0] != nil } }

    static func text(_ report: BiasReport, _ study: BiasStudy) -> String {
        var text = "\(study.label), positive: \(study.positive.value); \(NumberFormat.grouped(report.rowCount)) rows"
        if let segment = study.segment { text += ", where \(segment.name) \(segment.value)" }
        text += "\n"
        for facet in report.facets {
            let own = NumberFormat.compact(facet.own.rows), others = NumberFormat.compact(facet.others.rows)
            text += "\n\(facet.facet.name) \(facet.facet.value): \(own) rows, beside \(others) others\n"
            let parts = [("the data", BiasMetric.pretraining), ("the predictions", BiasMetric.posttraining)]
            for (title, metrics) in parts {
                let shown = metrics.filter { facet.metrics[$0] != nil }
                guard !shown.isEmpty else { continue }
                text += "  \(title)\n" + RunText.table(shown.map { line($0, facet) }, rightAligned: [1])
            }
        }
        return text
    }

    private static func line(_ metric: BiasMetric, _ facet: FacetReport) -> [String] {
        let number = facet.metrics[metric]?.number.map { NumberFormat.significant($0, digits: 3) } ?? "–"
        let interval = facet.intervals[metric].map {
            "\(NumberFormat.significant($0.lowerBound, digits: 2)) to \(NumberFormat.significant($0.upperBound, digits: 2))"
        }
        return ["    \(metric.rawValue)", number, interval ?? "", sentence(metric, facet)]
    }

    /// What a metric says of a facet.
    static func sentence(_ metric: BiasMetric, _ facet: FacetReport) -> String {
        facet.sentence(
            metric, number: { NumberFormat.significant($0, digits: 3) }, percent: { NumberFormat.percent($0, decimals: 1) })
    }
}

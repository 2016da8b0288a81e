import Clocks
import JSON

/// The server's counters in Prometheus' text format, version 0.0.4. Names of endpoints and variants need no escaping.
enum PrometheusText {
    static func write(_ router: EndpointRouter, _ counters: ServerCounters) -> String {
        var text = ""
        head(&text, "descent_http_requests_total", "counter", "Requests by the status that was answered; 0: none was.")
        for (status, count) in counters.byStatus { text += "descent_http_requests_total{code=\"\(status)\"} \(count)\n" }
        let rows = router.all.flatMap { endpoint in
            // Two versions of a variant are one to whoever counts.
            Dictionary(grouping: endpoint.variants, by: \.name).sorted { $0.key < $1.key }.map { name, variants in
                var sum = VariantMetrics.Counts()
                for variant in variants { sum.add(variant.metrics.total) }
                return (labels: "endpoint=\"\(endpoint.name)\",variant=\"\(name)\"", counts: sum)
            }
        }
        head(&text, "descent_endpoint_ready", "gauge", "Whether an endpoint answers.")
        for endpoint in router.all {
            text += "descent_endpoint_ready{endpoint=\"\(endpoint.name)\"} \(endpoint.isReady ? 1 : 0)\n"
        }
        head(&text, "descent_endpoint_invocations_total", "counter", "Requests that a variant was asked to answer.")
        for row in rows { text += "descent_endpoint_invocations_total{\(row.labels)} \(row.counts.invocations)\n" }
        head(&text, "descent_endpoint_errors_total", "counter", "Answers of a variant that are errors, by kind.")
        for row in rows {
            for (kind, count) in [
                ("4xx", row.counts.clientErrors), ("5xx", row.counts.serverErrors), ("model", row.counts.modelErrors),
            ] { text += "descent_endpoint_errors_total{\(row.labels),kind=\"\(kind)\"} \(count)\n" }
        }
        head(&text, "descent_endpoint_cpu_seconds_total", "counter", "Processor time that answering took.")
        for row in rows {
            let seconds = Double(row.counts.processorNanoseconds) * 1e-9
            text += "descent_endpoint_cpu_seconds_total{\(row.labels)} \(JSONValue.text(seconds))\n"
        }
        for row in [true, false] {
            let name = row ? "descent_endpoint_model_latency_seconds" : "descent_endpoint_overhead_latency_seconds"
            head(&text, name, "histogram", row ? "How long the model took." : "What a request took beside the model.")
            for (labels, counts) in rows { histogram(&text, name, labels, row ? counts.modelLatency : counts.overheadLatency) }
        }
        shadows(&text, router)
        queues(&text, router)
        return text
    }

    /// SageMaker's ApproximateBacklogSize, TimeInBacklog and ExpiredRequests among them.
    private static func queues(_ text: inout String, _ router: EndpointRouter) {
        let all = router.all.compactMap { endpoint in
            endpoint.asyncQueue.map { (labels: "endpoint=\"\(endpoint.name)\"", counts: $0.counts, oldest: $0.oldest) }
        }
        guard !all.isEmpty else { return }
        head(&text, "descent_async_approximate_backlog_size", "gauge", "Asynchronous requests that wait.")
        for row in all { text += "descent_async_approximate_backlog_size{\(row.labels)} \(row.counts.backlog)\n" }
        head(&text, "descent_async_oldest_seconds", "gauge", "How long the one that waits longest has waited.")
        for row in all {
            let seconds = row.oldest.map { max(0, WallClock.now() - $0) } ?? 0
            text += "descent_async_oldest_seconds{\(row.labels)} \(JSONValue.text(seconds))\n"
        }
        head(&text, "descent_async_time_in_backlog_seconds", "summary", "How long requests had waited when they were taken.")
        for row in all {
            text += "descent_async_time_in_backlog_seconds_sum{\(row.labels)} \(JSONValue.text(row.counts.backlogSeconds))\n"
            text += "descent_async_time_in_backlog_seconds_count{\(row.labels)} \(row.counts.taken)\n"
        }
        head(&text, "descent_async_requests_total", "counter", "Asynchronous requests that have ended, by what came of them.")
        for row in all {
            for (outcome, count) in [
                ("answered", row.counts.answered), ("failed", row.counts.failed), ("timed_out", row.counts.timedOut),
                ("expired", row.counts.expired),
            ] { text += "descent_async_requests_total{\(row.labels),outcome=\"\(outcome)\"} \(count)\n" }
        }
    }

    private static func shadows(_ text: inout String, _ router: EndpointRouter) {
        let all = router.all.compactMap { endpoint in
            endpoint.shadow.map { (labels: "endpoint=\"\(endpoint.name)\"", sum: $0.comparison) }
        }
        guard !all.isEmpty else { return }
        head(&text, "descent_shadow_requests_total", "counter", "Requests that a shadow was to be shown.")
        for (labels, sum) in all {
            for (outcome, count) in [("compared", sum.requests), ("left_out", sum.leftOut)] {
                text += "descent_shadow_requests_total{\(labels),outcome=\"\(outcome)\"} \(count)\n"
            }
        }
        head(&text, "descent_shadow_errors_total", "counter", "Requests on which one of both failed, or both.")
        for (labels, sum) in all {
            for (side, count) in [("served", sum.servedErrors), ("shadow", sum.shadowErrors), ("both", sum.bothErrors)] {
                text += "descent_shadow_errors_total{\(labels),side=\"\(side)\"} \(count)\n"
            }
        }
        head(&text, "descent_shadow_rows_total", "counter", "Rows that both answered, by whether they agree.")
        for (labels, sum) in all {
            for (outcome, count) in [
                ("agreed", sum.agreed), ("disagreed", sum.rows - sum.agreed - sum.incomparable),
                ("incomparable", sum.incomparable),
            ] { text += "descent_shadow_rows_total{\(labels),outcome=\"\(outcome)\"} \(count)\n" }
        }
        head(&text, "descent_shadow_score_difference", "summary", "How far scores of both lie apart.")
        for (labels, sum) in all {
            for share in [0.5, 0.9, 0.99] {
                guard let value = sum.differences.quantile(share) else { continue }
                text += "descent_shadow_score_difference{\(labels),quantile=\"\(share)\"} \(JSONValue.text(value))\n"
            }
            let total = (sum.differences.mean ?? 0) * Double(sum.differences.count)
            text += "descent_shadow_score_difference_sum{\(labels)} \(JSONValue.text(total))\n"
            text += "descent_shadow_score_difference_count{\(labels)} \(sum.differences.count)\n"
        }
        head(&text, "descent_shadow_model_latency_seconds", "histogram", "How long a shadow's model took.")
        for (labels, sum) in all { histogram(&text, "descent_shadow_model_latency_seconds", labels, sum.shadowLatency) }
    }

    private static func head(_ text: inout String, _ name: String, _ kind: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }

    private static func histogram(_ text: inout String, _ name: String, _ labels: String, _ values: LatencyHistogram) {
        for (bound, count) in values.cumulative {
            text += "\(name)_bucket{\(labels),le=\"\(JSONValue.text(bound))\"} \(count)\n"
        }
        text += "\(name)_bucket{\(labels),le=\"+Inf\"} \(values.count)\n"
        text += "\(name)_sum{\(labels)} \(JSONValue.text(Double(values.sum) * 1e-9))\n"
        text += "\(name)_count{\(labels)} \(values.count)\n"
    }
}

import Databases
import Events
import Experiments
import JSON

/// Metrics over time.
extension TrackingService {
    func metricHistory(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let found = try found(try request.runID()), key = try request.wanted("metric_key")
        let most = try request.integer("max_results") ?? .max, token = try request.text("page_token") ?? ""
        guard most > 0 else { throw .invalid("max_results", String(most)) }
        guard let start = token.isEmpty ? 0 : Int(token), start >= 0 else { throw Page.badToken(token) }
        let all = try points(of: key, in: found, from: start), part = all.prefix(most)
        return .object([
            "metrics": .array(part.map { Self.json($0, key) }),
            "next_page_token": part.count < all.count ? .string(String(start + part.count)) : nil,
        ])
    }

    /// A metric of several runs, one run after the other.
    func metricHistories(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let asked = "GetMetricHistoryBulk request", ids = try request.texts("run_id") + request.texts("run_ids")
        guard !ids.isEmpty else { throw TrackingError(.invalidParameter, "\(asked) must specify at least one run_id.") }
        guard ids.count <= Self.mostRuns else {
            throw TrackingError(
                .invalidParameter, "\(asked) cannot specify more than \(Self.mostRuns) run_ids. Received \(ids.count) run_ids.")
        }
        guard let key = try request.text("metric_key"), !key.isEmpty else {
            throw TrackingError(.invalidParameter, "\(asked) must specify a metric_key.")
        }
        let most = try request.integer("max_results") ?? Self.mostOfBulk
        guard most > 0 else { throw .invalid("max_results", String(most)) }
        var metrics: [JSONValue] = []
        for id in ids.sorted() where metrics.count < most {
            let points = try points(of: key, in: try found(id)).sorted { first, second in
                (first.wallTime, first.step, first.value) < (second.wallTime, second.step, second.value)
            }
            metrics += points.prefix(min(Self.mostOfBulk, most) - metrics.count).map { Self.json($0, key, of: id) }
        }
        return .object(["metrics": .array(metrics)])
    }

    private static let mostRuns = 100, mostOfBulk = 25_000

    /// Of each of several runs so many points at most, evenly among those that there are, the last among them.
    func sampledHistories(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let ids = try request.texts("run_ids")
        guard !ids.isEmpty else { throw .missing("run_ids") }
        guard ids.count <= Self.mostRuns else {
            throw TrackingError(
                .invalidParameter,
                "GetMetricHistoryBulkInterval request must specify at most \(Self.mostRuns) run_ids. Received \(ids.count) run_ids."
            )
        }
        let key = try request.wanted("metric_key"), most = try request.integer("max_results") ?? Self.usualSample
        guard (1...Self.largestSample).contains(most) else {
            throw TrackingError(.invalidParameter, "max_results must be between 1 and \(Self.largestSample).")
        }
        let bounds = (try request.integer("start_step"), try request.integer("end_step"))
        let steps: ClosedRange<Int>
        switch bounds {
        case (nil, nil): steps = .min ... .max
        case (let start?, let end?) where start <= end: steps = start...end
        case (let start?, let end?):
            throw TrackingError(
                .invalidParameter, "end_step must be greater than start_step. Found start_step=\(start) and end_step=\(end).")
        default:
            throw TrackingError(
                .invalidParameter, "If either start step or end step are specified, both must be specified.")
        }
        var metrics: [JSONValue] = []
        for id in ids {
            let points = try points(of: key, in: try found(id)).filter { steps.contains($0.step) }.sorted { first, second in
                (first.step, first.wallTime, first.value) < (second.step, second.wallTime, second.value)
            }
            metrics += Self.sample(points, most).map { Self.json($0, key, of: id) }
        }
        return .object(["metrics": .array(metrics)])
    }

    private static let usualSample = 320, largestSample = 2500

    private static func sample(_ points: [MetricPoint], _ most: Int) -> [MetricPoint] {
        guard points.count > most, let last = points.last else { return points }
        return (0..<(most - 1)).map { points[$0 * points.count / most] } + [last]
    }

    private func points(of key: String, in found: Found, from start: Int = 0) throws(TrackingError) -> [MetricPoint] {
        let metric = found.run.metricNames[key] ?? MetricName(key)
        return try stored { () throws(StoreError) in try store.points(run: found.id, metric: metric, from: start) }
    }

    private static func json(_ point: MetricPoint, _ key: String, of run: String? = nil) -> JSONValue {
        .object([
            "key": .string(key), "value": .number(point.value), "timestamp": .integer(milliseconds(point.wallTime)),
            "step": .integer(point.step), "run_id": run.map { .string($0) },
        ])
    }
}

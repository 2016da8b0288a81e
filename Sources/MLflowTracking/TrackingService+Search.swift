import Databases
import Events
import Experiments
import JSON

extension TrackingService {
    /// All runs of some experiments, those in the bin too, newest first.
    func runs(in experiments: Set<Int>) throws(TrackingError) -> [Found] {
        try adoptExperiments()
        let known = try stored { () throws(StoreError) in try tracking.experiments() }
        let numbers = Dictionary(known.map { ($0.workspaceName, $0.id) }, uniquingKeysWith: { first, _ in first })
        let tracked = try stored { () throws(StoreError) in try tracking.runs() }
        return try stored { () throws(StoreError) in try store.runs(includingDeleted: true) }.compactMap { summary in
            let id = summary.record.id
            let run = tracked[id] ?? OwnRun.tracked(summary, experiment: numbers[summary.record.experiment] ?? 0)
            return experiments.contains(run.experiment) ? Found(id: id, summary: summary, run: run) : nil
        }
    }

    func searchRuns(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let experiments = Set(try request.texts("experiment_ids").compactMap { Int($0) })
        let view = try request.text("run_view_type") ?? "ACTIVE_ONLY"
        let filter = try TrackingFilter(try request.text("filter") ?? ""),
            order = try TrackingOrder(try request.texts("order_by"))
        let page = try Page(request, usual: TrackingLimits.pageOfRuns)
        let fitting = try runs(in: experiments).filter { found in
            view == "ALL" || found.isDeleted == (view == "DELETED_ONLY")
        }.filter { found in filter.fits { Self.value(of: $0, found) } }
        let sorted = fitting.sorted { first, second in
            order.isBefore({ Self.value(of: $0, first) }, { Self.value(of: $0, second) })
                ?? (first.run.startTime != second.run.startTime
                    ? first.run.startTime > second.run.startTime : first.id.text < second.id.text)
        }
        // Only what is answered is made JSON of.
        let (start, size) = page.range, part = sorted.dropFirst(start).prefix(size)
        let end = start + part.count
        return .object([
            "runs": .array(part.map(json)), "next_page_token": end < sorted.count ? .string(String(end)) : nil,
        ])
    }

    private static func value(of subject: TrackingFilter.Subject, _ found: Found) -> TrackingFilter.Value {
        let run = found.run
        switch subject {
        case .metric(let key): return run.latest[key].map { .number($0.value) } ?? .nothing
        case .parameter(let key): return run.parameters[key].map { .text($0) } ?? .nothing
        case .tag(let key): return run.tags[key].map { .text($0) } ?? .nothing
        case .dataset(let part):
            let values = run.datasets.flatMap { entry -> [String] in
                if part != "context" { return [entry["dataset"]?[part]?.string].compactMap { $0 } }
                return (entry["tags"]?.array ?? []).filter { $0["key"]?.string == "mlflow.data.context" }.compactMap {
                    $0["value"]?.string
                }
            }
            return values.isEmpty ? .nothing : .texts(values)
        case .attribute(let name):
            let id = TrackingID.text(of: found.id)
            switch name {
            case "run_id": return .text(id)
            case "run_name", "name": return .text(run.name)
            case "status": return .text(run.status)
            case "user_id": return .text(run.user)
            case "start_time": return .number(Double(run.startTime))
            case "end_time": return run.endTime.map { .number(Double($0)) } ?? .nothing
            case "experiment_id": return .text(String(run.experiment))
            case "artifact_uri": return .text("mlflow-artifacts:/\(run.experiment)/\(id)/artifacts")
            default: return .nothing
            }
        }
    }
}

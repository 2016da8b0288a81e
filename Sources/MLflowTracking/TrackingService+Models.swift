import Databases
import Events
import Experiments
import JSON

/// Logged models: what a run's program saved, beside its artifacts.
extension TrackingService {
    func createModel(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let experiment = try activeExperiment(try request.text("experiment_id") ?? "0")
        let id = "m-" + (0..<32).map { _ in String(Int.random(in: 0..<16), radix: 16) }.joined()
        let name = try request.text("name") ?? "", source = try request.text("source_run_id") ?? ""
        let info = JSONValue.object([
            "model_id": .string(id), "experiment_id": .string(String(experiment.id)),
            "name": .string(name.isEmpty ? RandomName.make() : name), "creation_timestamp_ms": .integer(request.now),
            "last_updated_timestamp_ms": .integer(request.now),
            "artifact_uri": .string("mlflow-artifacts:/\(experiment.id)/models/\(id)/artifacts"),
            "status": .string("LOGGED_MODEL_PENDING"), "model_type": .string(try request.text("model_type") ?? ""),
            "source_run_id": .string(source), "tags": request["tags"] ?? .array([]),
        ])
        let data = JSONValue.object(["params": request["params"] ?? .array([]), "metrics": .array([])])
        let model = JSONValue.object(["info": info, "data": data])
        try keep(model, id, experiment.id, source)
        return .object(["model": model])
    }

    func getModel(_ id: String) throws(TrackingError) -> JSONValue { .object(["model": try model(id)]) }

    func model(_ id: String) throws(TrackingError) -> JSONValue {
        if let known = try stored({ () throws(StoreError) in try tracking.model(id) }) { return known }
        throw TrackingError(.notFound, "Logged model with ID '\(id)' not found.")
    }

    func finalizeModel(_ id: String, _ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let status = try request.text("status") ?? "LOGGED_MODEL_READY"
        let changed = try change(id, request.now) { info in Self.setting("status", .string(status), in: info) }
        return .object(["model": changed])
    }

    func tagModel(_ id: String, _ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let tags = try request.objects("tags")
        var named: [(String, String)] = []
        for tag in tags { named.append((try tag.wanted("key"), try tag.text("value") ?? "")) }
        let changed = try change(id, request.now) { info in
            var all = (info["tags"]?.array ?? []).filter { tag in !named.contains { $0.0 == tag["key"]?.string } }
            all += named.map { .object(["key": .string($0.0), "value": .string($0.1)]) }
            return Self.setting("tags", .array(all), in: info)
        }
        return .object(["model": changed])
    }

    func untagModel(_ id: String, _ key: String, _ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        guard try model(id)["info"]?["tags"]?.array?.contains(where: { $0["key"]?.string == key }) == true else {
            throw TrackingError(.notFound, "No tag with key '\(key)' for model with ID '\(id)'.")
        }
        _ = try change(id, request.now) { info in
            Self.setting("tags", .array((info["tags"]?.array ?? []).filter { $0["key"]?.string != key }), in: info)
        }
        return TrackingJSON.nothing
    }

    func parametersOfModel(_ id: String, _ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let before = try model(id), more = try request.objects("params").map(\.json)
        let data = before["data"] ?? TrackingJSON.nothing
        let changed = Self.setting(
            "data", Self.setting("params", .array((data["params"]?.array ?? []) + more), in: data), in: before)
        try keep(changed, id)
        return TrackingJSON.nothing
    }

    func deleteModel(_ id: String) throws(TrackingError) -> JSONValue {
        _ = try model(id)
        try stored { () throws(StoreError) in try tracking.removeModel(id) }
        return TrackingJSON.nothing
    }

    func searchModels(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let experiments = try request.texts("experiment_ids").compactMap { Int($0) }
        let filter = try TrackingFilter(try request.text("filter") ?? "")
        var keys: [String] = []
        for entry in try request.objects("order_by") {
            let ascends = entry["ascending"]?.boolean ?? true
            keys.append((try entry.wanted("field_name")) + (ascends ? " ASC" : " DESC"))
        }
        let order = try TrackingOrder(keys)
        let all = try stored { () throws(StoreError) in try tracking.models(in: experiments) }
        var datasets: [(name: String, digest: String?)] = []
        for entry in try request.objects("datasets") {
            datasets.append((try entry.wanted("dataset_name"), try entry.text("dataset_digest")))
        }
        let fitting = all.filter { model in
            filter.fits { Self.value(of: $0, model) } && (datasets.isEmpty || Self.isMeasured(model, on: datasets))
        }
        let sorted = fitting.enumerated().sorted { first, second in
            order.isBefore({ Self.value(of: $0, first.element) }, { Self.value(of: $0, second.element) })
                ?? (first.offset < second.offset)
        }
        return try Page(request, usual: 100).answer(sorted.map(\.element), as: "models")
    }

    private static func isMeasured(_ model: JSONValue, on datasets: [(name: String, digest: String?)]) -> Bool {
        (model["data"]?["metrics"]?.array ?? []).contains { metric in
            datasets.contains {
                metric["dataset_name"]?.string == $0.name && ($0.digest == nil || metric["dataset_digest"]?.string == $0.digest)
            }
        }
    }

    private static func value(of subject: TrackingFilter.Subject, _ model: JSONValue) -> TrackingFilter.Value {
        func pair(_ list: JSONValue?, _ key: String) -> JSONValue? { list?.array?.last { $0["key"]?.string == key }?["value"] }
        switch subject {
        case .metric(let key): return pair(model["data"]?["metrics"], key)?.double.map { .number($0) } ?? .nothing
        case .parameter(let key): return pair(model["data"]?["params"], key)?.string.map { .text($0) } ?? .nothing
        case .tag(let key): return pair(model["info"]?["tags"], key)?.string.map { .text($0) } ?? .nothing
        case .dataset: return .nothing
        case .attribute("creation_time"), .attribute("creation_timestamp"):
            return .number(model["info"]?["creation_timestamp_ms"]?.double ?? 0)
        case .attribute("last_update_time"), .attribute("last_updated_timestamp"):
            return .number(model["info"]?["last_updated_timestamp_ms"]?.double ?? 0)
        case .attribute(let name): return model["info"]?[name]?.string.map { .text($0) } ?? .nothing
        }
    }

    /// Metrics that were said to be a model's are kept with it, too.
    func log(_ metrics: [Logged], ofModelsIn found: Found) throws(TrackingError) {
        for (id, own) in Dictionary(grouping: metrics, by: { $0.model ?? "" }) where !id.isEmpty {
            guard let before = try stored({ () throws(StoreError) in try tracking.model(id) }) else { continue }
            let data = before["data"] ?? TrackingJSON.nothing
            var all = data["metrics"]?.array ?? []
            for metric in own {
                all.removeAll { $0["key"]?.string == metric.key && $0["dataset_name"]?.string == metric.dataset }
                all.append(
                    .object([
                        "key": .string(metric.key), "value": .number(metric.value), "timestamp": .integer(metric.time),
                        "step": .integer(metric.step), "model_id": .string(id),
                        "run_id": .string(TrackingID.text(of: found.id)),
                        "dataset_name": metric.dataset.map { .string($0) },
                        "dataset_digest": metric.digest.map { .string($0) },
                    ]))
            }
            try keep(Self.setting("data", Self.setting("metrics", .array(all), in: data), in: before), id)
        }
    }

    private func change(
        _ id: String, _ now: Int, _ body: (JSONValue) -> JSONValue
    ) throws(TrackingError) -> JSONValue {
        let before = try model(id)
        let info = Self.setting("last_updated_timestamp_ms", .integer(now), in: body(before["info"] ?? TrackingJSON.nothing))
        let changed = Self.setting("info", info, in: before)
        try keep(changed, id)
        return changed
    }

    private func keep(_ model: JSONValue, _ id: String, _ experiment: Int = 0, _ source: String = "") throws(TrackingError) {
        let run = TrackingID.run(source)?.text ?? source
        try stored { () throws(StoreError) in try tracking.write(model: model, id: id, experiment: experiment, run: run) }
    }

    private static func setting(_ name: String, _ value: JSONValue, in object: JSONValue) -> JSONValue {
        var members = object.members ?? []
        if let place = members.firstIndex(where: { $0.name == name }) {
            members[place].value = value
        } else {
            members.append(.init(name, value))
        }
        return .object(members)
    }
}

import CheckedNumbers
import Databases
import Events
import Experiments
import Interop
import JSON

extension TrackingService {
    /// A value that a client logs.
    struct Logged {
        var key: String
        var value: Double
        /// Milliseconds since 1970.
        var time: Int
        var step: Int
        /// The logged model that it is of, and the data set that it was measured on.
        var model: String?
        var dataset: String?, digest: String?
    }

    func logMetric(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let id = try request.runID(), logged = try metric(request)
        try log([logged], parameters: [], tags: [], to: try clientsOwn(id))
        return TrackingJSON.nothing
    }

    func logParameter(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let id = try request.runID(), pair = try parameter(request)
        try log([], parameters: [pair], tags: [], to: try clientsOwn(id))
        return TrackingJSON.nothing
    }

    func setTag(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let id = try request.runID(), pair = try tag(request)
        try log([], parameters: [], tags: [pair], to: try active(id))
        return TrackingJSON.nothing
    }

    func deleteTag(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        var found = try active(try request.runID())
        let key = try request.wanted("key")
        guard found.run.tags.removeValue(forKey: key) != nil else {
            throw TrackingError(
                .notFound, "No tag with name: \(key) in run with id \(TrackingID.text(of: found.id))")
        }
        try write(found)
        return TrackingJSON.nothing
    }

    func logBatch(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let id = try request.runID()
        var metrics: [Logged] = [], parameters: [(String, String)] = [], tags: [(String, String)] = []
        for object in try request.objects("metrics") { metrics.append(try metric(object)) }
        for object in try request.objects("params") { parameters.append(try parameter(object)) }
        for object in try request.objects("tags") { tags.append(try tag(object)) }
        for (count, limit, what) in [
            (metrics.count, TrackingLimits.metrics, "metrics"), (parameters.count, TrackingLimits.parameters, "params"),
            (tags.count, TrackingLimits.tags, "tags"),
            (metrics.count + parameters.count + tags.count, TrackingLimits.entities, "metrics, params, and tags"),
        ] where count > limit {
            throw TrackingError(
                .invalidParameter,
                "A batch logging request can contain at most \(limit) \(what). Got \(count) \(what). Please split up \(what) across multiple requests and try again."
            )
        }
        let found = metrics.isEmpty && parameters.isEmpty ? try active(id) : try clientsOwn(id)
        try log(metrics, parameters: parameters, tags: tags, to: found)
        return TrackingJSON.nothing
    }

    /// MLflow 1 kept a model's description in a tag.
    func logModel(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        var found = try clientsOwn(try request.runID())
        let key = "mlflow.log-model.history"
        let text = try request.wanted("model_json")
        do throws(JSONError) {
            let before = try JSONValue(parsing: found.run.tags[key] ?? "[]").array ?? []
            found.run.tags[key] = JSONValue.array(before + [try JSONValue(parsing: text)]).text
        } catch { throw TrackingError(.invalidParameter, "Malformed model info: \(error.description)") }
        try write(found)
        return TrackingJSON.nothing
    }

    func logInputs(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        var found = try active(try request.wanted("run_id"))
        for entry in try request.objects("datasets") {
            guard let data = entry["dataset"], let name = data["name"]?.string, let digest = data["digest"]?.string else {
                throw .missing("dataset")
            }
            let isKnown = found.run.datasets.contains {
                $0["dataset"]?["name"]?.string == name && $0["dataset"]?["digest"]?.string == digest
            }
            if !isKnown { found.run.datasets.append(.object(["tags": entry["tags"] ?? .array([]), "dataset": data])) }
        }
        for model in try request.objects("models") { found.run.modelInputs.append(model.json) }
        try write(found)
        return TrackingJSON.nothing
    }

    func logOutputs(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        var found = try active(try request.wanted("run_id"))
        for model in try request.objects("models") { found.run.modelOutputs.append(model.json) }
        try write(found)
        return TrackingJSON.nothing
    }

    // MARK: - Reading requests

    private func metric(_ request: TrackingRequest) throws(TrackingError) -> Logged {
        let key = try request.wanted("key")
        try TrackingLimits.check(key: key, of: "metric")
        guard let value = try request.number("value") else { throw request.missing("value") }
        guard let time = try request.integer("timestamp") else { throw request.missing("timestamp") }
        let step = try request.integer("step") ?? 0
        guard LoggedValue.isStep(step) else { throw .invalid("step", String(step)) }
        guard LogMoment.seconds(time) != nil else {
            throw TrackingError(
                .invalidParameter,
                "Got invalid timestamp \(time) for metric '\(key)' (value=\(value)). Timestamp must be a nonnegative long (64-bit integer) of milliseconds"
            )
        }
        return Logged(
            key: key, value: value, time: time, step: step, model: try request.text("model_id"),
            dataset: try request.text("dataset_name"), digest: try request.text("dataset_digest"))
    }

    private func parameter(_ request: TrackingRequest) throws(TrackingError) -> (String, String) {
        let key = try request.wanted("key"), value = try request.text("value") ?? ""
        try TrackingLimits.check(key: key, of: "param")
        try TrackingLimits.check(value, atMost: TrackingLimits.parameterLength, of: "Param", key)
        return (key, value)
    }

    private func tag(_ request: TrackingRequest) throws(TrackingError) -> (String, String) {
        let key = try request.wanted("key"), value = try request.text("value") ?? ""
        try TrackingLimits.check(key: key, of: "tag")
        try TrackingLimits.check(value, atMost: TrackingLimits.tagLength, of: "Tag", key)
        return (key, value)
    }

    // MARK: - Keeping

    private func log(
        _ metrics: [Logged], parameters: [(key: String, value: String)], tags: [(key: String, value: String)], to found: Found
    ) throws(TrackingError) {
        var found = found
        for (key, value) in parameters {
            if let before = found.run.parameters[key], before != value {
                throw TrackingError(
                    .invalidParameter,
                    "Changing param values is not allowed. Param with key='\(key)' was already logged with value='\(before)' for run ID='\(TrackingID.text(of: found.id))'. Attempted logging new value '\(value)'."
                )
            }
            found.run.parameters[key] = value
        }
        for (key, value) in tags {
            found.run.tags[key] = value
            if key == "mlflow.runName" { found.run.name = value }
        }
        if !metrics.isEmpty || !parameters.isEmpty { try takeUp(found) }
        let fresh = fresh(metrics, of: found.id)
        for logged in metrics {
            found.run.metricNames[logged.key] = live[found.id]?.spelling.name(for: logged.key)
            let latest = TrackedRun.Latest(value: logged.value, time: logged.time, step: logged.step)
            if found.run.latest[logged.key].map({ $0.isBefore(latest) }) ?? true { found.run.latest[logged.key] = latest }
        }
        try write(found)
        try log(metrics.filter { $0.model != nil }, ofModelsIn: found)
        for (key, value) in tags {
            if key == "mlflow.runName" { try rename(found.id, value) }
            if key == "mlflow.note.content" { try edit(found.id, RunEdit(note: value)) }
        }
        guard !metrics.isEmpty || !parameters.isEmpty else { return }
        try tell(found)
        post(fresh, of: found)
        try keep()
        for logged in fresh {
            live[found.id]?.points.insert(Self.hash(logged.key, logged.value, logged.time, logged.step))
        }
    }

    /// Those that are not there yet, each once.
    private func fresh(_ metrics: [Logged], of id: RunID) -> [Logged] {
        var seen = Set<Int>()
        return metrics.filter { logged in
            let hash = Self.hash(logged.key, logged.value, logged.time, logged.step)
            return live[id]?.points.contains(hash) == false && seen.insert(hash).inserted
        }
    }

    /// Says what is new of the run's record: settings, names of metrics, and what it is judged by.
    private func tell(_ found: Found) throws(TrackingError) {
        guard var record = live[found.id]?.record else { return }
        let before = record
        record.hyperparameters = found.run.parameters
        record.loggedNames = found.run.metricNames.filter { $0.key != $0.value.text }
        if !record.isObjectiveChosen {
            record.objective = MetricSpelling.objective(among: Set(found.run.metricNames.values)) ?? record.objective
        }
        guard record != before else { return }
        live[found.id]?.record = record
        bus.post(.run(.registered(record)), run: found.id, at: record.createdAt)
        // What comes next must be folded in by the new measure.
        if record.objective != before.objective { try keep() }
    }

    private func post(_ logged: [Logged], of found: Found) {
        guard !logged.isEmpty else { return }
        let isSystem = logged.map { found.run.metricNames[$0.key]?.isSystem == true }
        for wanted in [false, true] {
            let some = zip(logged, isSystem).filter { $0.1 == wanted }.map(\.0)
            guard !some.isEmpty else { continue }
            var places: [String: Int] = [:], metrics: [MetricName] = []
            for value in some where places[value.key] == nil {
                places[value.key] = metrics.count
                metrics.append(found.run.metricNames[value.key] ?? MetricName(value.key))
            }
            let channel = bus.makeChannel(run: found.id, metrics: metrics, capacity: some.count + 1)
            for (index, value) in some.enumerated() {
                let next = index + 1 < some.count ? some[index + 1] : nil
                let joins = next.map { $0.step == value.step && $0.time == value.time && $0.key > value.key } ?? false
                channel.record(
                    places[value.key] ?? 0, value.value, step: value.step, epoch: 0, more: joins,
                    at: Double(value.time) / 1000)
            }
            channel.close()
        }
    }
}

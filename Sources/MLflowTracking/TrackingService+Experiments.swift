import Databases
import Events
import Experiments
import Files
import JSON

extension TrackingService {
    func createExperiment(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let name = try checkedName(request, "name")
        var experiment = TrackedExperiment(id: 0, name: name, createdAt: request.now)
        experiment.artifacts = Self.absolute(try request.text("artifact_location") ?? "")
        for tag in try request.objects("tags") { experiment.tags[try tag.wanted("key")] = try tag.text("value") ?? "" }
        try adoptExperiments()
        let made = try stored { () throws(StoreError) -> TrackedExperiment? in
            try tracking.transaction { () throws(StoreError) in
                try tracking.experiment(named: name) == nil ? try tracking.add(experiment) : nil
            }
        }
        guard let made else { throw TrackingError(.exists, "Experiment(name=\(name)) already exists.") }
        return .object(["experiment_id": .string(String(made.id))])
    }

    /// A path of this machine from its root on, as MLflow's server has it; addresses stay.
    private static func absolute(_ location: String) -> String {
        guard !location.isEmpty, !location.contains(":"), !location.hasPrefix("/"), let here = FilePath.absolute(".") else {
            return location
        }
        return here + "/" + location
    }

    private func checkedName(_ request: TrackingRequest, _ key: String) throws(TrackingError) -> String {
        let name = try request.wanted(key)
        guard name.count <= TrackingLimits.experimentLength else {
            throw TrackingError(
                .invalidParameter,
                "Experiment name '\(name.prefix(20))…' had length \(name.count), which exceeded length limit of \(TrackingLimits.experimentLength)"
            )
        }
        return name
    }

    func experimentByName(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let name = try request.wanted("experiment_name")
        try adoptExperiments()
        guard let known = try stored({ () throws(StoreError) in try tracking.experiment(named: name) }) else {
            throw TrackingError(.notFound, "Could not find experiment with name '\(name)'")
        }
        return .object(["experiment": json(known)])
    }

    func experiment(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        .object(["experiment": json(try experiment(try request.wanted("experiment_id")))])
    }

    /// - Throws: `notFound`.
    func experiment(_ text: String) throws(TrackingError) -> TrackedExperiment {
        if let id = Int(text), let known = try stored({ () throws(StoreError) in try tracking.experiment(id) }) { return known }
        throw TrackingError(.notFound, "No Experiment with id=\(text) exists")
    }

    func activeExperiment(_ text: String) throws(TrackingError) -> TrackedExperiment {
        let known = try experiment(text)
        guard !known.isDeleted else {
            throw TrackingError(
                .invalidParameter, "The experiment \(text) must be in the 'active' state. Current state is deleted.")
        }
        return known
    }

    func searchExperiments(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        try adoptExperiments()
        let view = try request.text("view_type") ?? "ACTIVE_ONLY"
        let filter = try TrackingFilter(try request.text("filter") ?? ""),
            order = try TrackingOrder(try request.texts("order_by"))
        let all = try stored { () throws(StoreError) in try tracking.experiments() }
        let fitting = all.filter { experiment in
            view == "ALL" || experiment.isDeleted == (view == "DELETED_ONLY")
        }.filter { experiment in filter.fits { Self.value(of: $0, experiment) } }
        let sorted = fitting.sorted { first, second in
            order.isBefore({ Self.value(of: $0, first) }, { Self.value(of: $0, second) })
                ?? ((first.createdAt, first.id) > (second.createdAt, second.id))
        }
        let page = try Page(request, usual: TrackingLimits.pageOfRuns)
        return page.answer(sorted.map(json), as: "experiments")
    }

    private static func value(
        of subject: TrackingFilter.Subject, _ experiment: TrackedExperiment
    ) -> TrackingFilter.Value {
        switch subject {
        case .attribute("name"): .text(experiment.name)
        case .attribute("experiment_id"): .text(String(experiment.id))
        case .attribute("creation_time"): .number(Double(experiment.createdAt))
        case .attribute("last_update_time"): .number(Double(experiment.updatedAt))
        case .tag(let key): experiment.tags[key].map { .text($0) } ?? .nothing
        default: .nothing
        }
    }

    /// The data sets that an experiment's runs took, each once.
    func searchDatasets(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let ids = try request.texts("experiment_ids"), asked = "SearchDatasets request"
        guard !ids.isEmpty else {
            throw TrackingError(.invalidParameter, "\(asked) must specify at least one experiment_id.")
        }
        guard ids.count <= TrackingLimits.experimentsOfDatasets else {
            throw TrackingError(
                .invalidParameter,
                "\(asked) cannot specify more than \(TrackingLimits.experimentsOfDatasets) experiment_ids. Received \(ids.count) experiment_ids."
            )
        }
        var summaries: [JSONValue] = []
        for found in try runs(in: Set(ids.compactMap { Int($0) })) where !found.isDeleted {
            for entry in found.run.datasets {
                let context = entry["tags"]?.array?.first { $0["key"]?.string == "mlflow.data.context" }?["value"]?.string
                let summary = JSONValue.object([
                    "experiment_id": .string(String(found.run.experiment)), "name": entry["dataset"]?["name"],
                    "digest": entry["dataset"]?["digest"], "context": context.map { .string($0) },
                ])
                if !summaries.contains(summary) { summaries.append(summary) }
            }
        }
        return .object(["dataset_summaries": .array(summaries)])
    }

    func updateExperiment(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        var known = try activeExperiment(try request.wanted("experiment_id"))
        let name = try checkedName(request, "new_name")
        let other = try stored { () throws(StoreError) in try tracking.experiment(named: name) }
        guard other == nil || other?.id == known.id else {
            throw TrackingError(.exists, "Cannot set name to '\(name)': Experiment(name=\(name)) already exists.")
        }
        (known.name, known.updatedAt) = (name, request.now)
        try stored { [known] () throws(StoreError) in try tracking.write(known) }
        return .object([JSONValue.Member]())
    }

    /// To the bin, or back from it, with its runs.
    func setExperiment(_ request: TrackingRequest, deleted: Bool) throws(TrackingError) -> JSONValue {
        let text = try request.wanted("experiment_id")
        var known = try experiment(text)
        guard known.isDeleted != deleted else {
            throw TrackingError(
                .notFound, deleted ? "No Experiment with id=\(text) exists" : "No deleted Experiment with id=\(text) exists")
        }
        guard known.id != 0 || !deleted else {
            throw TrackingError(
                .invalidParameter, "Cannot delete the default experiment '\(known.name)': it is the workspace's own")
        }
        (known.isDeleted, known.updatedAt) = (deleted, request.now)
        try stored { [known] () throws(StoreError) in try tracking.write(known) }
        for found in try runs(in: [known.id]) where found.isClients && found.isDeleted != deleted {
            try setRun(found, deleted: deleted)
        }
        return .object([JSONValue.Member]())
    }

    func setExperimentTag(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        var known = try activeExperiment(try request.wanted("experiment_id"))
        let key = try request.wanted("key"), value = try request.text("value") ?? ""
        try TrackingLimits.check(key: key, of: "tag")
        try TrackingLimits.check(value, atMost: 5000, of: "tag", key)
        (known.tags[key], known.updatedAt) = (value, request.now)
        try stored { [known] () throws(StoreError) in try tracking.write(known) }
        return .object([JSONValue.Member]())
    }

    func deleteExperimentTag(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        var known = try activeExperiment(try request.wanted("experiment_id"))
        let key = try request.wanted("key")
        guard known.tags.removeValue(forKey: key) != nil else {
            throw TrackingError(.notFound, "No tag with name: \(key) in experiment with id \(known.id)")
        }
        known.updatedAt = request.now
        try stored { [known] () throws(StoreError) in try tracking.write(known) }
        return .object([JSONValue.Member]())
    }

    private func json(_ experiment: TrackedExperiment) -> JSONValue {
        .object([
            "experiment_id": .string(String(experiment.id)), "name": .string(experiment.name),
            "artifact_location": .string(experiment.artifactRoot),
            "lifecycle_stage": .string(experiment.isDeleted ? "deleted" : "active"),
            "creation_time": .integer(experiment.createdAt), "last_update_time": .integer(experiment.updatedAt),
            "tags": TrackingJSON.pairs(experiment.tags),
        ])
    }
}

extension TrackedExperiment {
    var artifactRoot: String { artifacts.isEmpty ? "mlflow-artifacts:/\(id)" : artifacts }
}

/// A part of a list.
struct Page {
    private let start: Int, size: Int

    /// - Throws: `invalidParameter`.
    init(_ request: TrackingRequest, usual: Int) throws(TrackingError) {
        size = try request.integer("max_results") ?? usual
        guard (1...TrackingLimits.largestPage).contains(size) else {
            throw TrackingError(
                .invalidParameter,
                "Invalid value \(size) for parameter 'max_results' supplied: It must be at least 1 and at most \(TrackingLimits.largestPage)"
            )
        }
        let token = try request.text("page_token") ?? ""
        guard token.isEmpty || Int(token) ?? -1 >= 0 else {
            throw Self.badToken(token)
        }
        start = Int(token) ?? 0
    }

    static func badToken(_ token: String) -> TrackingError {
        TrackingError(.invalidParameter, "Invalid page token, could not parse '\(token)'")
    }

    var range: (start: Int, size: Int) { (start, size) }

    func answer(_ all: [JSONValue], as name: String) -> JSONValue {
        let part = all.dropFirst(start).prefix(size), end = start + part.count
        return .object([name: .array(Array(part)), "next_page_token": end < all.count ? .string(String(end)) : nil])
    }
}

/// Shapes that come again and again.
enum TrackingJSON {
    static let nothing = JSONValue.object([JSONValue.Member]())

    /// `[{"key": …, "value": …}, …]`, by key.
    static func pairs(_ values: [String: String]) -> JSONValue {
        .array(
            values.sorted { $0.key < $1.key }.map { .object(["key": .string($0.key), "value": .string($0.value)]) })
    }
}

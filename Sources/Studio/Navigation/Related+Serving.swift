import Events

// What belongs to endpoints and kept models, and which of them belong to a run.
extension AppState {
    /// Versions that were kept of a run or an AutoML job, newest first.
    func versions(of id: String) -> [ModelVersion] {
        serving.models.filter { $0.sourceID == id }.sorted { $0.createdAt > $1.createdAt }
    }

    /// The endpoints that a run's model answers for, be it as a kept version.
    func related(_ letter: Character, endpointsOf id: String) -> RelatedObject {
        let models = [id] + versions(of: id).map(\.id)
        let found = serving.endpoints.filter { record in
            (record.variants + record.pending).contains { models.contains($0.modelID) }
        }
        return RelatedObject(
            letter, found.first.map { "endpoint: \($0.name)" } ?? "endpoint",
            unless: found.isEmpty ? "its model answers for no endpoint (y deploys it)" : nil
        ) { state in found.first.map { state.showEndpoint($0.id) } ?? [] }
    }

    func objects(ofEndpoint id: String) -> [RelatedObject] {
        guard let record = serving.endpoint(id) else { return [] }
        let variant = record.pending.first ?? record.variants.first
        let version = variant.flatMap { serving.model($0.modelID) }
        let run = RunID(version?.sourceID ?? variant?.modelID ?? "")
        return [
            related("m", monitorsOf: record),
            RelatedObject("p", "page") { $0.showEndpoint(id) },
            RelatedObject(
                "v", version.map { "kept model: \($0.title)" } ?? "kept model",
                unless: version == nil ? "it answers with a run's model, which is kept under no name" : nil
            ) { state in version.map { state.showModel($0.id) } ?? [] },
        ] + runAndData(run)
    }

    /// The monitors that watch an endpoint: the first whose constraints are not met, else the first.
    func related(_ letter: Character, monitorsOf endpoint: EndpointRecord?) -> RelatedObject {
        let own = serving.monitors.filter { endpoint != nil && $0.record.endpoint == endpoint?.name }
        let first = own.first { !$0.violations.isEmpty } ?? own.first
        return RelatedObject(
            letter, first.map { "monitor: \($0.record.name)" } ?? "monitor",
            unless: first == nil ? "nothing watches what it is asked (w has that done)" : nil
        ) { state in first.map { state.showMonitor($0.record.name) } ?? [] }
    }

    func objects(ofMonitor name: String) -> [RelatedObject] {
        guard let record = serving.monitor(name)?.record else { return [] }
        let endpoint = record.endpoint.flatMap { serving.endpoint(named: $0) }, id = record.settings["model-id"] ?? ""
        return [
            RelatedObject("p", "page") { $0.showMonitor(name) },
            RelatedObject(
                "e", endpoint.map { "endpoint: \($0.name)" } ?? "endpoint",
                unless: endpoint == nil ? "it looks at files, or its endpoint is gone" : nil
            ) { state in endpoint.map { state.showEndpoint($0.id) } ?? [] },
        ] + runAndData(RunID(serving.model(id)?.sourceID ?? id))
    }

    func objects(ofModel id: String) -> [RelatedObject] {
        guard let version = serving.model(id) else { return [] }
        return [related("e", endpointsOf: version.id)] + runAndData(RunID(version.sourceID))
    }

    /// The run that a model is of, with its data.
    private func runAndData(_ id: RunID) -> [RelatedObject] {
        let run = runs[id], path = run?.record.request.datasetPath ?? ""
        let gone = run == nil ? "its model is not of a run in this workspace" : nil
        return [
            RelatedObject("r", run.map { "run: \($0.record.name)" } ?? "run", unless: gone) { $0.showRun(id) },
            RelatedObject(
                "d", path.isEmpty ? "data" : "data: \(path.split(separator: "/").last ?? "")",
                unless: gone ?? (path.isEmpty ? "no data is known of it" : nil)
            ) { $0.showData(at: path) },
        ]
    }
}

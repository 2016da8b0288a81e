extension KeyContext {
    static let endpoints = KeyContext("Among endpoints")
    static let endpoint = KeyContext("On an endpoint's page")
    /// What is done to an endpoint, in their list and on the page of one.
    static let serving = KeyContext("To an endpoint")
}

extension StudioAction {
    static let showEndpoints = StudioAction("endpoint.list")
    static let endpointOpen = StudioAction("endpoint.open")
    static let endpointCreate = StudioAction("endpoint.create")
    static let endpointUpdate = StudioAction("endpoint.update")
    static let endpointPromote = StudioAction("endpoint.promote")
    static let endpointRollBack = StudioAction("endpoint.rollback")
    static let endpointWeights = StudioAction("endpoint.weights")
    static let endpointDelete = StudioAction("endpoint.delete")
    static let endpointShadow = StudioAction("endpoint.shadow")
    static let endpointLoad = StudioAction("endpoint.load")
    static let endpointCopyURL = StudioAction("endpoint.copy-url")
    static let endpointCopyCurl = StudioAction("endpoint.copy-curl")
    static let endpointHost = StudioAction("endpoint.start-host")
    static let endpointWindow = StudioAction("endpoint.window")
    static let deployModel = StudioAction("model.deploy")
}

extension KeyTable {
    /// Endpoints: where they are, and what is done to one.
    static let endpoints = KeyGroup([
        KeyBinding(
            .showEndpoints, "7", [.global], "Go to the endpoints, from anywhere; from there, to the models that are kept."),
        KeyBinding(
            .endpointOpen, "enter", [.endpoints], hint: "look", priority: 8,
            "Show what the endpoint under the cursor does, else the newest.", unless: EndpointRefusal.none),
        KeyBinding(
            .endpointCreate, "c", [.serving], hint: "create…", priority: 11, "Have a model answer requests under a new name.",
            unless: EndpointRefusal.elsewhere),
        KeyBinding(
            .endpointUpdate, "U", [.serving], hint: "update…", priority: 12,
            "Have another model answer the endpoint's requests: at once, or step by step with a way back.",
            unless: EndpointRefusal.update),
        KeyBinding(
            .endpointPromote, "P", [.serving], hint: "promote", priority: 14,
            "Give the version that is being deployed all requests now, or the shadow.", unless: EndpointRefusal.promotion),
        KeyBinding(
            .endpointRollBack, "B", [.serving], hint: "roll back", priority: 15,
            "Give the old version its requests back.", unless: EndpointRefusal.rollout),
        KeyBinding(
            .endpointShadow, "H", [.serving], hint: "shadow…", priority: 19,
            "Show another model the requests beside and compare what both answer; again to stop.",
            unless: EndpointRefusal.shadow),
        KeyBinding(
            .endpointWeights, "W", [.serving], hint: "weights…", priority: 17,
            "Give the endpoint's variants other shares of the requests.", unless: EndpointRefusal.weights),
        KeyBinding(
            .endpointLoad, "l", [.serving], hint: "load…", priority: 16,
            "Send requests of your own at a rate, captured ones or a file's rows; again to stop.", unless: EndpointRefusal.load),
        KeyBinding(
            .endpointWindow, "z", [.endpoint], hint: "longer", priority: 18,
            "Show the last 2 minutes, 10 minutes or the last hour."),
        KeyBinding(
            .endpointCopyURL, "y", [.serving], hint: "copy URL", priority: 24, "Copy the endpoint's address.",
            unless: EndpointRefusal.url),
        KeyBinding(
            .endpointCopyCurl, "Y", [.serving], hint: "curl", priority: 25,
            "Copy a line for a shell that asks the endpoint; it has no secret in it.", unless: EndpointRefusal.url),
        KeyBinding(
            .endpointHost, "S", [.serving, .monitoring], hint: "start host", priority: 13,
            "Start the workspace's host, which brings its endpoints back.", unless: EndpointRefusal.host),
        KeyBinding(
            .endpointDelete, "d del", [.serving], hint: "delete…", priority: 28,
            "Delete the endpoint; what was captured is kept.", unless: EndpointRefusal.change),
        KeyBinding(
            .deployModel, "y", [.experiments, .runPage, .automl, .models], hint: "deploy…", priority: 46,
            "Have the model answer requests under a name.", unless: EndpointRefusal.deploy),
    ]) { $0.performEndpoint($1) }
}

/// Why something cannot be done to an endpoint.
enum EndpointRefusal {
    @Sendable static func none(_ state: AppState) -> String? {
        state.chosenEndpoint == nil ? "there is no endpoint yet: c makes one" : nil
    }

    @Sendable static func elsewhere(_ state: AppState) -> String? {
        state.places.isEmpty ? nil : "endpoints of another machine are made there: descent endpoint create"
    }

    @Sendable static func change(_ state: AppState) -> String? { none(state) ?? elsewhere(state) }

    @Sendable static func update(_ state: AppState) -> String? {
        if let refusal = change(state) { return refusal }
        guard let record = state.chosenEndpoint else { return nil }
        if !record.pending.isEmpty { return "\(record.name) is being updated already: P promotes, B rolls back" }
        return record.status == .inService || record.status == .updateRollbackFailed
            ? nil : "\(record.name) is \(record.status.word): it can be updated when it is InService"
    }

    @Sendable static func rollout(_ state: AppState) -> String? {
        if let refusal = change(state) { return refusal }
        guard let record = state.chosenEndpoint, record.pending.isEmpty else { return nil }
        return "\(record.name) is not being updated: U begins that"
    }

    @Sendable static func promotion(_ state: AppState) -> String? {
        state.chosenEndpoint?.shadow != nil ? change(state) : rollout(state)
    }

    @Sendable static func shadow(_ state: AppState) -> String? {
        if let refusal = change(state) { return refusal }
        guard let record = state.chosenEndpoint, !record.pending.isEmpty else { return nil }
        return "\(record.name) is being updated: P promotes, B rolls back"
    }

    @Sendable static func weights(_ state: AppState) -> String? {
        if let refusal = change(state) { return refusal }
        guard let record = state.chosenEndpoint else { return nil }
        if !record.pending.isEmpty { return "\(record.name) is being updated: P promotes, B rolls back" }
        return record.variants.count < 2 ? "\(record.name) has one variant, which answers all requests" : nil
    }

    @Sendable static func load(_ state: AppState) -> String? {
        if let refusal = change(state) { return refusal }
        guard let record = state.chosenEndpoint, state.loads[record.id]?.isOver ?? true else { return nil }
        let (status, reason) = state.serving.standing(record)
        return status == .inService || status == .updating ? nil : "\(record.name) is \(status.word): \(reason)"
    }

    @Sendable static func url(_ state: AppState) -> String? {
        if let refusal = none(state) { return refusal }
        return state.serving.url == nil ? "nobody has listened for it yet: S starts the workspace's host" : nil
    }

    @Sendable static func host(_ state: AppState) -> String? {
        if let refusal = elsewhere(state) { return refusal }
        return state.serving.isServed ? "the workspace's host is there already" : nil
    }

    @Sendable static func deploy(_ state: AppState) -> String? {
        if let refusal = elsewhere(state) { return refusal }
        switch state.modelToServe {
        case .refused(let why): return why
        case .named: return nil
        }
    }
}

import Events

extension KeyContext {
    static let models = KeyContext("Among kept models")
}

extension StudioAction {
    static let approveModel = StudioAction("model.approve")
    static let rejectModel = StudioAction("model.reject")
    static let deleteModel = StudioAction("model.delete")
    static let keepModel = StudioAction("model.keep")
}

extension KeyTable {
    /// Models that are kept under names.
    static let models = KeyGroup([
        KeyBinding(
            .approveModel, "a", [.models], hint: "approve", priority: 11,
            "Approve the version: whoever names the model without a version gets the newest approved one.", unless: needsModel),
        KeyBinding(
            .rejectModel, "x", [.models], hint: "reject", priority: 12, "Reject the version: it is not deployed any more.",
            unless: needsModel),
        KeyBinding(
            .deleteModel, "d del", [.models], hint: "delete…", priority: 28, "Delete the version for good, with its file.",
            unless: canDelete),
        KeyBinding(
            .keepModel, "K", [.experiments, .runPage, .automl], hint: "keep model…", priority: 47,
            "Keep the model under a name, as its next version.", unless: EndpointRefusal.deploy),
    ]) { $0.performModel($1) }

    @Sendable private static func needsModel(_ state: AppState) -> String? {
        if let refusal = EndpointRefusal.elsewhere(state) { return refusal }
        return (state.screens.last as? ModelsPage)?.chosen(state) == nil ? "no model is kept yet: K on a run keeps its" : nil
    }

    @Sendable private static func canDelete(_ state: AppState) -> String? {
        if let refusal = needsModel(state) { return refusal }
        guard let version = (state.screens.last as? ModelsPage)?.chosen(state) else { return nil }
        let users = state.serving.endpoints(answeredBy: version.id)
        return users.isEmpty
            ? nil : "\(version.title) answers for \(users.map(\.name).joined(separator: ", ")): update or delete that first"
    }
}

extension AppState {
    mutating func showModel(_ id: String) -> [Effect] {
        guard let place = serving.models.firstIndex(where: { $0.id == id }) else {
            say("that model is not kept in this workspace any more", .warning)
            return []
        }
        var effects = screens.last is ModelsPage ? [] : open(ModelsPage())
        for _ in 0...place { effects += performDocument(.detailDown) }
        return effects
    }

    mutating func performModel(_ action: StudioAction) -> [Effect] {
        if action == .keepModel { return promptToKeep() }
        guard let version = (screens.last as? ModelsPage)?.chosen(self) else { return [] }
        switch action {
        case .approveModel: return decide(version, .approved)
        case .rejectModel: return decide(version, .rejected)
        case .deleteModel:
            let id = version.id
            open(
                Question(
                    "Delete", text: "Delete \(version.title) for good? Its number is given to no other version.",
                    answers: [
                        .init(key: "d", text: "delete") { _ in [.command(.serving(.remove(version: id)))] },
                        .init(key: "c", text: "cancel"),
                    ], isMoot: { $0.serving.model(id) == nil }))
        default: unhandled(action)
        }
        return []
    }

    private mutating func decide(_ version: ModelVersion, _ approval: ModelApproval) -> [Effect] {
        guard version.approval != approval else {
            say("\(version.title) is \(approval.word) already", .muted)
            return []
        }
        let id = version.id, before = version.approval
        push { _ in [.command(.serving(.decide(version: id, before)))] }
        say("\(version.title) is \(approval.word); u takes it back", approval == .approved ? .good : .warning)
        return [.command(.serving(.decide(version: id, approval)))]
    }

    private mutating func promptToKeep() -> [Effect] {
        guard case .named(let model) = modelToServe else { return [] }
        let request = (screens.last as? AutoMLPage)?.standing?.record.request.job ?? subjectRun?.record.request
        let data = request?.datasetPath.split(separator: "/").last?.split(separator: ".").first.map(String.init)
        open(
            LinePrompt(
                "Keep the model",
                help: "The name to keep it under, as its next version; a model that is there already gets another.",
                text: TypedEndpoint.name(of: data ?? "model"),
                check: { text, _ in
                    ModelVersion.isName(text)
                        ? nil
                        : LinePrompt.Problem("'\(text)' cannot be its name: letters and digits, hyphens between, at most 63")
                },
                accept: { name, state in
                    state.say("keeping the model as \(name) …", .text)
                    return [.command(.serving(.register(model: name, of: model)))]
                }))
        return []
    }
}

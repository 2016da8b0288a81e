import Cells
import Events

/// A model that is to answer requests, as a command line names it, or why none is.
enum ModelToServe {
    case named(String)
    case refused(String)
}

// What leads to a new endpoint, and to another version of one.
extension AppState {
    /// The model of what is selected.
    var modelToServe: ModelToServe {
        if let page = screens.last as? ModelsPage {
            return page.chosen(self).map { .named($0.title) } ?? .refused("no model is kept yet")
        }
        if let page = screens.last as? AutoMLPage {
            guard let record = page.standing?.record else { return .refused("the job is not read yet") }
            return record.ensemble == nil ? .refused("\(record.name) has no model yet") : .named(record.name)
        }
        guard let run = subjectRun else { return .refused("no run is selected") }
        if run.record.request.isScript { return .refused("only the script itself can read its model") }
        if run.record.origin == .watched { return .refused("another program trained it, and has its model") }
        if !run.status.isFinal { return .refused("\(run.record.name) still trains: wait, or s stops it") }
        return .named(run.record.id.text)
    }

    /// What a word means as a model; nil where nothing is called so.
    private func servable(_ word: String) -> (name: String, version: ModelVersion?)? {
        let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let group = serving.models.filter { $0.name == parts.first }
        if !group.isEmpty {
            let found =
                parts.count == 2
                ? group.first { String($0.version) == parts[1] }
                : group.first { $0.approval == .approved } ?? group.first { $0.approval == .pending } ?? group.first
            return found.map { (word, $0) }
        }
        if word == "@best" || word == "@latest" || word.hasPrefix("@best:") { return (word, nil) }
        let records = runs.entries.values.lazy.filter { !$0.summary.isDeleted }.map(\.summary.record)
        if records.contains(where: { $0.name == word || $0.id.text == word }) { return (word, nil) }
        return records.contains { $0.tuning?.name == word || $0.tuning?.tuning == word } ? (word, nil) : nil
    }

    /// A version that waits to be deployed: the newest approved one that an endpoint does not have.
    func suggestedModel(besides record: EndpointRecord?) -> String {
        let own = Set((record?.variants ?? []).map(\.modelID))
        let groups = Set(own.compactMap { serving.model($0)?.name })
        let fitting = serving.models.filter { $0.approval == .approved && !own.contains($0.id) }
        let found = fitting.first { groups.contains($0.name) } ?? fitting.max { $0.createdAt < $1.createdAt }
        if let found { return found.title }
        guard let run = experiments.selected.flatMap({ runs[$0] }), run.status == .completed, !own.contains(run.record.id.text)
        else { return "@best" }
        return run.record.name
    }

    /// Asks for a model, then, where nobody has approved it, whether it is to be deployed all the same.
    mutating func promptModel(
        _ title: String, text: String, then: @escaping @Sendable (String, Bool, inout AppState) -> Void
    ) {
        open(
            LinePrompt(
                title, help: "Whose model: a run, an AutoML job, a kept model such as churn or churn:2, @best; tab completes.",
                text: text,
                check: { word, state in
                    if state.servable(word) == nil {
                        return LinePrompt.Problem("no run, AutoML job or kept model is called '\(word)'")
                    }
                    if let version = state.servable(word)?.version, version.approval == .rejected {
                        return LinePrompt.Problem("\(version.title) was rejected: a approves it in the list of models (7 7)")
                    }
                    return nil
                },
                complete: { prompt, state in
                    let typed = prompt.field.text
                    let names =
                        state.serving.models.map(\.title)
                        + state.runs.entries.values.lazy.map(\.summary).filter { $0.status == .completed && !$0.isDeleted }
                        .map(\.record.name)
                    let fitting = names.filter { $0.hasPrefix(typed) }
                    if let only = fitting.first, fitting.count == 1 {
                        prompt.field = TextField(only)
                    } else {
                        prompt.completions = fitting
                    }
                }
            ) { word, state in
                state.confirmed(word, then: then)
                return []
            })
    }

    /// Goes on with a model, after a question where nobody has approved it.
    mutating func confirmed(_ model: String, then: @escaping @Sendable (String, Bool, inout AppState) -> Void) {
        let found = servable(model)?.version
        if let reason = found?.loadedElsewhere { return say(reason, .warning) }
        guard let version = found, version.approval != .approved else { return then(model, false, &self) }
        guard version.approval == .pending else {
            return say("\(version.title) was rejected: a approves it in the list of models (7 7)", .warning)
        }
        let title = version.title, id = version.id
        open(
            Question(
                "Not approved", text: "\(title) is not approved. Deploy it all the same?",
                answers: [
                    .init(key: "a", text: "approve it, and deploy it") { state in
                        then(title, true, &state)
                        return [.command(.serving(.decide(version: id, .approved)))]
                    },
                    .init(key: "d", text: "deploy it as it is") { state in
                        then(title, true, &state)
                        return []
                    },
                    .init(key: "c", text: "cancel"),
                ]))
    }

    /// Asks what the endpoint is to be called.
    /// - Parameter isWatched: whether everything is written down, and monitors look at it.
    mutating func promptName(_ model: String, _ takesUnapproved: Bool, isWatched: Bool = false) {
        let version = servable(model)?.version
        let usual = version?.name ?? runs[RunID(model)]?.record.name ?? (model.hasPrefix("@") ? "endpoint" : model)
        open(
            LinePrompt(
                "Endpoint for \(runs[RunID(model)]?.record.name ?? model)",
                help: isWatched
                    ? "Its name. Everything that it is asked is written down, and monitors compare it with the training data."
                    : "Its name, and behind it how many of a hundred requests are written down with their answers: churn 20%.",
                text: TypedEndpoint.name(of: usual),
                check: { text, state in
                    switch TypedEndpoint.creation(text, state.serving) {
                    case .success: nil
                    case .failure(let fault): LinePrompt.Problem(fault.message)
                    }
                },
                accept: { text, state in
                    guard case .success(let made) = TypedEndpoint.creation(text, state.serving) else { return [] }
                    state.awaitsEndpoint = made.name
                    state.say("creating \(made.name) …", .text)
                    let capture = isWatched ? made.capture ?? 100 : made.capture
                    let create = ServingCommand.create(
                        endpoint: made.name, model: model, capturePercent: capture, takesUnapproved: takesUnapproved)
                    return ([create] + (isWatched ? [.monitor(.setUp, of: made.name)] : [])).map { .command(.serving($0)) }
                }))
    }

    // MARK: - Updating

    /// Asks how carefully a new version is to get the requests. The endpoint's own alarms watch it.
    mutating func askForStrategy(_ record: EndpointRecord, _ model: String, _ takesUnapproved: Bool) {
        let alarms = Array(serving.alarms(of: record).map(\.name).prefix(10))
        let watched =
            alarms.isEmpty
            ? "No alarm watches it (descent alarm create makes one); B rolls back."
            : "Watched by \(alarms.joined(separator: ", ")): should one go off, the old version gets all requests back."
        func answer(_ key: Character, _ text: String, _ plan: UpdateText) -> Question.Answer {
            .init(key: key, text: text) { state in state.update(record, model, plan.plan(alarms), takesUnapproved) }
        }
        open(
            Question(
                "How", text: "\(model) for \(record.name). \(watched)",
                answers: [
                    answer("a", "all at once", UpdateText(strategy: "all-at-once")),
                    answer("c", "canary: 10 % for a minute, then all", UpdateText(strategy: "canary", step: 0.1, wait: 60)),
                    answer("l", "linear: 20 % more every half minute", UpdateText(strategy: "linear", step: 0.2, wait: 30)),
                    answer("r", "rolling: 5 % more every ten seconds", UpdateText(strategy: "rolling", step: 0.05, wait: 10)),
                    .init(key: "o", text: "in other steps…") { state in
                        state.promptPlan(record, model, takesUnapproved, alarms)
                        return []
                    },
                    .init(key: "x", text: "cancel"),
                ]))
    }

    // MARK: - Shadows

    /// Asks which model is to be shown the requests beside, or ends that.
    mutating func shadowOrStop(_ record: EndpointRecord) -> [Effect] {
        if let shadow = record.shadow {
            say("\(record.name): \(shadow.model.model) is shown no more requests", .text)
            return [.command(.serving(.wish(.stopShadow, of: record.id)))]
        }
        let id = record.id, name = record.name
        promptModel("Shadow of \(name)", text: suggestedModel(besides: record)) { model, takesUnapproved, state in
            state.promptShare(id, name, model, takesUnapproved)
        }
        return []
    }

    private mutating func promptShare(_ id: String, _ name: String, _ model: String, _ takesUnapproved: Bool) {
        open(
            LinePrompt(
                "Shadow of \(name)",
                help: "How many of a hundred requests \(model) is shown, after they were answered. Nobody gets its answers.",
                text: "100",
                check: { text, _ in
                    TypedEndpoint.share(text) == nil ? LinePrompt.Problem("give a number above 0, at most 100") : nil
                },
                accept: { text, state in
                    guard let percent = TypedEndpoint.share(text) else { return [] }
                    state.say("\(name): loading \(model) …", .text)
                    return [
                        .command(
                            .serving(.shadow(endpoint: id, model: model, percent: percent, takesUnapproved: takesUnapproved)))
                    ]
                }))
    }

    private mutating func promptPlan(_ record: EndpointRecord, _ model: String, _ takesUnapproved: Bool, _ alarms: [String]) {
        open(
            LinePrompt(
                "Steps", help: "STRATEGY STEP wait=SECONDS keep=SECONDS; strategies: all-at-once, canary, linear, rolling.",
                text: "canary 10% wait=60 keep=60",
                check: { text, _ in
                    switch UpdateText.read(text) {
                    case .success: nil
                    case .failure(let fault): LinePrompt.Problem(fault.message)
                    }
                },
                accept: { text, state in
                    guard case .success(let plan) = UpdateText.read(text) else { return [] }
                    return state.update(record, model, plan.plan(alarms), takesUnapproved)
                }))
    }

    private mutating func update(
        _ record: EndpointRecord, _ model: String, _ plan: ServingCommand.UpdatePlan, _ takesUnapproved: Bool
    ) -> [Effect] {
        say("\(record.name): loading \(model) …", .text)
        return [
            .command(.serving(.update(endpoint: record.id, model: model, plan: plan, takesUnapproved: takesUnapproved)))
        ]
    }
}

/// How another version gets its requests, as it is typed.
struct UpdateText {
    var strategy: String
    var step = 0.1
    var wait = 0.0
    var keep = 0.0

    func plan(_ alarms: [String]) -> ServingCommand.UpdatePlan {
        .init(strategy: strategy, step: step, wait: wait, terminationWait: keep, alarms: alarms)
    }

    /// The host says whether a step is one that SageMaker's strategy has.
    static func read(_ text: String) -> Result<UpdateText, TypedEndpoint.Fault> {
        var words = text.split(separator: " ").map(String.init)
        guard let strategy = words.first, ["all-at-once", "canary", "linear", "rolling"].contains(strategy) else {
            return .failure(.init(message: "begin with all-at-once, canary, linear or rolling"))
        }
        words.removeFirst()
        var read = UpdateText(strategy: strategy)
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            let digits = (parts.count == 2 ? parts[1] : word).filter { $0 != "%" }
            guard let number = Double(digits), number >= 0 else {
                return .failure(.init(message: "'\(word)': write a percentage such as 10%, wait=SECONDS or keep=SECONDS"))
            }
            switch parts.count == 2 ? parts[0] : "" {
            case "":
                guard number > 0, number <= 50 else { return .failure(.init(message: "a step is above 0 % and at most 50 %")) }
                read.step = number / 100
            case "wait", "keep":
                guard number <= 3600 else { return .failure(.init(message: "a wait is from 0 to 3600 seconds")) }
                if parts[0] == "wait" { read.wait = number } else { read.keep = number }
            default: return .failure(.init(message: "'\(parts[0])': write wait=SECONDS or keep=SECONDS"))
            }
        }
        return .success(read)
    }
}

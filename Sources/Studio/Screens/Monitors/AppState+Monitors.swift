import Cells
import Events
import JSON

extension AppState {
    /// The monitor that keys are about: that of the page, else the one under the cursor of the list.
    var chosenMonitor: MonitorStanding? {
        if let page = screens.last as? MonitorPage { return serving.monitor(page.monitor) }
        if let page = screens.last as? MonitorValuePage { return serving.monitor(page.monitor) }
        return (screens.last as? MonitorsPage)?.chosen(self)
    }

    /// The endpoint that is to be watched: the chosen one, or the one that the selected model answers for.
    var endpointToWatch: EndpointRecord? {
        if let chosen = chosenEndpoint { return chosen }
        if let version = (screens.last as? ModelsPage)?.chosen(self) { return serving.endpoints(answeredBy: version.id).first }
        let id: String
        if let page = screens.last as? AutoMLPage { id = page.automl } else { id = subjectRun?.record.id.text ?? "" }
        return ([id] + versions(of: id).map(\.id)).lazy.compactMap { serving.endpoints(answeredBy: $0).first }.first
    }

    mutating func showMonitor(_ name: String) -> [Effect] {
        guard serving.monitor(name) != nil else {
            say("that monitor is not in this workspace any more", .warning)
            return []
        }
        if let page = screens.last as? MonitorPage, page.monitor == name { return [] }
        return open(MonitorPage(name))
    }

    mutating func showMonitorValue(_ name: String, _ feature: String) -> [Effect] {
        guard let standing = serving.monitor(name) else { return showMonitor(name) }
        return open(MonitorValuePage(name, standing.record.kind, feature))
    }

    /// What violates its constraints stands among the alerts; what is new is told aloud.
    mutating func takeMonitors(_ found: KnownServing, _ before: KnownServing) -> [Effect] {
        var effects: [Effect] = []
        for standing in found.monitors {
            let name = standing.record.name, old = before.monitor(name)
            if let old, !standing.violations.isEmpty, standing.judged != old.judged {
                say("\(name): \(MonitorWords.violations(standing.violations))", .bad)
                effects.append(.bell)
            }
            guard let now = standing.retraining, now != old?.retraining, old != nil else { continue }
            let isOwn = found.monitors.first { $0.record.endpoint == now.endpoint }?.record.name == name
            if isOwn, now.status != old?.retraining?.status { say(MonitorWords.retraining(now), MonitorWords.role(now.status)) }
        }
        let news = found.monitors.filter { before.monitor($0.record.name) == nil }
        // At the start all of them are new.
        if let endpoint = news.first?.record.endpoint, before.endpoint(named: endpoint) != nil {
            say("\(news.count == 1 ? "a monitor watches" : "\(news.count) monitors watch") \(endpoint): 8 shows them", .good)
        }
        if found.monitors != before.monitors, let query = screens.last?.query(self),
            screens.last is MonitorPage || screens.last is MonitorValuePage
        {
            effects += ask(query)
        }
        return effects
    }

    // MARK: - Keys

    mutating func performMonitor(_ action: StudioAction) -> [Effect] {
        switch action {
        case .showMonitors:
            if screens.last is MonitorsPage { return [] }
            return open(MonitorsPage())
        case .setUpMonitors: return watch()
        default: return chosenMonitor.map { perform(action, on: $0) } ?? []
        }
    }

    private mutating func perform(_ action: StudioAction, on standing: MonitorStanding) -> [Effect] {
        let record = standing.record, name = record.name
        func done(_ deed: ServingCommand.MonitorDeed) -> [Effect] { [.command(.serving(.monitor(deed, of: name)))] }
        switch action {
        case .monitorOpen: return showMonitor(name)
        case .monitorRun:
            say("\(name) looks …", .text)
            return done(.run)
        case .monitorPause:
            say(record.isPaused ? "\(name) looks by its schedule again" : "\(name) rests: p has it go on", .text)
            return done(record.isPaused ? .resume : .pause)
        case .monitorRetrain: return askToRetrain(standing)
        case .monitorReport:
            let violations = standing.violations.map(\.json)
            let text = JSONValue.object(["violations": .array(violations)]).text + "\n"
            return [.exportText(name: "\(name)-constraint_violations.json", text)]
        case .monitorDelete: askToDelete(record)
        default: unhandled(action)
        }
        return []
    }

    private mutating func askToDelete(_ record: MonitorRecord) {
        let name = record.name
        open(
            Question(
                "Delete", text: "Delete the monitor \(name) with its executions? What its endpoint captured is kept.",
                answers: [
                    .init(key: "d", text: "delete") { state in
                        if state.screens.last is MonitorPage || state.screens.last is MonitorValuePage { _ = state.closeTop() }
                        return [.command(.serving(.monitor(.delete, of: name)))]
                    },
                    .init(key: "c", text: "cancel"),
                ], isMoot: { $0.serving.monitor(name) == nil }))
    }

    /// Asks which rows the model is to learn from, and has it trained, compared and deployed.
    mutating func askToRetrain(_ standing: MonitorStanding) -> [Effect] {
        if let refusal = MonitorRefusal.retraining(standing, self) {
            say(refusal, .warning)
            return []
        }
        let name = standing.record.name, endpoint = standing.record.endpoint ?? ""
        func answer(_ key: Character, _ text: String, _ deed: ServingCommand.MonitorDeed) -> Question.Answer {
            .init(key: key, text: text) { state in
                state.say("\(endpoint): training its model again …", .text)
                return [.command(.serving(.monitor(deed, of: name)))]
            }
        }
        open(
            Question(
                "Mend",
                text:
                    "Train \(endpoint)'s model again with its own settings, compare both on new rows that neither learned from, "
                    + "and give the new one requests as a canary unless it is worse?",
                answers: [
                    answer("b", "on labelled requests beside the old rows", .retrain),
                    answer("i", "on labelled requests instead of the old rows", .retrainInstead),
                    .init(key: "c", text: "cancel"),
                ], isMoot: { $0.serving.monitor(name) == nil }))
        return []
    }

    /// Has the endpoint of what is selected watched; a model without one gets one first.
    private mutating func watch() -> [Effect] {
        if let record = endpointToWatch {
            say("\(record.name): making baselines of its training data …", .text)
            return [.command(.serving(.monitor(.setUp, of: record.name)))]
        }
        guard case .named(let model) = modelToServe else { return [] }
        confirmed(model) { model, takesUnapproved, state in state.promptName(model, takesUnapproved, isWatched: true) }
        return []
    }
}

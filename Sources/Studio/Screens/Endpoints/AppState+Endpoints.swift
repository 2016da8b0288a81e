import Cells
import Events

extension AppState {
    /// The endpoint that keys are about: that of the page, else the one under the cursor of the list.
    var chosenEndpoint: EndpointRecord? {
        if let page = screens.last as? EndpointPage { return serving.endpoint(page.endpoint) }
        return (screens.last as? EndpointsPage)?.chosen(self)
    }

    /// Takes in how endpoints, alarms, kept models and monitors stand now.
    mutating func take(_ found: KnownServing) -> [Effect] {
        guard found != serving else { return [] }
        let before = serving
        serving = found
        needsRedraw = true
        var effects = takeAlarms(found, before) + takeMonitors(found, before)
        if let name = awaitsEndpoint, let record = found.endpoint(named: name) {
            awaitsEndpoint = nil
            effects += showEndpoint(record.id)
        }
        for record in found.endpoints {
            guard let old = before.endpoint(record.id), old.status != record.status || old.isRolledBack != record.isRolledBack
            else { continue }
            tell(record)
        }
        return effects
    }

    /// Alarms that are on stand among the alerts; one that goes on is told aloud.
    private mutating func takeAlarms(_ found: KnownServing, _ before: KnownServing) -> [Effect] {
        let on = found.alarms.filter(\.isOn)
        alerts.takeServing(
            on.map { AlertsState.Item(alarm: $0) } + found.monitors.compactMap { AlertsState.Item(monitor: $0) })
        let news = on.filter { alarm in before.alarms.first { $0.name == alarm.name }.map { !$0.isOn } ?? false }
        guard let first = news.first else { return [] }
        say("alarm \(first.name) of \(first.endpoint) went off: \(first.words)", .bad)
        return [.bell]
    }

    private mutating func tell(_ record: EndpointRecord) {
        switch record.status {
        case .inService:
            if record.isRolledBack == true {
                say("\(record.name): \(record.reason)", record.reason.hasSuffix("asked for") ? .warning : .bad)
            } else {
                say("\(record.name) is in service", .good)
            }
        case .failed, .updateRollbackFailed, .outOfService: say("\(record.name) is \(record.status.word): \(record.reason)", .bad)
        default: append(to: "\(record.name) is \(record.status.word)", .muted)
        }
    }

    mutating func showEndpoint(_ id: String) -> [Effect] {
        guard let record = serving.endpoint(id) else {
            say("that endpoint is not in this workspace any more", .warning)
            return []
        }
        if let page = screens.last as? EndpointPage, page.endpoint == id { return [] }
        return open(EndpointPage(id, name: record.name))
    }

    // MARK: - Keys

    mutating func performEndpoint(_ action: StudioAction) -> [Effect] {
        switch action {
        case .showEndpoints:
            if screens.last is EndpointsPage { return open(ModelsPage()) }
            return open(EndpointsPage())
        case .endpointCreate:
            promptModel("Create an endpoint", text: suggestedModel(besides: nil)) { model, takesUnapproved, state in
                state.promptName(model, takesUnapproved)
            }
            return []
        case .deployModel:
            if case .named(let model) = modelToServe { confirmed(model) { $2.promptName($0, $1) } }
            return []
        case .endpointHost: return [.command(.startHost)]
        case .endpointWindow:
            changeTop(EndpointPage.self) { page, _ in page.turnWindow() }
            pageChanged()
            return screens.last?.query(self).map { ask($0) } ?? []
        default: return chosenEndpoint.map { perform(action, on: $0) } ?? []
        }
    }

    private mutating func perform(_ action: StudioAction, on record: EndpointRecord) -> [Effect] {
        switch action {
        case .endpointOpen: return showEndpoint(record.id)
        case .endpointUpdate:
            promptModel("Update \(record.name)", text: suggestedModel(besides: record)) { model, takesUnapproved, state in
                state.askForStrategy(record, model, takesUnapproved)
            }
        case .endpointPromote:
            let what = record.pending.isEmpty ? "the shadow" : "the new version"
            say("\(record.name): \(what) gets all requests", .text)
            return [.command(.serving(.wish(.promote, of: record.id)))]
        case .endpointRollBack:
            say("\(record.name): the old version gets its requests back", .text)
            return [.command(.serving(.wish(.rollBack, of: record.id)))]
        case .endpointShadow: return shadowOrStop(record)
        case .endpointWeights: promptWeights(record)
        case .endpointLoad: return loadOrStop(record)
        case .endpointDelete: askToDelete(record)
        case .endpointCopyURL: return copy(serving.url(of: record.name) ?? "", "the address of \(record.name)")
        case .endpointCopyCurl: return copy(curl(record), "a line for a shell")
        default: unhandled(action)
        }
        return []
    }

    private mutating func copy(_ text: String, _ what: String) -> [Effect] {
        let token = serving.isOpen ? "" : "; eval \"$(descent endpoint credentials)\" brings the token"
        say("copied \(what)\(token)", .good)
        return [.copyToClipboard(text)]
    }

    private func curl(_ record: EndpointRecord) -> String {
        let token = serving.isOpen ? "" : " -H \"Authorization: Bearer $DESCENT_TOKEN\""
        return "curl -s\(token) -H 'Content-Type: text/csv' --data-binary @rows.csv \(serving.url(of: record.name) ?? "")"
    }

    private mutating func askToDelete(_ record: EndpointRecord) {
        let id = record.id, name = record.name
        open(
            Question(
                "Delete", text: "Delete the endpoint \(name)? Nobody is answered any more; what was captured is kept.",
                answers: [
                    .init(key: "d", text: "delete") { state in
                        if let page = state.screens.last as? EndpointPage, page.endpoint == id { _ = state.closeTop() }
                        return [.command(.serving(.wish(.delete, of: id)))]
                    },
                    .init(key: "c", text: "cancel"),
                ], isMoot: { $0.serving.endpoint(id) == nil }))
    }

    private mutating func promptWeights(_ record: EndpointRecord) {
        let id = record.id, names = record.variants.map(\.name)
        let text = record.variants.map { "\($0.name)=\(TypedEndpoint.text($0.weight))" }.joined(separator: " ")
        open(
            LinePrompt(
                "Weights of \(record.name)",
                help: "VARIANT=WEIGHT, spaces between; each gets its weight's share of the requests.",
                text: text,
                check: { text, _ in
                    switch TypedEndpoint.weights(text, names) {
                    case .success: nil
                    case .failure(let fault): LinePrompt.Problem(fault.message)
                    }
                },
                accept: { text, _ in
                    guard case .success(let weights) = TypedEndpoint.weights(text, names) else { return [] }
                    return [.command(.serving(.wish(.weights(weights), of: id)))]
                }))
    }
}

/// What is typed about endpoints, read.
enum TypedEndpoint {
    struct Fault: Error {
        var message: String
    }

    /// `old=9 new=1`
    static func weights(_ text: String, _ names: [String]) -> Result<[String: Double], Fault> {
        var weights: [String: Double] = [:]
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let weight = Double(parts[1]), weight >= 0, weight.isFinite else {
                return .failure(Fault(message: "'\(word)': write VARIANT=WEIGHT, the weight zero or more"))
            }
            guard names.contains(parts[0]) else {
                return .failure(Fault(message: "there is no variant '\(parts[0])': there are \(names.joined(separator: ", "))"))
            }
            weights[parts[0]] = weight
        }
        guard !weights.isEmpty else { return .failure(Fault(message: "write VARIANT=WEIGHT, spaces between")) }
        if Set(weights.keys) == Set(names), weights.values.allSatisfy({ $0 == 0 }) {
            return .failure(Fault(message: "no variant would have any weight: leave one above 0"))
        }
        return .success(weights)
    }

    /// `20`, `20%`: of a hundred, above 0.
    static func share(_ text: String) -> Double? {
        var text = text
        if text.hasSuffix("%") { text.removeLast() }
        while text.hasSuffix(" ") { text.removeLast() }
        return Double(text).flatMap { $0 > 0 && $0 <= 100 ? $0 : nil }
    }

    /// A weight as it is typed.
    static func text(_ weight: Double) -> String {
        let text = "\(weight)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// `churn 20%`: a name, and how many of a hundred requests are captured.
    static func creation(_ text: String, _ serving: KnownServing) -> Result<(name: String, capture: Double?), Fault> {
        let words = text.split(separator: " ").map(String.init)
        guard let name = words.first, words.count <= 2 else {
            return .failure(Fault(message: "write a name, and perhaps a percentage behind it"))
        }
        guard isName(name) else {
            return .failure(Fault(message: "'\(name)' cannot be its name: letters, digits and hyphens between them, at most 63"))
        }
        if serving.endpoint(named: name) != nil {
            return .failure(
                Fault(message: "there is an endpoint \(name): choose another name, or U on it has another model answer"))
        }
        guard words.count == 2 else { return .success((name, nil)) }
        let digits = words[1].hasSuffix("%") ? words[1].dropLast() : words[1][...]
        guard let percent = Double(digits), percent >= 0, percent <= 100 else {
            return .failure(Fault(message: "'\(words[1])': write how many of a hundred requests to capture, such as 20%"))
        }
        return .success((name, percent > 0 ? percent : nil))
    }

    static func isName(_ name: String) -> Bool {
        !name.hasPrefix("-") && !name.hasSuffix("-") && (1...63).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "-")
            }
    }

    /// A name that an endpoint can have, made of another one.
    static func name(of text: String) -> String {
        var name = ""
        for character in text.prefix(63) { name += isName(String(character)) ? String(character) : "-" }
        while name.hasPrefix("-") { name.removeFirst() }
        while name.hasSuffix("-") { name.removeLast() }
        return name.isEmpty ? "endpoint" : name
    }
}

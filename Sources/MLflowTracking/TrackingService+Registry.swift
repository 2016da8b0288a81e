import Databases
import Events
import Experiments
import Files
import JSON

/// Registered models: groups of versions, which are the workspace's models under names.
///
/// A version that is approved is in MLflow's stage `Production`, one that was rejected is `Archived`.
extension TrackingService {
    var registry: ModelStore { store.models }

    /// What holds where nothing is said: MLflow's client asks for models that are no prompts.
    static let usualTags = ["mlflow.prompt.is_prompt": "false"]

    // MARK: - Registered models

    func createRegisteredModel(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let name = try modelName(request)
        guard try stored({ () throws(StoreError) in try registry.group(name) }) == nil else {
            throw TrackingError(.exists, "Registered Model (name=\(name)) already exists.")
        }
        var group = RegisteredModel(name: name, createdAt: request.now)
        group.description = try request.text("description") ?? ""
        group.tags = try tags(request)
        try keep(group)
        return try answer(group)
    }

    func getRegisteredModel(_ request: TrackingRequest) throws(TrackingError) -> JSONValue { try answer(try group(request)) }

    func renameRegisteredModel(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let group = try group(request), name = try modelName(request, "new_name")
        guard try stored({ () throws(StoreError) in try registry.group(name) }) == nil else {
            throw TrackingError(.exists, "Registered Model (name=\(name)) already exists.")
        }
        return try answer(
            try stored { () throws(StoreError) in try registry.rename(group, to: name, at: request.now) })
    }

    func updateRegisteredModel(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        var group = try group(request)
        (group.description, group.updatedAt) = (try request.text("description") ?? "", request.now)
        try keep(group)
        return try answer(group)
    }

    /// With its versions, whose numbers are not given again.
    func deleteRegisteredModel(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let group = try group(request)
        for version in try versions(of: group.name) { try remove(version) }
        try stored { () throws(StoreError) in try registry.removeGroup(group.name) }
        return TrackingJSON.nothing
    }

    func searchRegisteredModels(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let filter = try TrackingFilter(try request.text("filter") ?? ""),
            order = try TrackingOrder(try request.texts("order_by"))
        let fitting = try stored { () throws(StoreError) in try registry.groups() }.filter { group in
            filter.fits { Self.value(of: $0, group) }
        }
        let sorted = fitting.sorted { first, second in
            order.isBefore({ Self.value(of: $0, first) }, { Self.value(of: $0, second) }) ?? (first.name < second.name)
        }
        let page = try Page(request, usual: 100), (start, size) = page.range
        // Only what is answered is looked up.
        var answers = [JSONValue](repeating: .null, count: min(start, sorted.count))
        for group in sorted.dropFirst(start).prefix(size) { answers.append(try json(group)) }
        answers += [JSONValue](repeating: .null, count: sorted.count - answers.count)
        return page.answer(answers, as: "registered_models")
    }

    func latestVersions(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let group = try group(request)
        let stages = try request.texts("stages").map { text throws(TrackingError) in try stage(text) }
        return .object([
            "model_versions": .array(
                try latest(of: group).filter { version in
                    stages.isEmpty || stages.contains { $0.rawValue == version["current_stage"]?.string }
                })
        ])
    }

    func setRegisteredModelTag(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let key = try tagKey(request), value = try request.text("value") ?? ""
        return try change(request) { $0.tags[key] = value }
    }

    func deleteRegisteredModelTag(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let key = try tagKey(request)
        return try change(request) { $0.tags[key] = nil }
    }

    // MARK: - Aliases

    func setAlias(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let alias = try alias(request), version = try version(request)
        return try change(request) { $0.aliases[alias] = version.version }
    }

    func deleteAlias(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let alias = try alias(request)
        return try change(request) { $0.aliases[alias] = nil }
    }

    func versionOfAlias(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let group = try group(request), alias = try alias(request)
        guard let number = group.aliases[alias], let found = try versions(of: group.name).first(where: { $0.version == number })
        else { throw TrackingError(.invalidParameter, "Registered model alias \(alias) not found.") }
        return .object(["model_version": try json(found, group)])
    }

    private func alias(_ request: TrackingRequest) throws(TrackingError) -> String {
        let alias = try request.wanted("alias")
        try TrackingLimits.check(key: alias, of: "registered model alias")
        let isNumber = alias.first == "v" && alias.count > 1 && alias.dropFirst().allSatisfy(\.isNumber)
        guard alias.lowercased() != "latest", !isNumber else {
            throw TrackingError(.invalidParameter, "'\(alias)' alias name (case insensitive) is reserved.")
        }
        return alias
    }

    // MARK: - What they have in common

    /// - Throws: `notFound`.
    func group(_ request: TrackingRequest) throws(TrackingError) -> RegisteredModel {
        let name = try modelName(request)
        if let known = try stored({ () throws(StoreError) in try registry.group(name) }) { return known }
        throw TrackingError(.notFound, "Registered Model with name=\(name) not found")
    }

    func modelName(_ request: TrackingRequest, _ key: String = "name") throws(TrackingError) -> String {
        let name = try request.wanted(key)
        guard !name.contains("/"), !name.contains(":"), !name.allSatisfy(\.isWhitespace), name != ".", name != ".." else {
            throw TrackingError(.invalidParameter, "Invalid model name '\(name)'. Names cannot contain '/' or ':'.")
        }
        return name
    }

    func tags(_ request: TrackingRequest) throws(TrackingError) -> [String: String] {
        var found: [String: String] = [:]
        for tag in try request.objects("tags") { found[try tagKey(tag)] = try tag.text("value") ?? "" }
        return found
    }

    func tagKey(_ request: TrackingRequest) throws(TrackingError) -> String {
        let key = try request.wanted("key")
        try TrackingLimits.check(key: key, of: "tag")
        return key
    }

    func keep(_ group: RegisteredModel) throws(TrackingError) {
        try stored { () throws(StoreError) in try registry.write(group) }
    }

    private func change(_ request: TrackingRequest, _ body: (inout RegisteredModel) -> Void) throws(TrackingError) -> JSONValue {
        var group = try group(request)
        body(&group)
        try keep(group)
        return TrackingJSON.nothing
    }

    private func answer(_ group: RegisteredModel) throws(TrackingError) -> JSONValue {
        .object(["registered_model": try json(group)])
    }

    private func json(_ group: RegisteredModel) throws(TrackingError) -> JSONValue {
        .object([
            "name": .string(group.name), "creation_timestamp": .integer(group.createdAt),
            "last_updated_timestamp": .integer(group.updatedAt), "description": .string(group.description),
            "latest_versions": .array(try latest(of: group)), "tags": TrackingJSON.pairs(group.tags),
            "aliases": .array(
                group.aliases.sorted { $0.key < $1.key }.map { alias, version in
                    .object(["alias": .string(alias), "version": .string(String(version))])
                }),
        ])
    }

    /// The newest version of each stage.
    private func latest(of group: RegisteredModel) throws(TrackingError) -> [JSONValue] {
        var seen: Set<String> = [], found: [JSONValue] = []
        for version in try versions(of: group.name) {
            let json = try json(version, group)
            if seen.insert(json["current_stage"]?.string ?? "").inserted { found.append(json) }
        }
        return found
    }

    private static func value(of subject: TrackingFilter.Subject, _ group: RegisteredModel) -> TrackingFilter.Value {
        switch subject {
        case .attribute("name"): .text(group.name)
        case .attribute("creation_time"): .number(Double(group.createdAt))
        case .attribute("last_update_time"): .number(Double(group.updatedAt))
        case .tag(let key): (group.tags[key] ?? Self.usualTags[key]).map { .text($0) } ?? .nothing
        default: .nothing
        }
    }
}

import JSON

extension MonitoringConfiguration {
    /// The member of ours.
    static let own = "descent"

    var json: JSONValue {
        .object([
            "evaluate_constraints": .string(Self.word(evaluatesConstraints)), "emit_metrics": .string(Self.word(emitsMetrics)),
            "datatype_check_threshold": .number(typeThreshold), "domain_content_threshold": .number(domainThreshold),
            "distribution_constraints": .object([
                "perform_comparison": .string(Self.word(comparesDistributions)),
                "comparison_threshold": .number(numberThreshold), "comparison_method": .string(numberMethod.rawValue),
                "categorical_comparison_threshold": .number(textThreshold),
                "categorical_drift_method": .string(textMethod.rawValue),
            ]),
            Self.own: falseAlarms.map { .object(["false_alarms": .number($0)]) },
        ])
    }

    /// These settings with what a file changes in them.
    ///
    /// - Throws: `badData`, with the setting at fault.
    func changed(by json: JSONValue) throws(MonitoringError) -> MonitoringConfiguration {
        var changed = self
        let distributions = json["distribution_constraints"]
        if let flag = try Self.flag(json["evaluate_constraints"], "evaluate_constraints") { changed.evaluatesConstraints = flag }
        if let flag = try Self.flag(json["emit_metrics"], "emit_metrics") { changed.emitsMetrics = flag }
        if let share = try Self.share(json["datatype_check_threshold"], "datatype_check_threshold") {
            changed.typeThreshold = share
        }
        if let share = try Self.share(json["domain_content_threshold"], "domain_content_threshold") {
            changed.domainThreshold = share
        }
        if let flag = try Self.flag(distributions?["perform_comparison"], "perform_comparison") {
            changed.comparesDistributions = flag
        }
        if let share = try Self.share(distributions?["comparison_threshold"], "comparison_threshold") {
            // Older files have one threshold for all columns.
            (changed.numberThreshold, changed.textThreshold) = (share, share)
        }
        if let method = try Self.word(distributions?["comparison_method"], "comparison_method", NumberMethod.self) {
            changed.numberMethod = method
        }
        if let share = try Self.share(distributions?["categorical_comparison_threshold"], "categorical_comparison_threshold") {
            changed.textThreshold = share
        }
        if let method = try Self.word(distributions?["categorical_drift_method"], "categorical_drift_method", TextMethod.self) {
            changed.textMethod = method
        }
        if let share = try Self.share(json[Self.own]?["false_alarms"], "false_alarms") { changed.falseAlarms = share }
        return changed
    }

    /// What differs from other settings, as a feature's `monitoringConfigOverrides`.
    func overrides(of others: MonitoringConfiguration) -> JSONValue? {
        guard self != others, case .object(let mine) = json, case .object(let theirs) = others.json else { return nil }
        let known = Dictionary(theirs.map { ($0.name, $0.value) }) { first, _ in first }
        return .object(mine.filter { known[$0.name] != $0.value })
    }

    private static func word(_ flag: Bool) -> String { flag ? "Enabled" : "Disabled" }

    private static func fault(_ name: String, _ allowed: String) -> MonitoringError {
        MonitoringError(.badData, "\(name) of the constraints is not \(allowed): correct it")
    }

    private static func flag(_ json: JSONValue?, _ name: String) throws(MonitoringError) -> Bool? {
        guard let json, json != .null else { return nil }
        switch json.string?.lowercased() {
        case "enabled": return true
        case "disabled": return false
        default: throw fault(name, "Enabled or Disabled")
        }
    }

    private static func share(_ json: JSONValue?, _ name: String) throws(MonitoringError) -> Double? {
        guard let json, json != .null else { return nil }
        guard let share = json.double ?? json.string.flatMap({ Double($0) }), share >= 0, share <= 1 else {
            throw fault(name, "a number from 0 to 1")
        }
        return share
    }

    private static func word<Word: RawRepresentable & CaseIterable>(
        _ json: JSONValue?, _ name: String, _ type: Word.Type
    ) throws(MonitoringError) -> Word? where Word.RawValue == String {
        guard let json, json != .null else { return nil }
        guard let word = json.string.flatMap(Word.init) else {
            throw fault(name, Word.allCases.map(\.rawValue).joined(separator: " or "))
        }
        return word
    }
}

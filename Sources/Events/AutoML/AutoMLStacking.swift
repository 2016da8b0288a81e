import JSON

/// Whether an AutoML job lets models learn from what others predict, and why.
public struct AutoMLStacking: Hashable, Sendable {
    /// Whether a second level is trained.
    public var isTried: Bool
    /// In one line.
    public var why: String
    /// By the job's objective on rows that neither level learned from, without a second level and with it; nil where that was not looked at.
    public var without: Double?, with: Double?
    /// These rows.
    public var rowCount: Int?

    public init(isTried: Bool, why: String) { (self.isTried, self.why) = (isTried, why) }

    public var json: JSONValue {
        .object([
            "tried": .boolean(isTried), "why": .string(why), "without": without.map { .number($0) },
            "with": with.map { .number($0) },
            "rows": rowCount.map { .integer($0) },
        ])
    }

    public init?(json: JSONValue) {
        guard let isTried = json["tried"]?.boolean, let why = json["why"]?.string else { return nil }
        self.init(isTried: isTried, why: why)
        (without, with, rowCount) = (json["without"]?.double, json["with"]?.double, json["rows"]?.integer)
    }
}

/// An AutoML job has decided about a second level.
public struct StackingNews: Hashable, Sendable {
    public var automl: String
    public var name: String
    public var stacking: AutoMLStacking

    public init(automl: String, name: String, stacking: AutoMLStacking) {
        (self.automl, self.name, self.stacking) = (automl, name, stacking)
    }

    var json: JSONValue { .object(["automl": .string(automl), "name": .string(name), "stacking": stacking.json]) }

    init?(json: JSONValue) {
        guard let automl = json["automl"]?.string, let name = json["name"]?.string,
            let stacking = json["stacking"].flatMap(AutoMLStacking.init(json:))
        else { return nil }
        self.init(automl: automl, name: name, stacking: stacking)
    }
}

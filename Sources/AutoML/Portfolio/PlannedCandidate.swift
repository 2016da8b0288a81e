import JSON

/// A candidate as a plan says it: what a user may change before an AutoML job tries it.
public struct PlannedCandidate: Hashable, Sendable {
    /// Short, unique in its plan, such as `boosted-shallow`.
    public var name: String
    /// What kind of model it is, in words: `linear`, `network`, `boosted trees`, `random forest`, `extra trees`.
    public var family: String
    public var hyperparameters: [String: String]
    /// In one line.
    public var why: String
    /// Steps of preparing features that it leaves out.
    public var without: [String] = []
    /// Names of earlier candidates whose predictions it learns from too.
    public var stack: [String] = []

    public init(name: String, family: String, hyperparameters: [String: String], why: String) {
        (self.name, self.family, self.hyperparameters, self.why) = (name, family, hyperparameters, why)
    }

    public var json: JSONValue {
        .object([
            "name": .string(name), "family": .string(family), "hyperparameters": JSONValue(hyperparameters), "why": .string(why),
            "without": without.isEmpty ? nil : .array(without.map { .string($0) }),
            "stack": stack.isEmpty ? nil : .array(stack.map { .string($0) }),
        ])
    }

    /// Values of hyperparameters may be numbers and truth values, too.
    public init?(json: JSONValue) {
        guard let name = json["name"]?.string, let family = json["family"]?.string else { return nil }
        var settings: [String: String] = [:]
        for member in json["hyperparameters"]?.members ?? [] {
            settings[member.name] = member.value.string ?? member.value.text
        }
        self.init(name: name, family: family, hyperparameters: settings, why: json["why"]?.string ?? "as the plan has it")
        without = json["without"]?.array?.map { $0.string ?? $0.text } ?? []
        stack = json["stack"]?.array?.map { $0.string ?? $0.text } ?? []
    }
}

import CheckedNumbers
import Files
import Hyperparameters
import JSON
import NearestNames

/// What is said of a script's settings in a file beside it, `descent.json`: names, kinds, ranges and defaults.
///
/// ```json
/// {"hyperparameters": {"learning_rate": {"type": "float", "min": 1e-5, "max": 1, "default": 0.01, "help": "…"},
///                      "optimizer": {"type": "choice", "choices": ["adam", "sgd"]}},
///  "objective": "validation:loss", "metrics": {"validation:loss": "val_loss=(\\S+)"}, "open": false}
/// ```
public struct ScriptDescription: Sendable, Hashable {
    /// The settings it declares, in the file's order. A default of `""` is none: the script has its own.
    public var hyperparameters: [Hyperparameter] = []
    /// What its runs are judged by, unless something else is said.
    public var objective: String?
    /// How metrics are found in its output, as `NAME=REGEX`, unless something else is said.
    public var metrics: [String] = []
    /// Whether it takes settings that are not declared.
    public var isOpen = false

    public static let fileName = "descent.json"

    /// The description beside a script; nil where there is none.
    /// - Throws: what is wrong with it.
    public init?(beside script: String) throws(ScriptError) {
        let path = FilePath.folder(script) + "/" + Self.fileName
        guard let text = FileContents.text(path) else { return nil }
        do throws(ScriptError) { try self.init(parsing: text) } catch { throw ScriptError("\(path): \(error)") }
    }

    /// The description in a file.
    public init(file: String) throws(ScriptError) {
        guard let text = FileContents.text(file) else {
            throw ScriptError("\(file) cannot be read: name a file that describes the script")
        }
        do throws(ScriptError) { try self.init(parsing: text) } catch { throw ScriptError("\(file): \(error)") }
    }

    package init(parsing text: String) throws(ScriptError) {
        let json: JSONValue
        do throws(JSONError) { json = try JSONValue(parsing: text) } catch { throw ScriptError("\(error)") }
        if let settings = json["hyperparameters"], settings.members == nil {
            throw ScriptError("\"hyperparameters\" has to be an object of names")
        }
        for member in json["hyperparameters"]?.members ?? [] {
            if hyperparameters.contains(where: { $0.name == member.name }) {
                throw ScriptError("\(member.name) is declared twice")
            }
            hyperparameters.append(try Self.hyperparameter(member))
        }
        if hyperparameters.isEmpty, json["hyperparameters"] == nil {
            throw ScriptError("it has no \"hyperparameters\": an object of names")
        }
        objective = json["objective"]?.string
        for member in json["metrics"]?.members ?? [] {
            let definition = try MetricDefinition(parsing: "\(member.name)=\(member.value.string ?? "")")
            metrics.append("\(definition.name)=\(definition.pattern)")
        }
        isOpen = json["open"]?.boolean ?? false
    }

    private static func hyperparameter(_ member: JSONValue.Member) throws(ScriptError) -> Hyperparameter {
        let json = member.value, name = member.name
        guard let members = json.members, json["type"]?.string != nil else { throw ScriptError("\(name): write {\"type\": …}") }
        if name.isEmpty || name.contains(where: { $0.isWhitespace || $0 == "=" }) { throw ScriptError("'\(name)' is no name") }
        let known = ["type", "min", "max", "default", "choices", "help"]
        if let other = members.first(where: { !known.contains($0.name) }) {
            throw ScriptError("\(name): there is no '\(other.name)': it has \(known.joined(separator: ", "))")
        }
        for bound in ["min", "max"] where json[bound] != nil && json[bound]?.double == nil {
            throw ScriptError("\(name): \(bound) has to be a number")
        }
        let minimum = json["min"]?.double, maximum = json["max"]?.double
        if let minimum, let maximum, minimum > maximum { throw ScriptError("\(name): min \(minimum) is over max \(maximum)") }
        let domain: Hyperparameter.Domain
        switch json["type"]?.string ?? "text" {
        case "float", "number", "continuous":
            domain = .number(
                minimum: minimum ?? -.infinity, excludesMinimum: minimum == nil, maximum: maximum ?? .infinity,
                excludesMaximum: maximum == nil)
        case "int", "integer":
            domain = .integer(
                minimum: minimum.flatMap { Int(nearest: $0) } ?? .min, maximum: maximum.flatMap { Int(nearest: $0) } ?? .max)
        case "bool", "boolean": domain = .boolean
        case "choice", "categorical":
            let choices = json["choices"]?.array?.map { $0.string ?? $0.text } ?? []
            guard !choices.isEmpty else { throw ScriptError("\(name): a choice needs \"choices\": a list") }
            domain = .choice(choices)
        case "text", "string", "str": domain = .text(example: json["default"]?.string ?? "abc")
        case let other: throw ScriptError("\(name): there is no type '\(other)': use float, int, bool, choice or text")
        }
        let preset = json["default"].map { $0.string ?? $0.text } ?? ""
        let made = Hyperparameter(name, domain, words: preset.isEmpty ? [""] : [], default: preset, json["help"]?.string ?? "")
        guard preset.isEmpty || made.takes(preset) else {
            throw ScriptError("\(name): the default \(preset) is not valid: \(made.validValuesInWords)")
        }
        return made
    }

    /// Checks settings and puts declared defaults where nothing is said.
    /// - Throws: the first that is not valid, and what is.
    public func complete(_ given: [String: String], but others: Set<String>) throws(ScriptError) -> [String: String] {
        var settings = given
        for (name, text) in given.sorted(by: { $0.key < $1.key }) where !others.contains(name) {
            guard let declared = hyperparameters.first(where: { $0.name == name }) else {
                if isOpen { continue }
                let near = NearestName.suggestions(for: name, among: hyperparameters.map(\.name)).first
                throw ScriptError(
                    "\(Self.fileName) declares no '\(name)': "
                        + (near.map { "did you mean '\($0)'?" } ?? "it has \(hyperparameters.map(\.name).joined(separator: ", "))")
                )
            }
            guard declared.takes(text) else {
                throw ScriptError("\(name) = '\(text)' is not valid: give \(declared.domainInWords)")
            }
        }
        for declared in hyperparameters where settings[declared.name] == nil && !declared.defaultValue.isEmpty {
            settings[declared.name] = declared.defaultValue
        }
        return settings
    }
}

extension Hyperparameter {
    /// A script's text may be any.
    fileprivate func takes(_ text: String) -> Bool { if case .text = domain { true } else { accepts(text) } }

    /// Without the word for no default.
    fileprivate var domainInWords: String {
        var plain = self
        plain.words.removeAll { $0.isEmpty }
        return plain.validValuesInWords
    }
}

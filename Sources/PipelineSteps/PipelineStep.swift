/// One step of a pipeline: what is done, and what is said of it.
public struct PipelineStep: Sendable, Hashable {
    public let kind: StepKind
    /// By parameter; what is not said is not there.
    public private(set) var values: [String: [String]]

    /// - Throws: `PipelineError` with what is wrong; the number is the caller's to add.
    public init(_ kind: StepKind, _ values: [String: [String]] = [:]) throws(PipelineError) {
        (self.kind, self.values) = (kind, values.filter { !$0.value.isEmpty })
        if let problem = Self.problem(kind, self.values) { throw PipelineError(problem) }
    }

    /// What is said of a parameter; empty = nothing.
    public func list(_ name: String) -> [String] { values[name] ?? [] }
    public func text(_ name: String) -> String? { values[name]?.first }
    public func numbers(_ name: String) -> [Double] { list(name).compactMap { Double($0) } }
    public func wholes(_ name: String) -> [Int] { list(name).compactMap { Int($0) } }

    /// Whether steps behind it can no longer name one of the columns.
    func takesAway(_ columns: Set<String>) -> Bool {
        switch kind {
        case .drop, .rename: !columns.isDisjoint(with: list("columns") + list("column"))
        case .keep: !columns.isSubset(of: list("columns"))
        case .encode: text("how") != "ordinal" && !columns.isDisjoint(with: list("columns"))
        default: false
        }
    }

    /// The step in one line, such as `impute age, bmi: median`.
    public var words: String {
        var subject: [String] = [], rest: [String] = [], result = ""
        for parameter in kind.parameters {
            let texts = list(parameter.name)
            guard !texts.isEmpty else { continue }
            let joined = texts.joined(separator: ", ")
            switch parameter.name {
            case "column", "columns", "where": subject.append(joined)
            case "to": result = " → \(joined)"
            case "how", "parts", "measures": rest.append(joined)
            default: rest.append("\(parameter.name) \(joined)")
            }
        }
        let head = ([kind.rawValue] + subject).joined(separator: " ")
        return (rest.isEmpty ? head : "\(head): \(rest.joined(separator: ", "))") + result
    }

    private static func problem(_ kind: StepKind, _ values: [String: [String]]) -> String? {
        let known = kind.parameters
        for name in values.keys.sorted() where !known.contains(where: { $0.name == name }) {
            let names = known.map(\.name)
            return "'\(name)' is nothing that is said of it: "
                + (names.isEmpty ? "say nothing" : "say \(names.joined(separator: ", "))")
        }
        for parameter in known {
            let texts = values[parameter.name] ?? []
            if texts.isEmpty, parameter.isRequired { return "'\(parameter.name)' is missing: \(parameter.help)" }
            if texts.count > 1, !parameter.isList { return "'\(parameter.name)' is one value" }
            if !texts.isEmpty, let problem = parameter.problem(with: texts) { return "'\(parameter.name)' \(problem)" }
            if parameter.isList, Set(texts).count < texts.count { return "'\(parameter.name)' names something twice" }
        }
        return combination(kind, values)
    }

    /// What does not go together.
    private static func combination(_ kind: StepKind, _ values: [String: [String]]) -> String? {
        let said = { (name: String) in values[name] != nil }
        switch kind {
        case .impute:
            let isConstant = values["how"] == ["constant"]
            if isConstant, !said("value") { return "'value' is missing: the constant" }
            if !isConstant, said("value") { return "'value' goes with how constant" }
            if isConstant, !said("columns") { return "'columns' is missing: a constant is for columns that are named" }
        case .encode:
            guard let smoothing = values["smoothing"]?.first.flatMap({ Double($0) }) else { return nil }
            if values["how"] != ["target"] { return "'smoothing' goes with how target" }
            if smoothing <= 0 { return "'smoothing' is above 0" }
        case .clip:
            if said("quantiles"), said("lower") || said("upper") { return "'quantiles' excludes 'lower' and 'upper'" }
            guard said("quantiles") || said("lower") || said("upper") else { return "'lower', 'upper' or 'quantiles' is missing" }
            let bounds = (values["quantiles"] ?? [values["lower"]?.first, values["upper"]?.first].compactMap { $0 })
                .compactMap { Double($0) }
            if bounds.count == 2, bounds[0] > bounds[1] { return "the lower bound lies above the upper one" }
            if said("quantiles"), !bounds.allSatisfy({ (0...1).contains($0) }) { return "'quantiles' lie between 0 and 1" }
        case .product:
            if (values["columns"] ?? []).count < 2 { return "'columns' is two columns or more" }
        case .ratio:
            if (values["columns"] ?? []).count != 2 { return "'columns' is two columns" }
        case .rolling:
            if values["how"]?.contains("sd") == true, values["rows"] == ["1"] { return "'sd' takes two rows or more" }
        default: break
        }
        return nil
    }
}

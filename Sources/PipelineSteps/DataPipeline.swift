import JSON
import NearestNames

/// Steps that make of the columns and rows of a file what is learned from, in their order.
public struct DataPipeline: Sendable, Hashable {
    public var steps: [PipelineStep]

    /// Most steps that a pipeline may have.
    public static let stepLimit = 500

    /// No steps.
    public static let empty = DataPipeline()

    private init() { steps = [] }

    /// - Throws: for steps that may stand once and stand twice, and too many.
    public init(_ steps: [PipelineStep]) throws(PipelineError) {
        self.steps = steps
        guard steps.count <= Self.stepLimit else {
            throw PipelineError("\(steps.count) steps: a pipeline has at most \(Self.stepLimit)")
        }
        for kind in [StepKind.target, .split, .weights, .resample] {
            let places = steps.indices.filter { steps[$0].kind == kind }
            if places.count > 1 {
                throw PipelineError(
                    "step \(places[1] + 1) (\(kind.rawValue)): step \(places[0] + 1) says it already: leave one out")
            }
        }
        if let weights = steps.firstIndex(where: { $0.kind == .weights }),
            let draw = steps.firstIndex(where: { $0.kind == .resample })
        {
            throw PipelineError(
                "step \(max(weights, draw) + 1) (\(steps[max(weights, draw)].kind.rawValue)): weights and drawing make classes count the same twice: leave one out"
            )
        }
        if let place = steps.firstIndex(where: { $0.kind == .split }), steps[place].text("group") != nil,
            steps[place].text("order") != nil
        {
            throw PipelineError(
                "step \(place + 1) (split): rows are held out by group or by order: leave one of them out")
        }
    }

    /// Reads `{"steps": [{"step": "drop", "columns": ["id"]}, …]}`, or the list alone.
    ///
    /// - Throws: what is no JSON, and the number of the step that is wrong.
    public init(parsing text: String) throws(PipelineError) {
        let json: JSONValue
        do throws(JSONError) { json = try JSONValue(parsing: text) } catch {
            throw PipelineError("the pipeline is \(error): write {\"steps\": [{\"step\": \"drop\", \"columns\": [\"id\"]}]}")
        }
        try self.init(json: json)
    }

    public init(json: JSONValue) throws(PipelineError) {
        guard let list = json.array ?? json["steps"]?.array else {
            throw PipelineError("a pipeline is a list of steps: write {\"steps\": [{\"step\": \"drop\", \"columns\": [\"id\"]}]}")
        }
        if let other = json.members?.first(where: { $0.name != "steps" }) {
            throw PipelineError("'\(other.name)' is nothing that a pipeline has: it has steps")
        }
        var steps: [PipelineStep] = []
        for (index, entry) in list.enumerated() { steps.append(try Self.step(entry, number: index + 1)) }
        try self.init(steps)
    }

    private static func step(_ json: JSONValue, number: Int) throws(PipelineError) -> PipelineStep {
        guard let members = json.members, let word = json["step"]?.string else {
            throw PipelineError("step \(number) is not {\"step\": NAME, …}: say what it does")
        }
        guard let kind = StepKind(rawValue: word) else {
            let all = StepKind.allCases.map(\.rawValue)
            let near = NearestName.suggestions(for: word, among: all).first.map { "did you mean '\($0)'?" }
            throw PipelineError("step \(number) is '\(word)': \(near ?? "steps are \(all.joined(separator: ", "))")")
        }
        var values: [String: [String]] = [:]
        for member in members where member.name != "step" {
            guard values[member.name] == nil else {
                throw PipelineError("step \(number) (\(word)): '\(member.name)' stands there twice")
            }
            let entries = member.value.array ?? [member.value]
            let texts = entries.compactMap(\.parameterText)
            guard texts.count == entries.count else {
                throw PipelineError("step \(number) (\(word)): '\(member.name)' is a text, a number or a list of them")
            }
            values[member.name] = texts
        }
        do throws(PipelineError) { return try PipelineStep(kind, values) } catch {
            throw PipelineError("step \(number) (\(word)): \(error.message)")
        }
    }

    /// The steps as a document.
    public var json: JSONValue { .object(["steps": .array(steps.map(\.json))]) }

    /// The document in one line.
    public var text: String { json.text }

    /// The document for people, a step a line.
    public var lines: String {
        steps.isEmpty
            ? "{\"steps\": []}\n" : "{\"steps\": [\n" + steps.map { "  " + $0.json.text }.joined(separator: ",\n") + "\n]}\n"
    }

    /// What it does in one line, such as `3 steps: drop id; impute; scale`.
    public var words: String {
        let shown = steps.prefix(3).map(\.words).joined(separator: "; ")
        let count = steps.count == 1 ? "1 step" : "\(steps.count) steps"
        return steps.isEmpty ? "no steps" : "\(count): \(shown)\(steps.count > 3 ? "; …" : "")"
    }

    /// The steps and another one, behind them or before the first that leaves one of its columns out or calls it otherwise.
    public func adding(_ step: PipelineStep) throws(PipelineError) -> DataPipeline {
        let columns = Set(step.list("columns") + step.list("column"))
        let place = steps.firstIndex { $0.takesAway(columns) } ?? steps.count
        return try DataPipeline(steps[..<place] + [step] + steps[place...])
    }

    /// The step that says what is predicted, and the one that holds rows out.
    public var target: PipelineStep? { steps.first { $0.kind == .target } }
    public var split: PipelineStep? { steps.first { $0.kind == .split } }
}

extension PipelineStep {
    /// The step as an object.
    public var json: JSONValue {
        let members = kind.parameters.compactMap { parameter -> JSONValue.Member? in
            let texts = list(parameter.name)
            guard let first = texts.first else { return nil }
            let value = { (text: String) -> JSONValue in
                guard parameter.isNumeric else { return .string(text) }
                return Int(text).map { .integer($0) } ?? Double(text).map { .number($0) } ?? .string(text)
            }
            return .init(parameter.name, parameter.isList ? .array(texts.map(value)) : value(first))
        }
        return .object([.init("step", .string(kind.rawValue))] + members)
    }
}

extension JSONValue {
    /// A text, number or truth value as a step keeps it.
    fileprivate var parameterText: String? {
        switch self {
        case .string(let text): text
        case .integer(let number): String(number)
        case .number(let number): JSONValue.text(number)
        case .boolean(let flag): String(flag)
        case .null, .array, .object: nil
        }
    }
}

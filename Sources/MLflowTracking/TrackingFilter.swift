/// What is looked for, in MLflow's own words: comparisons joined by AND.
///
/// - Source: MLflow 3.17, `mlflow.utils.search_utils`.
struct TrackingFilter {
    /// What a comparison is of.
    enum Subject: Hashable {
        case metric(String)
        case parameter(String)
        case tag(String)
        case attribute(String)
        case dataset(String)
    }

    enum Operation: String {
        case equal = "=", unequal = "!=", less = "<", atMost = "<=", more = ">", atLeast = ">="
        case like = "LIKE", ilike = "ILIKE", within = "IN", without = "NOT IN", isNull = "IS NULL", isNotNull = "IS NOT NULL"
    }

    struct Comparison {
        var subject: Subject
        var operation: Operation
        /// Several for a list.
        var values: [Literal]
    }

    enum Literal: Hashable {
        case number(Double)
        case text(String)
    }

    /// What a thing has of a subject.
    enum Value {
        case number(Double)
        case text(String)
        /// Any of several may fit.
        case texts([String])
        case nothing
    }

    private let comparisons: [Comparison]

    /// - Throws: `invalidParameter`.
    init(_ text: String) throws(TrackingError) {
        var parser = FilterParser(text)
        comparisons = try parser.comparisons()
    }

    /// Whether a thing fits.
    func fits(_ value: (Subject) -> Value) -> Bool { comparisons.allSatisfy { Self.holds($0, value($0.subject)) } }

    private static func holds(_ comparison: Comparison, _ value: Value) -> Bool {
        switch value {
        case .nothing: return comparison.operation == .isNull
        case .texts(let texts): return texts.contains { holds(comparison, .text($0)) }
        case .number(let number):
            guard case .number(let wanted)? = comparison.values.first else { return comparison.operation == .isNotNull }
            switch comparison.operation {
            case .equal: return number == wanted
            case .unequal: return number != wanted
            case .less: return number < wanted
            case .atMost: return number <= wanted
            case .more: return number > wanted
            case .atLeast: return number >= wanted
            default: return comparison.operation == .isNotNull
            }
        case .text(let text):
            let wanted = comparison.values.compactMap { if case .text(let text) = $0 { text } else { nil } }
            switch comparison.operation {
            case .equal: return wanted.first == text
            case .unequal: return wanted.first != text
            case .like: return Self.matches(text, wanted.first ?? "")
            case .ilike: return Self.matches(text.lowercased(), (wanted.first ?? "").lowercased())
            case .within: return wanted.contains(text)
            case .without: return !wanted.contains(text)
            case .isNotNull: return true
            case .less, .atMost, .more, .atLeast, .isNull: return false
            }
        }
    }

    /// SQL's patterns: `%` is anything, `_` one character.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        let text = Array(text), pattern = Array(pattern)
        var place = 0, mark = 0, star: Int?, after = 0
        while place < text.count {
            if mark < pattern.count, pattern[mark] == "%" {
                (star, after) = (mark, place)
                mark += 1
            } else if mark < pattern.count, pattern[mark] == "_" || pattern[mark] == text[place] {
                (place, mark) = (place + 1, mark + 1)
            } else if let known = star {
                after += 1
                (place, mark) = (after, known + 1)
            } else {
                return false
            }
        }
        return pattern[mark...].allSatisfy { $0 == "%" }
    }
}

/// Reads a filter, or a key to order by.
struct FilterParser {
    private let characters: [Character]
    private var place = 0
    private let text: String

    init(_ text: String) { (self.text, characters) = (text, Array(text)) }

    mutating func comparisons() throws(TrackingError) -> [TrackingFilter.Comparison] {
        var found: [TrackingFilter.Comparison] = []
        skipBlanks()
        guard place < characters.count else { return [] }
        while true {
            found.append(try comparison())
            skipBlanks()
            guard place < characters.count else { return found }
            guard word("AND") else { throw fault("clauses are joined by AND") }
        }
    }

    private mutating func comparison() throws(TrackingError) -> TrackingFilter.Comparison {
        let subject = try subject(), operation = try operation(subject)
        var values: [TrackingFilter.Literal] = []
        switch operation {
        case .isNull, .isNotNull: break
        case .within, .without: values = try list()
        default: values = [try literal(subject)]
        }
        return .init(subject: subject, operation: operation, values: values)
    }

    /// `metrics.loss`, `tags."a b"`, `status`, …
    mutating func subject() throws(TrackingError) -> TrackingFilter.Subject {
        skipBlanks()
        let first = try key(endingAtDot: true)
        guard place < characters.count, characters[place] == "." else { return .attribute(try attribute(first)) }
        place += 1
        let name = try key(endingAtDot: false)
        switch first.lowercased() {
        case "metric", "metrics": return .metric(name)
        case "param", "params", "parameter", "parameters": return .parameter(name)
        case "tag", "tags": return .tag(name)
        case "attr", "attribute", "attributes", "run": return .attribute(try attribute(name))
        case "dataset", "datasets":
            guard ["name", "digest", "context"].contains(name) else { throw fault("datasets have name, digest and context") }
            return .dataset(name)
        default:
            throw fault("Invalid entity type '\(first)'. Valid values are metrics, params, tags, attributes and datasets")
        }
    }

    private static let attributes: [String: String] = [
        "run_id": "run_id", "run_name": "run_name", "run name": "run_name", "Run name": "run_name", "Run Name": "run_name",
        "status": "status", "start_time": "start_time", "end_time": "end_time", "user_id": "user_id",
        "artifact_uri": "artifact_uri", "created": "start_time", "Created": "start_time", "experiment_id": "experiment_id",
        "name": "name", "creation_time": "creation_time", "last_update_time": "last_update_time", "model_id": "model_id",
        "model_type": "model_type", "source_run_id": "source_run_id", "creation_timestamp": "creation_time",
        "last_updated_timestamp": "last_update_time", "lifecycle_stage": "lifecycle_stage",
        "version_number": "version_number", "source_path": "source_path",
    ]

    private func attribute(_ name: String) throws(TrackingError) -> String {
        guard let known = Self.attributes[name] else { throw fault("Invalid attribute key '\(name)'") }
        return known
    }

    private mutating func key(endingAtDot: Bool) throws(TrackingError) -> String {
        guard place < characters.count else { throw fault("a key is missing") }
        if let quote = ["`": "`", "\"": "\""][characters[place]] as Character? {
            place += 1
            let start = place
            while place < characters.count, characters[place] != quote { place += 1 }
            guard place < characters.count else { throw fault("a quote is not closed") }
            place += 1
            return String(characters[start..<place - 1])
        }
        let start = place
        while place < characters.count, isKey(characters[place]) || !endingAtDot && "./:".contains(characters[place]) {
            place += 1
        }
        guard place > start else { throw fault("a key is missing") }
        return String(characters[start..<place])
    }

    private func isKey(_ character: Character) -> Bool { character.isLetter || character.isNumber || "_-".contains(character) }

    private mutating func operation(_ subject: TrackingFilter.Subject) throws(TrackingError) -> TrackingFilter.Operation {
        skipBlanks()
        for symbol in ["!=", "<=", ">=", "=", "<", ">"] where characters[place...].starts(with: Array(symbol)) {
            place += symbol.count
            return TrackingFilter.Operation(rawValue: symbol) ?? .equal
        }
        if word("ILIKE") { return .ilike }
        if word("LIKE") { return .like }
        if word("IN") { return .within }
        if word("NOT"), word("IN") { return .without }
        if word("IS") {
            if word("NOT"), word("NULL") { return .isNotNull }
            if word("NULL") { return .isNull }
        }
        throw fault("a comparison is missing")
    }

    private mutating func list() throws(TrackingError) -> [TrackingFilter.Literal] {
        skipBlanks()
        guard place < characters.count, characters[place] == "(" else { throw fault("a list stands in parentheses") }
        place += 1
        var values: [TrackingFilter.Literal] = []
        while true {
            values.append(try quoted())
            skipBlanks()
            guard place < characters.count else { throw fault("a list is not closed") }
            place += 1
            if characters[place - 1] == ")" { return values }
            guard characters[place - 1] == "," else { throw fault("values of a list have commas between") }
        }
    }

    private mutating func literal(_ subject: TrackingFilter.Subject) throws(TrackingError) -> TrackingFilter.Literal {
        let isNumber: Bool
        switch subject {
        case .metric: isNumber = true
        case .attribute(let name): isNumber = name.hasSuffix("_time") || name == "version_number"
        case .parameter, .tag, .dataset: isNumber = false
        }
        guard isNumber else { return try quoted() }
        skipBlanks()
        let start = place
        while place < characters.count, !characters[place].isWhitespace { place += 1 }
        guard let number = Double(String(characters[start..<place])) else {
            throw fault("Expected numeric value type for metric. Found \(String(characters[start..<place]))")
        }
        return .number(number)
    }

    private mutating func quoted() throws(TrackingError) -> TrackingFilter.Literal {
        skipBlanks()
        guard place < characters.count, characters[place] == "'" || characters[place] == "\"" else {
            throw fault("Expected a quoted string value")
        }
        let quote = characters[place]
        place += 1
        let start = place
        while place < characters.count, characters[place] != quote { place += 1 }
        guard place < characters.count else { throw fault("a quote is not closed") }
        place += 1
        return .text(String(characters[start..<place - 1]))
    }

    /// Takes a word, in whatever case, if it comes next.
    mutating func word(_ wanted: String) -> Bool {
        skipBlanks()
        let end = place + wanted.count
        guard end <= characters.count, String(characters[place..<end]).uppercased() == wanted,
            end == characters.count || !isKey(characters[end])
        else { return false }
        place = end
        return true
    }

    var isAtEnd: Bool { characters[place...].allSatisfy(\.isWhitespace) }

    private mutating func skipBlanks() {
        while place < characters.count, characters[place].isWhitespace { place += 1 }
    }

    func fault(_ why: String) -> TrackingError {
        TrackingError(.invalidParameter, "Invalid filter string: '\(text)': \(why)")
    }
}

/// In which order things come.
struct TrackingOrder {
    private let keys: [(subject: TrackingFilter.Subject, ascends: Bool)]

    /// - Throws: `invalidParameter`.
    init(_ texts: [String]) throws(TrackingError) {
        var keys: [(TrackingFilter.Subject, Bool)] = []
        for text in texts {
            var parser = FilterParser(text)
            let subject = try parser.subject()
            let descends = parser.word("DESC")
            if !descends { _ = parser.word("ASC") }
            guard parser.isAtEnd else {
                throw TrackingError(.invalidParameter, "Invalid order_by clause '\(text)': write a key, and ASC or DESC")
            }
            keys.append((subject, !descends))
        }
        self.keys = keys
    }

    /// Whether one thing comes before another; nil: they are alike. What a thing does not have comes last, and so does NaN.
    func isBefore(
        _ first: (TrackingFilter.Subject) -> TrackingFilter.Value, _ second: (TrackingFilter.Subject) -> TrackingFilter.Value
    ) -> Bool? {
        for (subject, ascends) in keys {
            switch (first(subject), second(subject)) {
            case (.number(let one), .number(let other)):
                if one.isNaN || other.isNaN {
                    if one.isNaN != other.isNaN { return other.isNaN }
                } else if one != other {
                    return (one < other) == ascends
                }
            case (.text(let one), .text(let other)): if one != other { return (one < other) == ascends }
            case (.nothing, .nothing): continue
            case (.nothing, _): return false
            case (_, .nothing): return true
            default: continue
            }
        }
        return nil
    }
}

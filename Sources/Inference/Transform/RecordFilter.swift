import JSON

/// A path that says which part of a record is meant, as batch transform's filters: `$`, `$.a.b`, `$['a','b']`, `$[0,2]`, `$[1:]`, `$[-1]`.
///
/// - Source: SageMaker's `DataProcessing`: a subset of JSONPath, at most 63 characters; CSV records are lists of their values.
public struct RecordFilter: Sendable, Hashable {
    private enum Part: Sendable, Hashable {
        case index(Int)
        /// From a place to before another; nil = from the first, to the last.
        case slice(Int?, Int?)
        case name(String)
        case all
    }

    /// Of each step what it takes; several parts take several values.
    private let steps: [[Part]]
    public let text: String

    public static let longest = 63

    /// - Throws: `validation`, with what is wrong.
    public init(_ text: String) throws(InvocationError) {
        guard text.utf8.count <= Self.longest else {
            throw Self.refused(text, "is longer than \(Self.longest) characters: take a shorter path")
        }
        guard text.first == "$" else {
            throw Self.refused(text, "does not begin with $: write $ for the whole record, $[1:] or $.name")
        }
        var rest = text.dropFirst(), steps: [[Part]] = []
        while let mark = rest.first {
            rest = rest.dropFirst()
            switch mark {
            case ".":
                let name = rest.prefix { $0 != "." && $0 != "[" }
                guard !name.isEmpty else { throw Self.refused(text, "has a point without a name behind it: write $.name") }
                steps.append([name == "*" ? .all : .name(String(name))])
                rest = rest.dropFirst(name.count)
            case "[": steps.append(try Self.bracket(&rest, text))
            default: throw Self.refused(text, "has '\(mark)' where a point or a bracket belongs: write $.name or $[0]")
            }
        }
        self.steps = steps
        self.text = text
    }

    private static func refused(_ text: String, _ what: String) -> InvocationError {
        InvocationError(.validation, "the filter '\(text)' \(what)")
    }

    private static func bracket(_ rest: inout Substring, _ text: String) throws(InvocationError) -> [Part] {
        var parts: [Part] = []
        while true {
            skipBlanks(&rest)
            if let quote = rest.first, quote == "'" || quote == "\"" {
                let name = rest.dropFirst().prefix { $0 != quote }
                rest = rest.dropFirst(name.count + 1)
                guard rest.first == quote else { throw refused(text, "has a quote that does not end: close it") }
                rest = rest.dropFirst()
                parts.append(.name(String(name)))
            } else {
                let word = rest.prefix { $0 != "," && $0 != "]" }
                rest = rest.dropFirst(word.count)
                parts.append(try part(word.filter { $0 != " " }, text))
            }
            skipBlanks(&rest)
            guard let mark = rest.first else { throw refused(text, "has a bracket that is not closed: close it") }
            rest = rest.dropFirst()
            if mark == "]" { return parts }
            guard mark == "," else { throw refused(text, "has '\(mark)' where a comma or a bracket belongs: write $[0,1]") }
        }
    }

    private static func part(_ word: String, _ text: String) throws(InvocationError) -> Part {
        if word == "*" { return .all }
        let ends = word.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = ends.map { $0.isEmpty ? nil : Int($0) }
        guard !word.isEmpty, ends.count <= 2, zip(ends, numbers).allSatisfy({ $0.isEmpty || $1 != nil }) else {
            throw refused(
                text, "has '\(word)' in brackets: write places from 0 as in [0], [-1], [1:] or [0,2], or names as in ['a']")
        }
        if ends.count == 2 { return .slice(numbers[0], numbers[1]) }
        guard let number = numbers[0] else { throw refused(text, "has empty brackets: write a place or a name") }
        return .index(number)
    }

    private static func skipBlanks(_ rest: inout Substring) { rest = rest.drop { $0 == " " } }

    /// Whether it takes all of a record.
    public var takesAll: Bool { steps.isEmpty }

    /// Whether it can be used on a record whose values have places and no names.
    public var isOfLists: Bool {
        steps.count <= 1
            && steps.allSatisfy {
                $0.allSatisfy { part in
                    if case .name = part { return false }
                    return true
                }
            }
    }

    /// The places of a list of values that are meant, in the path's order; nil where one of them is not there.
    public func places(count: Int) -> [Int]? {
        guard let step = steps.first else { return Array(0..<count) }
        return Self.places(step, count: count)
    }

    private static func places(_ parts: [Part], count: Int) -> [Int]? {
        var places: [Int] = []
        for part in parts {
            switch part {
            case .index(let index):
                let place = index < 0 ? count + index : index
                guard (0..<count).contains(place) else { return nil }
                places.append(place)
            case .slice(let from, let to):
                func bound(_ index: Int?, orElse usual: Int) -> Int {
                    guard let index else { return usual }
                    return min(count, max(0, index < 0 ? count + index : index))
                }
                let first = bound(from, orElse: 0), last = bound(to, orElse: count)
                if first < last { places += first..<last }
            case .all: places += 0..<count
            case .name: return nil
            }
        }
        return places
    }

    /// What of a value is meant: one value, or a list where the path may take several; nil where there is none.
    public func value(of whole: JSONValue) -> JSONValue? {
        var found = [whole], isList = false
        for parts in steps {
            var next: [JSONValue] = []
            for value in found {
                if let elements = value.array {
                    guard let places = Self.places(parts, count: elements.count) else { continue }
                    next += places.map { elements[$0] }
                } else if let members = value.members {
                    for part in parts {
                        switch part {
                        case .name(let name):
                            if let member = members.first(where: { $0.name == name }) { next.append(member.value) }
                        case .all: next += members.map(\.value)
                        case .index, .slice: continue
                        }
                    }
                }
            }
            isList =
                isList || parts.count > 1
                || parts.contains { part in
                    switch part {
                    case .all, .slice: true
                    case .name, .index: false
                    }
                }
            found = next
        }
        if isList { return .array(found) }
        return found.first
    }
}

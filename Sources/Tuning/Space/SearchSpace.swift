import Numerics

/// What is searched: parameters, each with its values and the condition under which it exists.
///
/// A *point* has a place in [0, 1] for each searched parameter, in their order, also for those that do not exist at it.
public struct SearchSpace: Sendable, Hashable {
    /// How many parameters may be searched at once.
    public static let mostSearched = 30

    /// All parameters, those first that conditions of others name.
    public let parameters: [SearchParameter]
    /// Those that trials differ in.
    public let searched: [SearchParameter]
    /// Of each searched parameter, its place in `parameters`.
    private let places: [Int]

    /// - Throws: `TuningError` of code `range` where nothing or too much is searched, a name is there twice, or a condition
    ///   names what is not there, what cannot be, or itself.
    public init(_ parameters: [SearchParameter]) throws(TuningError) {
        var seen: Set<String> = []
        for parameter in parameters where !seen.insert(parameter.name).inserted {
            throw TuningError(.range, "--range \(parameter.name) is there twice")
        }
        self.parameters = try Self.ordered(parameters)
        places = self.parameters.indices.filter { [parameters = self.parameters] in parameters[$0].isSearched }
        searched = places.map { [parameters = self.parameters] in parameters[$0] }
        if searched.isEmpty { throw TuningError(.range, "nothing is searched: give at least one --range NAME=LOW:HIGH") }
        if searched.count > Self.mostSearched {
            throw TuningError(
                .range,
                "\(searched.count) parameters are searched, and \(Self.mostSearched) can be: hold those that matter least with "
                    + "--set"
            )
        }
    }

    /// How many numbers a point has.
    public var dimension: Int { searched.count }

    public var hasConditions: Bool { searched.contains { $0.condition != nil } }

    /// How many configurations there are; nil where there is a continuous range or more than can be counted.
    public var gridCount: Int? {
        var count = 0
        let isCounted = visitGrid(limit: 1_000_000) { _ in count += 1 }
        return isCounted ? count : nil
    }

    /// Calls with each point of the grid of all values, those that differ only in what does not exist once.
    /// - Returns: whether there is such a grid within the limit.
    @discardableResult
    func visitGrid(limit: Int, _ visit: ([Double]) -> Void) -> Bool {
        guard !searched.contains(where: { $0.count == nil }) else { return false }
        var left = limit
        func extend(_ point: inout [Double], _ index: Int) -> Bool {
            guard index < searched.count else {
                left -= 1
                guard left >= 0 else { return false }
                visit(point)
                return true
            }
            let parameter = searched[index], count = exists(index, at: point) ? parameter.count ?? 1 : 1
            for choice in 0..<count {
                point[index] = parameter.snapped(place(choice, of: count, parameter))
                guard extend(&point, index + 1) else { return false }
            }
            return true
        }
        var point = [Double](repeating: 0.5, count: dimension)
        return extend(&point, 0)
    }

    private func place(_ choice: Int, of count: Int, _ parameter: SearchParameter) -> Double {
        if case .integer(let minimum, _, _) = parameter.values, count > 1 {
            return parameter.place(of: "\(minimum + choice)") ?? 0.5
        }
        return (Double(choice) + 0.5) / Double(count)
    }

    /// Whether a searched parameter exists at a point.
    func exists(_ index: Int, at point: [Double]) -> Bool {
        existing(at: point)[index]
    }

    /// Which of the searched parameters exist at a point.
    public func existing(at point: [Double]) -> [Bool] {
        guard hasConditions else { return [Bool](repeating: true, count: dimension) }
        var found: [String: SettingValue] = [:], exists: [Bool] = [], index = 0
        for parameter in parameters {
            let value = parameter.isSearched ? parameter.value(at: point[index]) : parameter.value(at: 0)
            let isThere =
                parameter.condition.map { condition in found[condition.parameter].map(condition.holds) ?? false } ?? true
            if isThere { found[parameter.name] = value }
            if parameter.isSearched {
                exists.append(isThere)
                index += 1
            }
        }
        return exists
    }

    /// What a trial at a point is given, by name; what does not exist there is not among it.
    public func values(at point: [Double]) -> [String: SettingValue] {
        precondition(point.count == dimension, "\(point.count) places for \(dimension) parameters")
        let exists = existing(at: point)
        var found: [String: SettingValue] = [:]
        for (index, parameter) in searched.enumerated() where exists[index] {
            found[parameter.name] = parameter.value(at: point[index])
        }
        for parameter in parameters where !parameter.isSearched {
            let isThere =
                parameter.condition.map { condition in found[condition.parameter].map(condition.holds) ?? false } ?? true
            if isThere { found[parameter.name] = parameter.value(at: 0) }
        }
        return found
    }

    /// The point of a configuration; what it does not say stands in the middle. nil where a value lies outside of its range,
    /// or one is missing that exists.
    public func point(of values: [String: String]) -> [Double]? {
        var point: [Double] = []
        for parameter in searched {
            guard let text = values[parameter.name] else {
                point.append(0.5)
                continue
            }
            guard let place = parameter.place(of: text) else { return nil }
            point.append(place)
        }
        for (index, exists) in existing(at: point).enumerated() where exists && values[searched[index].name] == nil { return nil }
        return canonical(point)
    }

    /// A point with the places of its values, and the middle where a parameter does not exist: equal for equal configurations.
    public func canonical(_ point: [Double]) -> [Double] {
        let snapped = zip(searched, point).map { $0.snapped($1) }
        guard hasConditions else { return snapped }
        return zip(existing(at: snapped), snapped).map { $0 ? $1 : 0.5 }
    }

    /// A point drawn evenly.
    func randomPoint(_ source: inout RandomSource) -> [Double] { canonical((0..<dimension).map { _ in source.uniform() }) }

    private static func ordered(_ parameters: [SearchParameter]) throws(TuningError) -> [SearchParameter] {
        var ordered: [SearchParameter] = [], waiting = parameters
        while !waiting.isEmpty {
            let known = Set(ordered.map(\.name))
            let ready = waiting.filter { $0.condition.map { known.contains($0.parameter) } ?? true }
            if ready.isEmpty { throw problem(waiting, among: Set(parameters.map(\.name))) }
            for parameter in ready { try check(parameter.condition, of: parameter, in: ordered) }
            ordered += ready
            waiting.removeAll { parameter in ready.contains { $0.name == parameter.name } }
        }
        return ordered
    }

    private static func problem(_ waiting: [SearchParameter], among names: Set<String>) -> TuningError {
        for parameter in waiting {
            if let condition = parameter.condition, !names.contains(condition.parameter) {
                return TuningError(
                    .range,
                    "--range \(parameter.name): its condition names \(condition.parameter), which has no range and no --set")
            }
        }
        let names = waiting.map(\.name).joined(separator: ", ")
        return TuningError(.range, "--range \(names): the conditions go round in a circle")
    }

    /// A condition that never or always holds is a slip of the pen.
    private static func check(
        _ condition: ParameterCondition?, of parameter: SearchParameter, in known: [SearchParameter]
    ) throws(TuningError) {
        guard let condition, let parent = known.first(where: { $0.name == condition.parameter }) else { return }
        let samples: [SettingValue]
        switch parent.values {
        case .categorical(let words): samples = words.map { .word($0) }
        case .fixed(let text): samples = [.word(text)]
        case .integer(let minimum, let maximum, _):
            samples =
                maximum - minimum <= 10_000 ? (minimum...maximum).map { .integer($0) } : [.integer(minimum), .integer(maximum)]
        case .continuous(let minimum, let maximum, _): samples = [.number(minimum), .number(maximum)]
        }
        guard !samples.contains(where: condition.holds) else { return }
        throw TuningError(
            .range,
            "--range \(parameter.name): it never exists, since \(condition.parameter) never has a value for which "
                + "\(condition.text) holds"
        )
    }
}

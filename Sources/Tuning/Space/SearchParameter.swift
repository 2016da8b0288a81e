import CheckedNumbers

/// A hyperparameter that is searched, or one that is held, with the condition under which it exists.
public struct SearchParameter: Sendable, Hashable {
    public enum Values: Sendable, Hashable {
        case continuous(minimum: Double, maximum: Double, ParameterScaling)
        case integer(minimum: Int, maximum: Int, ParameterScaling)
        case categorical([String])
        /// One value that all trials have.
        case fixed(String)
    }

    public let name: String
    public let values: Values
    /// When it exists; nil = always.
    public let condition: ParameterCondition?

    /// - Throws: `TuningError` of code `range` for bounds that are none, or that the scaling cannot have.
    public init(_ name: String, _ values: Values, when condition: ParameterCondition? = nil) throws(TuningError) {
        (self.name, self.values, self.condition) = (name, values, condition)
        if let problem { throw TuningError(.range, "--range \(name): \(problem)") }
    }

    /// Whether trials differ in it.
    public var isSearched: Bool { if case .fixed = values { false } else { true } }

    /// How many values it has; nil where they are numbers of a continuous range.
    public var count: Int? {
        switch values {
        case .continuous: nil
        case .integer(let minimum, let maximum, _): maximum - minimum + 1
        case .categorical(let words): words.count
        case .fixed: 1
        }
    }

    var scaling: ParameterScaling {
        switch values {
        case .continuous(_, _, let scaling), .integer(_, _, let scaling): scaling
        case .categorical, .fixed: .linear
        }
    }

    private var problem: String? {
        switch values {
        case .continuous(let minimum, let maximum, let scaling):
            guard minimum.isFinite, maximum.isFinite else { return "a range's ends are finite numbers" }
            return Self.problem(minimum, maximum, scaling)
        case .integer(let minimum, let maximum, let scaling):
            guard Double(minimum).magnitude < 0x1p52, Double(maximum).magnitude < 0x1p52 else {
                return "whole numbers are searched up to 4,503,599,627,370,496"
            }
            if scaling == .reverseLogarithmic { return "reverse-log is for numbers below 1, and not for whole numbers" }
            return Self.problem(Double(minimum), Double(maximum), scaling)
        case .categorical(let words):
            if words.count < 2 { return "there is nothing to choose: give at least two values, or say --set for one" }
            if words.contains("") { return "one of the values is empty" }
            let twice = words.first { word in words.count { $0 == word } > 1 }
            return twice.map { "'\($0)' is there twice" }
        case .fixed: return nil
        }
    }

    private static func problem(_ minimum: Double, _ maximum: Double, _ scaling: ParameterScaling) -> String? {
        if minimum == maximum { return "the range is empty: its ends are the same; say --set for one value" }
        if minimum > maximum { return "the range is reversed: the smaller end comes first" }
        switch scaling {
        case .linear: return nil
        case .logarithmic: return minimum > 0 ? nil : "a logarithmic range begins above 0"
        case .reverseLogarithmic:
            return minimum >= 0 && maximum < 1 ? nil : "a reverse-logarithmic range lies from 0 to below 1"
        }
    }

    /// The ends of what is searched, stretched. Half a step more for whole numbers, so that each has as much room.
    private var stretchedEnds: (low: Double, high: Double) {
        switch values {
        case .continuous(let minimum, let maximum, let scaling): (scaling.stretched(minimum), scaling.stretched(maximum))
        case .integer(let minimum, let maximum, let scaling):
            (scaling.stretched(Double(minimum) - 0.5), scaling.stretched(Double(maximum) + 0.5))
        case .categorical, .fixed: (0, 1)
        }
    }

    /// The value at a place in [0, 1].
    public func value(at place: Double) -> SettingValue {
        let place = min(max(place, 0), 1)
        let (low, high) = stretchedEnds
        switch values {
        case .continuous(let minimum, let maximum, let scaling):
            if place == 0 || place == 1 { return .number(place == 0 ? minimum : maximum) }
            return .number(min(max(scaling.unstretched(low + (high - low) * place), minimum), maximum))
        case .integer(let minimum, let maximum, let scaling):
            let whole = Int(nearestWithin: scaling.unstretched(low + (high - low) * place))
            return .integer(min(max(whole, minimum), maximum))
        case .categorical(let words): return .word(words[choice(at: place, of: words.count)])
        case .fixed(let text): return .word(text)
        }
    }

    func choice(at place: Double, of count: Int) -> Int { min(max(0, Int(roundedDownWithin: place * Double(count))), count - 1) }

    /// The place in [0, 1] of a value; nil for one outside of the range.
    public func place(of text: String) -> Double? {
        let (low, high) = stretchedEnds
        switch values {
        case .continuous(let minimum, let maximum, let scaling):
            guard let value = Double(text), value >= minimum, value <= maximum else { return nil }
            return min(max((scaling.stretched(value) - low) / (high - low), 0), 1)
        case .integer(let minimum, let maximum, let scaling):
            guard let value = Int(text), value >= minimum, value <= maximum else { return nil }
            return (scaling.stretched(Double(value)) - low) / (high - low)
        case .categorical(let words):
            return words.firstIndex(of: text).map { (Double($0) + 0.5) / Double(words.count) }
        case .fixed(let held): return held == text ? 0.5 : nil
        }
    }

    /// The place of the value that is at a place: the same for continuous ranges, the middle of its room for others.
    public func snapped(_ place: Double) -> Double {
        if case .continuous = values { return min(max(place, 0), 1) }
        return self.place(of: value(at: place).text) ?? place
    }
}

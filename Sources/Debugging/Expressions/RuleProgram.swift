import Glibc

/// An expression as a list of steps, each of which keeps its value: what is the same in it is computed once a look.
struct RuleProgram: Sendable {
    /// Whence the value of a step comes; operands are places of earlier steps.
    private enum Step: Sendable {
        case number
        /// It is told from outside.
        case source
        case apply(RuleFunction, Int, Int)
        /// Of a window, by its place among those of its kind.
        case extreme(Int, of: Int)
        case mean(Int, of: Int)
        case deviation(Int, of: Int)
        case median(Int, of: Int)
        case previous(Int, of: Int)
    }

    private var steps: [Step] = []
    private var values: [Double] = []
    /// Whether there is a value yet.
    private var isKnown: [Bool] = []
    /// Whether something new has gone into it since the last look.
    private var isFresh: [Bool] = []
    private var extremes: [RollingExtreme] = []
    private var moments: [RollingMoments] = []
    private var medians: [RollingMedian] = []
    private var delays: [Delay] = []
    private var places: [RuleExpression: Int] = [:]
    /// What it reads, with the places where that is told.
    private(set) var sources: [(source: RuleSource, place: Int)] = []
    /// Where the parts are that somebody wants to know the values of.
    private var watched: [Int] = []
    private var root = 0

    /// - Parameter parts: parts of the expression whose values are asked for.
    init(_ expression: RuleExpression, watching parts: [RuleExpression] = []) {
        root = add(expression)
        watched = parts.map { add($0) }
        places = [:]
    }

    // MARK: - Making it

    private mutating func add(_ expression: RuleExpression) -> Int {
        if let place = places[expression] { return place }
        let step: Step
        var value = 0.0, known = false
        switch expression {
        case .number(let number): (step, value, known) = (.number, number, true)
        case .source: step = .source
        case .apply(let function, let first, let second):
            let left = add(first)
            step = .apply(function, left, second.map { add($0) } ?? left)
        case .rolling(let function, let inner, let window): step = rolling(function, add(inner), window)
        case .previous(let inner, let distance):
            let operand = add(inner)
            delays.append(Delay(distance))
            step = .previous(delays.count - 1, of: operand)
        }
        let place = steps.count
        steps.append(step)
        values.append(value)
        isKnown.append(known)
        isFresh.append(false)
        if case .source(let source) = expression { sources.append((source, place)) }
        places[expression] = place
        return place
    }

    private mutating func rolling(_ function: RollingFunction, _ operand: Int, _ window: Int) -> Step {
        switch function {
        case .min, .max:
            extremes.append(RollingExtreme(window: window, isMaximum: function == .max))
            return .extreme(extremes.count - 1, of: operand)
        case .mean, .deviation:
            moments.append(RollingMoments(window: window))
            return function == .mean ? .mean(moments.count - 1, of: operand) : .deviation(moments.count - 1, of: operand)
        case .median:
            medians.append(RollingMedian(window: window))
            return .median(medians.count - 1, of: operand)
        }
    }

    // MARK: - Using it

    /// Tells what a source is from now on.
    /// - Parameter isNews: whether windows take it as a further value.
    mutating func tell(_ value: Double, at place: Int, isNews: Bool = true) {
        values[place] = value
        isKnown[place] = true
        if isNews { isFresh[place] = true }
    }

    /// The values of the parts that were asked for; nil while one is not known.
    var watchedValues: [Double?] { watched.map { isKnown[$0] ? values[$0] : nil } }

    /// Whether a source, by its place, was told anything yet.
    func isKnown(at place: Int) -> Bool { isKnown[place] }

    /// Computes everything from what was told.
    /// - Returns: whether it holds; nil while that is not known.
    mutating func look() -> Bool? {
        for place in steps.indices {
            switch steps[place] {
            case .number, .source: break
            case .apply(let function, let first, let second):
                isFresh[place] = isFresh[first] || isFresh[second]
                apply(function, first, second, to: place)
            case .extreme(let window, let operand): pass(operand, to: place) { $0.extremes[window].add($1) }
            case .mean(let window, let operand): pass(operand, to: place) { $0.moments[window].add($1)?.mean }
            case .deviation(let window, let operand): pass(operand, to: place) { $0.moments[window].add($1)?.deviation }
            case .median(let window, let operand): pass(operand, to: place) { $0.medians[window].add($1) }
            case .previous(let delay, let operand): pass(operand, to: place, allowsAll: true) { $0.delays[delay].add($1) }
            }
        }
        for (_, place) in sources { isFresh[place] = false }
        return isKnown[root] ? values[root] != 0 : nil
    }

    /// Gives a new value to a window. What is not finite is left out of it, so that one NaN does not blind a rule.
    private mutating func pass(
        _ operand: Int, to place: Int, allowsAll: Bool = false, _ add: (inout RuleProgram, Double) -> Double?
    ) {
        isFresh[place] = isFresh[operand]
        guard isFresh[operand], isKnown[operand], allowsAll || values[operand].isFinite,
            let value = add(&self, values[operand])
        else { return }
        values[place] = value
        isKnown[place] = true
    }

    private mutating func apply(_ function: RuleFunction, _ first: Int, _ second: Int, to place: Int) {
        let left = values[first], right = values[second]
        switch function {
        // What one side decides needs no other.
        case .and where isKnown[first] && left == 0, .and where isKnown[second] && right == 0:
            (values[place], isKnown[place]) = (0, true)
        case .or where isKnown[first] && left != 0, .or where isKnown[second] && right != 0:
            (values[place], isKnown[place]) = (1, true)
        default:
            isKnown[place] = isKnown[first] && isKnown[second]
            if isKnown[place] { values[place] = Self.value(function, left, right) }
        }
    }

    private static func value(_ function: RuleFunction, _ left: Double, _ right: Double) -> Double {
        switch function {
        case .negated: -left
        case .abs: Swift.abs(left)
        case .log: Glibc.log(left)
        case .exp: Glibc.exp(left)
        case .sqrt: left.squareRoot()
        case .plus: left + right
        case .minus: left - right
        case .times: left * right
        case .over: left / right
        // A NaN on either side is the answer.
        case .smaller: left.isNaN ? left : right.isNaN ? right : min(left, right)
        case .larger: left.isNaN ? left : right.isNaN ? right : max(left, right)
        case .not: left == 0 ? 1 : 0
        case .isNaN: left.isNaN ? 1 : 0
        case .isFinite: left.isFinite ? 1 : 0
        case .less: left < right ? 1 : 0
        case .lessOrEqual: left <= right ? 1 : 0
        case .greater: left > right ? 1 : 0
        case .greaterOrEqual: left >= right ? 1 : 0
        case .equal: left == right ? 1 : 0
        case .notEqual: left != right ? 1 : 0
        case .and: left != 0 && right != 0 ? 1 : 0
        case .or: left != 0 || right != 0 ? 1 : 0
        }
    }
}

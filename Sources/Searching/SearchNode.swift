/// What a search says, as a tree of conditions.
public indirect enum SearchNode<Field: SearchField>: Hashable, Sendable {
    case all([SearchNode])
    case any([SearchNode])
    case not(SearchNode)
    /// A bare word, looked for in what the searched things are usually called.
    case word(TextPattern)
    case has(Field)
    case compare(Field, SearchComparison, SearchOperand)

    /// Whether it holds, when it is known which of its conditions do.
    /// - Parameter condition: whether a word, `has` or a comparison holds.
    public func holds(_ condition: (SearchNode) -> Bool) -> Bool {
        switch self {
        case .all(let parts): parts.allSatisfy { $0.holds(condition) }
        case .any(let parts): parts.contains { $0.holds(condition) }
        case .not(let inner): !inner.holds(condition)
        case .word, .has, .compare: condition(self)
        }
    }

    /// Whether some field in it is wanted.
    public func contains(_ isWanted: (Field) -> Bool) -> Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.contains { $0.contains(isWanted) }
        case .not(let inner): inner.contains(isWanted)
        case .word: false
        case .has(let field), .compare(let field, _, _): isWanted(field)
        }
    }
}

public enum SearchComparison: String, CaseIterable, Sendable {
    // Longer ones first: the parser takes the first that fits.
    case lessOrEqual = "<=", greaterOrEqual = ">=", notEqual = "!=", unlike = "!~", equals = "==", less = "<", greater = ">"
    case equal = "=", like = "~"

    /// Whether it holds where its opposite does not.
    public var isOpposite: Bool { self == .notEqual || self == .unlike }

    /// Compares with a number, or with a stretch from `start` to just before `end`.
    func holds(_ number: Double, _ start: Double, _ end: Double) -> Bool {
        let isWithin = start == end ? number == start : number >= start && number < end
        return switch self {
        case .less: number < start
        case .lessOrEqual: start == end ? number <= start : number < end
        case .greater: start == end ? number > start : number >= end
        case .greaterOrEqual: number >= start
        case .equal, .equals, .like: isWithin
        case .notEqual, .unlike: !isWithin
        }
    }
}

public enum SearchOperand: Hashable, Sendable {
    case number(Double)
    case text(TextPattern)
    case time(SearchTime)

    /// Whether a number stands to it as a comparison says; nil where it is a text.
    public func holds(_ number: Double, _ comparison: SearchComparison, clock: SearchClock) -> Bool? {
        switch self {
        case .number(let bound): return comparison.holds(number, bound, bound)
        case .time(let time):
            let (start, end) = time.interval(clock)
            return comparison.holds(number, start, end)
        case .text: return nil
        }
    }
}

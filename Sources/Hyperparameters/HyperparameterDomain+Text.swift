import CheckedNumbers

// The same values twice: in signs for lines of the screen that are narrow, in words for messages.
extension Hyperparameter.Domain {
    /// `a number in [0, 1)`, `an integer >= 1`.
    var notation: String {
        switch self {
        case .number(let minimum, let excludesMinimum, let maximum, let excludesMaximum):
            switch (minimum.isFinite, maximum.isFinite) {
            case (false, false): return "a number"
            case (true, false): return "a number \(excludesMinimum ? ">" : ">=") \(Self.short(minimum))"
            case (false, true): return "a number \(excludesMaximum ? "<" : "<=") \(Self.short(maximum))"
            case (true, true):
                let open = excludesMinimum ? "(" : "[", close = excludesMaximum ? ")" : "]"
                return "a number in \(open)\(Self.short(minimum)), \(Self.short(maximum))\(close)"
            }
        case .integer(.min, .max): return "an integer"
        case .integer(.min, let maximum): return "an integer <= \(maximum)"
        case .integer(let minimum, let maximum):
            return maximum == .max ? "an integer >= \(minimum)" : "an integer in \(minimum)...\(maximum)"
        case .choice(let words): return "one of " + words.joined(separator: ", ")
        case .boolean: return "true or false"
        case .text(let example): return "none, or a text such as \(example)"
        case .list(let minimum, let maximum): return "none, or integers in \(minimum)...\(maximum) such as 64,32"
        case .imageShape: return "none, or HEIGHTxWIDTHxCHANNELS such as 28x28x1"
        }
    }

    /// `a number of at least 0 and below 1`, `a whole number of at least 1`.
    var words: String {
        switch self {
        case .number(let minimum, let excludesMinimum, let maximum, let excludesMaximum):
            let low = minimum == -.infinity ? nil : "\(excludesMinimum ? "over" : "of at least") \(Self.short(minimum))"
            let high = maximum == .infinity ? nil : "\(excludesMaximum ? "below" : "at most") \(Self.short(maximum))"
            return (["a number"] + [[low, high].compactMap { $0 }.joined(separator: " and ")].filter { !$0.isEmpty })
                .joined(separator: " ")
        case .integer(.min, .max): return "a whole number"
        case .integer(.min, let maximum): return "a whole number of at most \(maximum)"
        case .integer(let minimum, let maximum):
            return maximum == .max ? "a whole number of at least \(minimum)" : "a whole number from \(minimum) to \(maximum)"
        case .choice(let words): return words.joined(separator: ", ")
        case .boolean: return "true or false"
        case .text(let example): return "none, or a text such as \(example)"
        case .list(let minimum, let maximum):
            return "none, or whole numbers from \(minimum) to \(maximum) with commas between, such as 64,32"
        case .imageShape: return "none, or HEIGHTxWIDTHxCHANNELS, such as 28x28x1"
        }
    }

    private static func short(_ number: Double) -> String {
        number == number.rounded() ? Int(nearest: number).map(String.init) ?? String(number) : String(number)
    }
}

/// A command line after parsing: positionals in order, options by name.
struct ParsedArguments: Sendable {
    var positionals: [String] = []
    var options: [String: [String]] = [:]
    /// Of the process: asked for by commands that need more than their arguments.
    var environment: [String: String] = [:]

    func flag(_ name: String) -> Bool { options[name] != nil }
    func value(_ name: String) -> String? { options[name]?.last }
    func values(_ name: String) -> [String] { options[name] ?? [] }

    /// A number in a range.
    func number(_ name: String, in range: ClosedRange<Double>) throws(CommandError) -> Double? {
        guard let text = value(name) else { return nil }
        guard let number = Double(text), range.contains(number) else {
            throw .usage("\(name) is '\(text)': give a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func seed() throws(CommandError) -> UInt64 {
        guard let text = value("--seed") else { return 0 }
        guard let seed = UInt64(text) else { throw .usage("--seed is '\(text)': give a whole number from 0 on") }
        return seed
    }
}

import JSON
import Tables

/// A command line after parsing: positionals in order, options by name.
struct ParsedArguments: Sendable {
    var positionals: [String] = []
    var options: [String: [String]] = [:]
    /// Of the process: asked for by commands that need more than their arguments.
    var environment: [String: String] = [:]

    func flag(_ name: String) -> Bool { options[name] != nil }
    func value(_ name: String) -> String? { options[name]?.last }
    func values(_ name: String) -> [String] { options[name] ?? [] }

    /// What is said about reading the data file, by read option.
    ///
    /// - Throws: usage, for a value that none of them takes.
    func reading() throws(CommandError) -> [String: String] {
        var texts: [String: String] = [:]
        for option in ReadOption.allCases {
            let name = "--" + option.rawValue
            guard flag(name) else { continue }
            texts[option.rawValue] = option.isRepeatable ? values(name).joined(separator: "\n") : value(name) ?? "yes"
        }
        do throws(TableError) { _ = try ReadOptions(texts) } catch { throw .usage("--\(error.message)") }
        return texts
    }

    /// The same, ready for use.
    func readOptions() throws -> ReadOptions { try ReadOptions(try reading()) }

    /// A number in a range.
    func number(_ name: String, in range: ClosedRange<Double>) throws(CommandError) -> Double? {
        guard let text = value(name) else { return nil }
        guard let number = Double(text), range.contains(number) else {
            let limits = [range.lowerBound, range.upperBound].map { JSONValue.text($0) }
            throw .usage("\(name) is '\(text)': give a number from \(limits[0]) to \(limits[1])")
        }
        return number
    }

    func seed() throws(CommandError) -> UInt64 {
        guard let text = value("--seed") else { return 0 }
        guard let seed = UInt64(text) else { throw .usage("--seed is '\(text)': give a whole number from 0 on") }
        return seed
    }
}

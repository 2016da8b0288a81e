/// One option of a command: its name, whether it takes a value, and what it does.
struct OptionSpecification: Sendable {
    /// With its dashes: `--target`.
    var name: String
    /// What the value is, in capitals for the help; nil = a flag.
    var value: String?
    var help: String
    var isRepeatable = false

    /// Options that every command takes.
    static let global: [OptionSpecification] = [
        .init(
            name: "--workspace", value: "DIR", help: "where runs are kept (default: .descent here, else the user's data folder)"),
        .init(name: "--seed", value: "N", help: "seed for splits, shuffles and starting weights (default: 0)"),
        .init(name: "--json", value: nil, help: "print JSON lines on standard output and nothing else there"),
        .init(name: "--quiet", value: nil, help: "no progress on standard error"),
        .init(name: "--help", value: nil, help: "this text"),
    ]
}

/// One argument by position.
struct PositionalSpecification: Sendable {
    var name: String
    var help: String
    var isOptional = false
    var isRepeatable = false
}

/// One command: what it takes, what it does, and how its help reads. The help, the parser and dispatch all come from here.
struct CommandSpecification: Sendable {
    /// Words that name it: `["data", "profile"]`; empty for the studio itself.
    var words: [String]
    var summary: String
    /// Paragraphs below the summary.
    var details: String = ""
    var positionals: [PositionalSpecification] = []
    var options: [OptionSpecification] = []
    /// Lines to type.
    var examples: [String] = []
    var run: @Sendable (ParsedArguments) throws -> CommandError.ExitCode

    var name: String { words.joined(separator: " ") }

    /// `descent data profile FILE [--target COL]`
    var usage: String {
        var parts = ["descent"] + words
        for positional in positionals {
            let name = positional.name + (positional.isRepeatable ? "…" : "")
            parts.append(positional.isOptional ? "[\(name)]" : name)
        }
        parts += options.prefix(4).map { option in
            "[\(option.name)\(option.value.map { " " + $0 } ?? "")]\(option.isRepeatable ? "…" : "")"
        }
        return parts.joined(separator: " ")
    }

    func option(named name: String) -> OptionSpecification? { (options + OptionSpecification.global).first { $0.name == name } }
}

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

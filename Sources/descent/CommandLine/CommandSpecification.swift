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
    /// Whether it takes the options that say how a data file is read.
    var readsData = false
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

    /// Its own options: with --force where it writes files.
    var ownOptions: [OptionSpecification] {
        let writes = options.contains(where: \.isOutput) && !options.contains { $0.name == OptionSpecification.force.name }
        return options + (writes ? [.force] : [])
    }

    /// Its own options, and those it shares with others.
    var allOptions: [OptionSpecification] {
        ownOptions + (readsData ? OptionSpecification.reading : []) + OptionSpecification.global
    }

    func option(named name: String) -> OptionSpecification? { allOptions.first { $0.name == name } }
}

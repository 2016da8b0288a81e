import NearestNames

/// Turns a command line into a command and its arguments.
struct ArgumentParser {
    let commands: [CommandSpecification]

    enum Outcome {
        case run(CommandSpecification, ParsedArguments)
        /// Help was asked for: of a command, or of all commands that begin with these words.
        case help(words: [String])
        case version
    }

    func parse(_ arguments: [String]) throws(CommandError) -> Outcome {
        if arguments.first == "--version" { return .version }
        if arguments.first == "help" { return .help(words: Array(arguments.dropFirst())) }
        let words = arguments.prefix { !$0.hasPrefix("-") }
        let command = commands.filter { !$0.words.isEmpty && words.starts(with: $0.words) }.max {
            $0.words.count < $1.words.count
        }
        guard let command else { return try parseWithoutCommand(arguments, words: Array(words)) }
        let rest = Array(arguments.dropFirst(command.words.count))
        // What stands behind -- is a name, whatever it looks like.
        let options = rest.prefix { $0 != "--" }
        if options.contains("--help") || options.contains("-h") { return .help(words: command.words) }
        return .run(command, try parse(rest, for: command))
    }

    /// `descent`, `descent FILE…`, `descent data --help`, or a word that is no command.
    private func parseWithoutCommand(_ arguments: [String], words: [String]) throws(CommandError) -> Outcome {
        let group = words.first.flatMap { word in commands.contains { $0.words.first == word } ? word : nil }
        if let group {
            if arguments.contains("--help") || arguments.contains("-h") || words.count == 1 { return .help(words: [group]) }
            let known = commands.filter { $0.words.first == group && $0.words.count > 1 }.map { $0.words[1] }
            throw .usage("descent \(group) \(words[1]): no such command: use \(known.joined(separator: ", "))")
        }
        if arguments.contains("--help") || arguments.contains("-h") { return .help(words: []) }
        guard let studio = commands.first(where: { $0.words.isEmpty }) else { return .help(words: []) }
        let parsed = try parse(arguments, for: studio)
        if let word = parsed.positionals.first, !word.contains("/"), !word.contains(".") {
            let near = NearestName.suggestions(for: word, among: commands.compactMap(\.words.first), limit: 1).first
            throw .usage(
                "'\(word)' is no command and no file: \(near.map { "did you mean 'descent \($0)'?" } ?? "see descent --help")")
        }
        return .run(studio, parsed)
    }

    private func parse(_ arguments: [String], for command: CommandSpecification) throws(CommandError) -> ParsedArguments {
        var parsed = ParsedArguments()
        var index = 0
        var onlyPositionals = false
        let shown = (["descent"] + command.words).joined(separator: " ")
        while index < arguments.count {
            let argument = arguments[index]
            index += 1
            // An option has a letter behind its dashes: SQL may begin with a comment, a text with a dash of its own.
            let isOption = argument == "--" || argument.drop { $0 == "-" }.first?.isWhitespace == false
            if onlyPositionals || !argument.hasPrefix("-") || !isOption {
                parsed.positionals.append(argument)
                continue
            }
            if argument == "--" {
                onlyPositionals = true
                continue
            }
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let option = command.option(named: parts[0]) else {
                let names = command.allOptions.map(\.name)
                let near = NearestName.suggestions(for: parts[0], among: names, limit: 1).first
                throw .usage(
                    "\(shown): unknown option \(parts[0]): \(near.map { "did you mean \($0)?" } ?? "see \(shown) --help")")
            }
            if option.value == nil {
                guard parts.count == 1 else { throw .usage("\(shown): \(option.name) takes no value: leave '\(parts[1])' out") }
                parsed.options[option.name, default: []].append("")
                continue
            }
            if parts.count == 2 {
                parsed.options[option.name, default: []].append(parts[1])
            } else if index < arguments.count {
                parsed.options[option.name, default: []].append(arguments[index])
                index += 1
            } else {
                throw .usage("\(shown): \(option.name) needs a value: \(option.name) \(option.value ?? "")")
            }
        }
        try check(parsed, for: command, shown: shown)
        return parsed
    }

    private func check(_ parsed: ParsedArguments, for command: CommandSpecification, shown: String) throws(CommandError) {
        for (name, values) in parsed.options where values.count > 1 {
            if command.option(named: name)?.value != nil, command.option(named: name)?.isRepeatable == false {
                throw .usage("\(shown): \(name) is given \(values.count) times: give it once")
            }
        }
        let required = command.positionals.filter { !$0.isOptional }
        if parsed.positionals.count < required.count {
            throw .usage("\(shown): \(required[parsed.positionals.count].name) is missing: \(command.usage)")
        }
        let takesMore = command.positionals.contains(where: \.isRepeatable)
        if !takesMore, parsed.positionals.count > command.positionals.count {
            throw .usage(
                "\(shown): '\(parsed.positionals[command.positionals.count])' is one argument too many: \(command.usage)")
        }
    }
}

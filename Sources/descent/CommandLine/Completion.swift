/// What could stand at the end of a command line, from the command table: commands, options, and their values.
struct Completion {
    let commands: [CommandSpecification]
    /// What a value may be; nil where the shell is to complete paths.
    let values: (Place, ParsedArguments) -> [String]?

    /// A place in a command line that takes a value.
    enum Place: Hashable {
        /// The value of an option, such as `COL` of `--target`.
        case option(String, value: String)
        /// An argument, such as `RUN`.
        case positional(String)
    }

    /// - Parameter words: the line's words after `descent`; the last one is being typed and may be empty.
    /// - Returns: the words that could stand in the last one's place, all beginning as it does; none where a path stands.
    func candidates(_ words: [String]) -> [String] {
        let typed = words.last ?? "", before = Array(words.dropLast())
        let plain = Array(before.prefix { !$0.hasPrefix("-") })
        let command = commands.filter { !$0.words.isEmpty && plain.starts(with: $0.words) }.max {
            $0.words.count < $1.words.count
        }
        guard let command else { return nextWords(after: plain, before, typed) }
        return candidates(of: command, Array(before.dropFirst(command.words.count)), typed)
    }

    /// Words that begin or continue the name of a command.
    private func nextWords(after words: [String], _ before: [String], _ typed: String) -> [String] {
        if words != before || typed.hasPrefix("-") {
            guard let studio = commands.first(where: \.words.isEmpty) else { return [] }
            return candidates(of: studio, before, typed)
        }
        let next = commands.filter { $0.words.count > words.count && $0.words.starts(with: words) }.map { $0.words[words.count] }
        return matching(next, typed)
    }

    private func candidates(of command: CommandSpecification, _ before: [String], _ typed: String) -> [String] {
        var parsed = ParsedArguments()
        var pending: OptionSpecification?
        var onlyPositionals = false
        for word in before {
            if let option = pending {
                parsed.options[option.name, default: []].append(word)
                pending = nil
            } else if onlyPositionals || !word.hasPrefix("-") {
                parsed.positionals.append(word)
            } else if word == "--" {
                onlyPositionals = true
            } else {
                let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                guard let option = command.option(named: parts[0]) else { continue }
                if option.value != nil, parts.count == 1 { pending = option }
                parsed.options[option.name, default: []].append(contentsOf: parts.dropFirst())
            }
        }
        if let pending { return matching(values(.option(pending.name, value: pending.value ?? ""), parsed) ?? [], typed) }
        if typed.hasPrefix("-"), !onlyPositionals { return options(of: command, parsed, typed) }
        let index = min(parsed.positionals.count, command.positionals.count - 1)
        guard index >= 0, index == parsed.positionals.count || command.positionals[index].isRepeatable else { return [] }
        return matching(values(.positional(command.positionals[index].name), parsed) ?? [], typed)
    }

    /// Names of options that can still be given, or the value after `--name=`.
    private func options(of command: CommandSpecification, _ parsed: ParsedArguments, _ typed: String) -> [String] {
        if let equals = typed.firstIndex(of: "="), let option = command.option(named: String(typed[..<equals])) {
            let all = values(.option(option.name, value: option.value ?? ""), parsed) ?? []
            return matching(all.map { typed[...equals] + $0 }, typed)
        }
        let open = command.allOptions.filter { $0.isRepeatable || parsed.options[$0.name] == nil }
        return matching(open.map(\.name), typed)
    }

    private func matching(_ all: [String], _ typed: String) -> [String] {
        var seen: Set<String> = []
        return all.filter { $0.hasPrefix(typed) && $0 != typed && seen.insert($0).inserted }
    }
}

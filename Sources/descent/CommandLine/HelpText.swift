/// The help of a command, of a group of commands, and of the whole program, from the command table.
struct HelpText {
    let commands: [CommandSpecification]
    /// Columns to fill.
    var width = 100

    func text(for words: [String]) -> String? {
        if words.isEmpty { return overview() }
        if let command = commands.first(where: { $0.words == words }) { return text(of: command) }
        let group = commands.filter { $0.words.starts(with: words) }
        return group.isEmpty ? nil : text(of: group, words: words)
    }

    private func overview() -> String {
        var out = """
            descent: a machine-learning studio in the terminal

            Usage
              descent [FILE…]               open the studio, with data files
              descent COMMAND …             one of the commands below

            Commands

            """
        out += table(commands.filter { !$0.words.isEmpty }.map { ($0.name, $0.summary) })
        out += "\nOptions of every command\n"
        out += table(OptionSpecification.global.map(row))
        out += "\nStart here\n"
        out += lines(["descent demo", "descent train sample-data/insurance.csv --target charges --algorithm linear-learner"])
        out += "\n`descent COMMAND --help` says more about each.\n"
        return out
    }

    private func text(of group: [CommandSpecification], words: [String]) -> String {
        var out = "descent \(words.joined(separator: " ")): commands\n\n"
        out += table(group.map { ($0.name, $0.summary) })
        out += "\n`descent \(words.joined(separator: " ")) COMMAND --help` says more about each.\n"
        return out
    }

    private func text(of command: CommandSpecification) -> String {
        var out = "\(command.summary)\n\nUsage\n  \(command.usage)\n"
        if !command.details.isEmpty { out += "\n" + wrapped(command.details, indent: 0) + "\n" }
        if !command.positionals.isEmpty {
            out += "\nArguments\n" + table(command.positionals.map { ($0.name, $0.help) })
        }
        if !command.ownOptions.isEmpty { out += "\nOptions\n" + table(command.ownOptions.map(row)) }
        if command.readsData {
            out += "\nHow the data is read, where it is not to be found out\n" + table(OptionSpecification.reading.map(row))
        }
        out += "\nOptions of every command\n" + table(OptionSpecification.global.map(row))
        if !command.examples.isEmpty { out += "\nExamples\n" + lines(command.examples) }
        return out
    }

    private func row(_ option: OptionSpecification) -> (String, String) {
        (option.name + (option.value.map { " " + $0 } ?? ""), option.help + (option.isRepeatable ? " (may be repeated)" : ""))
    }

    private func lines(_ texts: [String]) -> String { texts.map { "  \($0)\n" }.joined() }

    /// Two columns, the second wrapped.
    private func table(_ rows: [(String, String)]) -> String {
        let left = min(32, (rows.map(\.0.count).max() ?? 0) + 4)
        return rows.map { name, help in
            let pad = String(repeating: " ", count: max(2, left - name.count - 2))
            let first = "  " + name + pad
            let text = wrapped(help, indent: left, firstColumn: first.count)
            return first + text + "\n"
        }.joined()
    }

    /// Words in lines of at most `width` columns; paragraphs are kept.
    private func wrapped(_ text: String, indent: Int, firstColumn: Int? = nil) -> String {
        let margin = String(repeating: " ", count: indent)
        return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { number, paragraph in
            var out = ""
            var column = number == 0 ? firstColumn ?? indent : indent
            for word in paragraph.split(separator: " ") {
                let isFirst = out.isEmpty || out.hasSuffix(margin) && column == indent
                if !isFirst, column + 1 + word.count > width {
                    out += "\n" + margin
                    column = indent
                } else if !isFirst {
                    out += " "
                    column += 1
                }
                out += word
                column += word.count
            }
            return out
        }.joined(separator: "\n" + margin)
    }
}

/// The manual page, made of the command table: what `man descent` shows.
struct ManualPage {
    let commands: [CommandSpecification]
    let version: String

    /// In roff, with the macros of man(7).
    var text: String {
        var lines = [
            ".TH DESCENT 1 \"\" \"descent \(version)\" \"User Commands\"", ".SH NAME",
            "descent \\- a machine\\-learning studio in the terminal", ".SH SYNOPSIS", ".B descent", "[\\fIFILE\\fR...]", ".br",
            ".B descent", "\\fICOMMAND\\fR ...", ".SH DESCRIPTION",
            "Looks at data, trains models and watches them learn, explains, deploys and monitors them. Without a command it opens the studio.",
            ".SH COMMANDS",
        ]
        for command in commands where !command.words.isEmpty { lines += entry(command) }
        lines.append(".SH OPTIONS OF EVERY COMMAND")
        for option in OptionSpecification.global { lines += row(option) }
        lines += [".SH EXIT STATUS", "0 done, 1 the work failed, 2 wrong usage, 3 bad input data, 130 interrupted."]
        return lines.joined(separator: "\n") + "\n"
    }

    private func entry(_ command: CommandSpecification) -> [String] {
        var lines = [".SS " + Self.escaped(command.usage), Self.line(command.summary + ".")]
        for paragraph in command.details.split(separator: "\n") { lines += [".PP", Self.line(String(paragraph))] }
        for positional in command.positionals {
            lines += [".TP", "\\fI\(Self.escaped(positional.name))\\fR", Self.line(positional.help)]
        }
        for option in command.ownOptions { lines += row(option) }
        if command.readsData {
            lines += [".PP", "It also takes the options that say how data are read: see"]
            lines += [".BR \"descent \(Self.escaped(command.name)) \\-\\-help\" ."]
        }
        if !command.examples.isEmpty {
            lines += [".PP", ".EX"] + command.examples.map { Self.line("    " + $0) } + [".EE"]
        }
        return lines
    }

    private func row(_ option: OptionSpecification) -> [String] {
        let value = option.value.map { " \\fI\(Self.escaped($0))\\fR" } ?? ""
        return [".TP", "\\fB\(Self.escaped(option.name))\\fR\(value)", Self.line(option.help)]
    }

    /// A line of text: what begins as a request begins none.
    private static func line(_ text: String) -> String {
        let escaped = escaped(text)
        return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
    }

    /// A hyphen is one, and no place to break a line.
    private static func escaped(_ text: String) -> String {
        text.map { $0 == "\\" ? "\\e" : $0 == "-" ? "\\-" : $0.isNewline ? " " : String($0) }.joined()
    }
}

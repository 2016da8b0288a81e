import Events
import Tables

/// One option of a command: its name, whether it takes a value, and what it does.
struct OptionSpecification: Sendable {
    /// With its dashes: `--target`.
    var name: String
    /// What the value is, in capitals for the help; nil = a flag.
    var value: String?
    var help: String
    var isRepeatable = false
    /// Whether the value is a file to write that somebody may have worked on, such as data and notebooks: one that is there is refused,
    /// unless --force says that it may go. What can be made again at any time, such as predictions and pages, replaces what was there.
    var isOutput = false
    /// Whether that file may be the one that the command is about, which its name said twice.
    var mayBeInput = false

    /// What every command takes that writes a file.
    static let force = OptionSpecification(name: "--force", value: nil, help: "write over a file that is there")

    /// Options of commands that read a data file.
    static let reading: [OptionSpecification] = ReadOption.allCases.map {
        .init(name: "--" + $0.rawValue, value: $0.placeholder, help: $0.help, isRepeatable: $0.isRepeatable)
    }

    /// Options about a job's data and its validation.
    static let job: [OptionSpecification] = JobOption.all.map {
        .init(name: "--" + $0.name, value: $0.value == .flag ? nil : $0.placeholder, help: $0.help, isRepeatable: $0.isRepeatable)
    }

    /// Options that every command takes.
    static let global: [OptionSpecification] = [
        .init(
            name: "--workspace", value: "DIR", help: "where runs are kept (default: .descent here, else the user's data folder)"),
        .init(name: "--seed", value: "N", help: "seed for splits, shuffles and starting weights (default: 0)"),
        .init(name: "--json", value: nil, help: "print JSON lines on standard output and nothing else there"),
        .init(name: "--quiet", value: nil, help: "no progress and no notes on standard error; warnings about data stay"),
        .init(name: "--help", value: nil, help: "this text"),
    ]
}

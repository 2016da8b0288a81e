/// What dialogs need to know about an option of reading data files.
public struct ReadOptionDescription: Sendable, Hashable {
    /// As on the command line, without dashes: `date-format`.
    public var name: String
    /// What its value is, in capitals; nil = it has none.
    public var placeholder: String?
    /// What it does, in one line.
    public var help: String
    /// Values to go through and to complete; those of `type` are the kinds of columns.
    public var choices: [String]
    /// Whether it is said once for each of several columns.
    public var isRepeatable: Bool

    public init(_ name: String, placeholder: String?, help: String, choices: [String] = [], isRepeatable: Bool = false) {
        self.name = name
        self.placeholder = placeholder
        self.help = help
        self.choices = choices
        self.isRepeatable = isRepeatable
    }
}

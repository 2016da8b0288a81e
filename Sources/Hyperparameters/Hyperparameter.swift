/// A setting of an algorithm or of a job: its name, the values it may take, and what it does. Its default is one of them.
public struct Hyperparameter: Sendable, Hashable {
    /// SageMaker's name for it, where it has one.
    public var name: String
    /// The values it may take.
    public var domain: Domain
    /// Words it takes besides, such as `auto`, which leaves the choice to the algorithm, or `balanced`.
    public var words: [String]
    /// The value it has when nothing is said.
    public var defaultValue: String
    /// The value it has instead when `preset` is `sagemaker`; nil = the same.
    public var sageMakerDefault: String?
    /// What it does, in one line.
    public var summary: String
    /// Whether it says when the job ends and what it is judged by, rather than how the algorithm learns.
    public var isJobSetting: Bool

    public init(
        _ name: String, _ domain: Domain, allowsAuto: Bool = false, words: [String] = [], default defaultValue: String,
        sageMaker sageMakerDefault: String? = nil, _ summary: String, isJobSetting: Bool = false
    ) {
        self.name = name
        self.domain = domain
        self.words = (allowsAuto ? ["auto"] : []) + words
        self.defaultValue = defaultValue
        self.sageMakerDefault = sageMakerDefault
        self.summary = summary
        self.isJobSetting = isJobSetting
    }

    /// Whose defaults hold for what is not set.
    public static let preset = Hyperparameter(
        "preset", .choice(["descent", "sagemaker"]), default: "descent",
        "whose defaults hold for what is not set; sagemaker = SageMaker's where ours differ")

    /// The text that was given for it, or else its default under the preset that was given.
    public func value(in given: [String: String]) -> String {
        given[name] ?? (given[Self.preset.name] == "sagemaker" ? sageMakerDefault : nil) ?? defaultValue
    }

    /// Whether `auto` leaves the choice to the algorithm.
    public var allowsAuto: Bool { words.contains("auto") }

    /// The valid values, short enough for a line of the screen: `auto or a number > 0`.
    public var validValues: String { (words + [domain.notation]).joined(separator: " or ") }

    /// The valid values as a message says them: `auto or a number over 0`.
    public var validValuesInWords: String { (words + [domain.words]).joined(separator: " or ") }

    /// Whether a text is a valid value.
    public func accepts(_ text: String) -> Bool { words.contains(text) || domain.contains(text) }

    /// All valid values where there are few; empty for numbers, lists and texts.
    public var choices: [String] {
        let values = domain.choices
        return values.isEmpty ? [] : words.filter { !values.contains($0) } + values
    }
}

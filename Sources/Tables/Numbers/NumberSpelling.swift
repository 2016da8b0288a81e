/// How the numbers of a column are written, where it is not as programs write them.
public struct NumberSpelling: Sendable, Hashable, Codable {
    /// `.` or `,`.
    public var decimal = "."
    /// What groups digits: `,` `.` `'` `_` or a space, which stands for one of any width; nil = nothing.
    public var grouping: String?
    /// The sign of a currency beside the numbers.
    public var currency: String?
    /// Whether all values are per cent: a hundredth of what is written.
    public var isPercent = false
    /// Whether the values are times of the day or durations, in seconds.
    public var isDuration = false

    /// As programs write them.
    public init(decimal: String = ".", grouping: String? = nil) {
        self.decimal = decimal
        self.grouping = grouping
    }

    /// As programs write them.
    static let plain = NumberSpelling()
}

/// How the numbers of a column are written where it is not as programs write them.
public struct NumberSpelling: Sendable, Hashable, Codable {
    /// `.` or `,`.
    public var decimal: String = "."
    /// What groups digits: `,` `.` `'` `_` or a space of any width; nil = nothing.
    public var grouping: String?
    /// A sign of currency or a unit before or behind the number.
    public var unit: String?
    /// Whether all values are per cent, and so a hundredth of what is written.
    public var isPercent = false
    /// Whether the values are times of the day or durations, in seconds.
    public var isDuration = false

    public init() {}
}

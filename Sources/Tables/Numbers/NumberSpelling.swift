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

    /// The number a text is by this spelling, the nearest in double precision; nil when it is none.
    func value(_ text: String) -> Double? {
        if isDuration { return DurationText.seconds(text) }
        guard let cell = NumberCell(text) else { return nil }
        return value(cell)
    }

    func value(_ cell: NumberCell) -> Double? {
        guard cell.isPercent == isPercent || cell.isZero, let value = cell.value(self) else { return nil }
        return isPercent ? value / 100 : value
    }
}

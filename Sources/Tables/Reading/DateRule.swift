/// How the dates of a column are written.
public struct DateRule: Sendable, Hashable, Codable {
    /// Which number comes first where it is not plain.
    public enum Order: String, Sendable, Hashable, Codable { case dmy, mdy, ymd }
    /// What whole numbers count since 1 January 1970, UTC.
    public enum Epoch: String, Sendable, Hashable, Codable {
        case seconds, milliseconds, microseconds, nanoseconds
    }

    /// The order of day, month and year.
    public var order: Order
    /// Whether the numbers are a count of time.
    public var epoch: Epoch?
    /// A pattern of `strptime` that a user gave.
    public var pattern: String?
    /// Two-digit years from this one on are of the 20th century.
    public var pivot: Int

    public init(order: Order = .ymd, epoch: Epoch? = nil, pattern: String? = nil, pivot: Int = 69) {
        self.order = order
        self.epoch = epoch
        self.pattern = pattern
        self.pivot = pivot
    }
}

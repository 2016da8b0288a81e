import CTableKernels

/// How the dates of a column are written.
public struct DateRule: Sendable, Hashable, Codable {
    /// Which number comes first where none is plainly the year or the month.
    public enum Order: String, Sendable, Hashable, Codable, CaseIterable { case dmy, mdy, ymd }
    /// What whole numbers count since 1 January 1970, UTC.
    public enum Epoch: String, Sendable, Hashable, Codable, CaseIterable {
        case seconds, milliseconds, microseconds, nanoseconds

        var perSecond: Double {
            switch self {
            case .seconds: 1
            case .milliseconds: 1e3
            case .microseconds: 1e6
            case .nanoseconds: 1e9
            }
        }
    }

    /// The order of day, month and year.
    public var order: Order
    /// Whether the values are a count of time.
    public var epoch: Epoch?
    /// A pattern of `strptime` that a user gave.
    public var pattern: String?
    /// Two-digit years from this one on are of the 20th century, those before it of the 21st.
    public var pivot: Int

    /// A rule; the pivot is that of POSIX unless another is given.
    public init(order: Order = .ymd, epoch: Epoch? = nil, pattern: String? = nil, pivot: Int = 69) {
        self.order = order
        self.epoch = epoch
        self.pattern = pattern
        self.pivot = pivot
    }

    /// Seconds since 1 January 1970, UTC, of a text; nil when it is no date by this rule.
    func seconds(_ text: String) -> Double? {
        if let pattern { return Self.seconds(text, pattern: pattern, pivot: pivot) }
        if let epoch {
            var text = text
            return text.withUTF8 { NumberText.value($0) }.map { $0 / epoch.perSecond }
        }
        return DateText(text)?.seconds(order, pivot: pivot)
    }

    /// By the C library's `strptime`, whose two-digit years have the pivot 69.
    private static func seconds(_ text: String, pattern: String, pivot: Int) -> Double? {
        var parts = dk_time()
        guard dk_parse_time(text, pattern, &parts) != 0 else { return nil }
        var year = Int(parts.year)
        if pattern.contains("%y") {
            let short = ((year % 100) + 100) % 100
            year = (short >= pivot ? 1900 : 2000) + short
        }
        guard let days = CalendarTime.days(year: year, month: Int(parts.month), day: Int(parts.day)) else { return nil }
        return Double(days * 86_400 + Int(parts.seconds)) - Double(parts.offset)
    }
}

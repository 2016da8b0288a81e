/// A date as somebody wrote it: taken apart, but with the order of its numbers still open where it is not plain.
struct DateText {
    /// The day: what is plain, or three numbers in the order of the text.
    enum Day: Equatable {
        case plain(days: Int)
        /// Without a year of four digits in front; `isYearShort` = the year has two digits.
        case open(Int, Int, Int, isYearShort: Bool)
    }

    let day: Day
    /// Seconds since midnight, less the offset of the time zone.
    let time: Double
    /// Whether it has a time of day.
    let hasTime: Bool
    /// Whether points stand between the numbers, which nobody does who puts the month first.
    let hasPoints: Bool

    /// Reads a text; nil when it is no date, whatever the order.
    init?(_ text: String) {
        var text = text
        guard let read = text.withUTF8({ DateScanner.date($0) }) else { return nil }
        self = read
    }

    init(day: Day, time: Double, hasTime: Bool, hasPoints: Bool = false) {
        (self.day, self.time, self.hasTime, self.hasPoints) = (day, time, hasTime, hasPoints)
    }

    /// Seconds since 1 January 1970, UTC, by an order; nil when there is no such day.
    func seconds(_ order: DateRule.Order, pivot: Int) -> Double? {
        days(order, pivot: pivot).map { Double($0) * 86_400 + time }
    }

    private func days(_ order: DateRule.Order, pivot: Int) -> Int? {
        switch day {
        case .plain(let days): return days
        case .open(let first, let second, let third, let isYearShort):
            func year(_ number: Int) -> Int { isYearShort ? (number >= pivot ? 1900 : 2000) + number : number }
            switch order {
            case .dmy: return CalendarTime.days(year: year(third), month: second, day: first)
            case .mdy: return CalendarTime.days(year: year(third), month: first, day: second)
            case .ymd: return isYearShort ? CalendarTime.days(year: year(first), month: second, day: third) : nil
            }
        }
    }
}

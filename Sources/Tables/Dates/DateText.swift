/// A date as somebody wrote it: taken apart, but with the order of its numbers still open where it is not plain.
struct DateText {
    /// The day: what is plain, or three numbers in the order of the text.
    enum Day: Equatable {
        case plain(days: Int)
        /// With a year of two digits, which the pivot makes a whole one.
        case short(year: Int, month: Int, day: Int)
        /// Without a year of four digits in front; `isYearShort` = the year has two digits.
        case open(Int, Int, Int, isYearShort: Bool)
    }

    let day: Day
    /// Whether its year has two digits.
    var isYearShort: Bool {
        switch day {
        case .plain: false
        case .short: true
        case .open(_, _, _, let isShort): isShort
        }
    }
    /// Seconds since midnight, less the offset of the time zone.
    let time: Double
    /// Whether points stand between the numbers, which nobody does who puts the month first.
    let hasPoints: Bool

    /// Reads a text; nil when it is no date, whatever the order.
    init?(_ text: String) {
        var text = text
        guard let read = text.withUTF8({ DateScanner.date($0) }) else { return nil }
        self = read
    }

    init(day: Day, time: Double, hasPoints: Bool = false) {
        (self.day, self.time, self.hasPoints) = (day, time, hasPoints)
    }

    /// Seconds since 1 January 1970, UTC, by an order; nil when there is no such day.
    func seconds(_ order: DateRule.Order, pivot: Int) -> Double? {
        days(order, pivot: pivot).map { Double($0) * 86_400 + time }
    }

    private func days(_ order: DateRule.Order, pivot: Int) -> Int? {
        func whole(_ short: Int) -> Int { (short >= pivot ? 1900 : 2000) + short }
        switch day {
        case .plain(let days): return days
        case .short(let year, let month, let day): return CalendarTime.days(year: whole(year), month: month, day: day)
        case .open(let first, let second, let third, let isYearShort):
            func year(_ number: Int) -> Int { isYearShort ? whole(number) : number }
            switch order {
            case .dmy: return CalendarTime.days(year: year(third), month: second, day: first)
            case .mdy: return CalendarTime.days(year: year(third), month: first, day: second)
            case .ymd: return isYearShort ? CalendarTime.days(year: year(first), month: second, day: third) : nil
            }
        }
    }
}

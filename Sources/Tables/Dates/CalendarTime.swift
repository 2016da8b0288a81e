import CheckedNumbers

/// Dates as seconds since 1 January 1970, UTC, in the proleptic Gregorian calendar.
public enum CalendarTime {
    /// Days since 1 January 1970; `nil` if there is no such day.
    ///
    /// - Source: Hinnant, "chrono-compatible low-level date algorithms", days_from_civil.
    static func days(year: Int, month: Int, day: Int) -> Int? {
        guard (1...12).contains(month), day >= 1, day <= dayCount(year: year, month: month) else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func dayCount(year: Int, month: Int) -> Int {
        if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
        return [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Year, month and day of a day since 1 January 1970.
    ///
    /// - Source: Hinnant, "chrono-compatible low-level date algorithms", civil_from_days.
    static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        let month = part + (part < 10 ? 3 : -9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * part + 2) / 5 + 1)
    }

    /// `2020-03-04`, or `2020-03-04T05:06:07Z` when the time of day is not midnight, to the microsecond where seconds have parts.
    public static func isoText(seconds: Double) -> String {
        guard seconds.isFinite, abs(seconds) < 1e13 else { return String(seconds) }
        var whole = Int(roundedDownWithin: seconds)
        var microseconds = Int(nearestWithin: (seconds - Double(whole)) * 1e6)
        if microseconds == 1_000_000 { (whole, microseconds) = (whole + 1, 0) }
        let days = whole >= 0 ? whole / 86_400 : -((86_399 - whole) / 86_400)
        let time = whole - days * 86_400
        let (year, month, day) = civil(days: days)
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        if time == 0, microseconds == 0 { return date }
        var fraction = microseconds == 0 ? "" : "." + padded(microseconds, 6)
        while fraction.last == "0" { fraction.removeLast() }
        return "\(date)T\(padded(time / 3600, 2)):\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))\(fraction)Z"
    }

    /// Seconds for a date such as `2020-03-04`, alone or with a time of day; UTC unless it has a zone; `nil` if it is none.
    public static func seconds(iso text: String) -> Double? { DateText(text)?.seconds(.mdy, pivot: 69) }

    /// Days since 1 January 1970 of a day of an ISO week; nil when the year has no such week.
    ///
    /// - Source: ISO 8601: week 1 is the one with 4 January; weeks begin on Monday, which is day 1.
    static func days(isoYear year: Int, week: Int, weekday: Int) -> Int? {
        guard let fourth = days(year: year, month: 1, day: 4), let next = days(year: year + 1, month: 1, day: 4) else {
            return nil
        }
        // 1 January 1970 was a Thursday.
        let monday = { (day: Int) in day - ((day + 3) % 7 + 7) % 7 }
        let day = monday(fourth) + (week - 1) * 7 + weekday - 1
        return day < monday(next) ? day : nil
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

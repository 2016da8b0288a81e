import CheckedNumbers

/// Dates as seconds since 1 January 1970, UTC, in the proleptic Gregorian calendar.
public enum CalendarTime {
    /// Which number comes first in dates such as 03/04/2020.
    enum Order { case monthFirst, dayFirst }

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

    /// `2020-03-04`, or `2020-03-04T05:06:07Z` when the time of day is not midnight, to the microsecond where seconds have parts.
    public static func isoText(seconds: Double) -> String {
        guard seconds.isFinite, abs(seconds) < 1e13 else { return String(seconds) }
        var whole = Int(roundedDownWithin: seconds)
        var microseconds = Int(nearestWithin: (seconds - Double(whole)) * 1e6)
        if microseconds == 1_000_000 { (whole, microseconds) = (whole + 1, 0) }
        let days = whole >= 0 ? whole / 86_400 : -((86_399 - whole) / 86_400)
        let time = whole - days * 86_400
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        let month = part + (part < 10 ? 3 : -9)
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfYear - (153 * part + 2) / 5 + 1, 2))"
        if time == 0, microseconds == 0 { return date }
        var fraction = microseconds == 0 ? "" : "." + padded(microseconds, 6)
        while fraction.last == "0" { fraction.removeLast() }
        return "\(date)T\(padded(time / 3600, 2)):\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))\(fraction)Z"
    }

    /// Seconds for a date such as `2020-03-04`, alone or with a time of day; UTC unless it has a zone; `nil` if it is none.
    public static func seconds(iso text: String) -> Double? { seconds(text, order: .monthFirst) }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Seconds for `2020-03-04`, `2020/03/04`, `2020-03`, `04.03.2020` or `3/4/2020`, alone or with a time of day and a zone.
    static func seconds(_ text: String, order: Order) -> Double? {
        var scanner = Scanner(bytes: Array(text.utf8))
        guard let first = scanner.number(), let separator = scanner.take(where: { "-/.".utf8.contains($0) }),
            let second = scanner.number()
        else { return nil }
        var date: Int?
        if first.digits == 4, second.digits <= 2, separator != UInt8(ascii: ".") {
            if scanner.take(where: { $0 == separator }) != nil {
                guard let third = scanner.number(), third.digits <= 2 else { return nil }
                date = days(year: first.value, month: second.value, day: third.value)
            } else {
                guard scanner.isAtEnd, second.digits == 2 else { return nil }
                date = days(year: first.value, month: second.value, day: 1)
            }
        } else {
            guard first.digits <= 2, second.digits <= 2, scanner.take(where: { $0 == separator }) != nil,
                let third = scanner.number(), third.digits == 4
            else { return nil }
            let dayFirst = separator == UInt8(ascii: ".") || order == .dayFirst
            date = days(
                year: third.value, month: dayFirst ? second.value : first.value, day: dayFirst ? first.value : second.value)
        }
        guard let date, let time = scanner.timeOfDay() else { return nil }
        return Double(date) * 86_400 + time
    }

    private struct Scanner {
        let bytes: [UInt8]
        var position = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { position == bytes.count }

        mutating func take(where matches: (UInt8) -> Bool) -> UInt8? {
            guard position < bytes.count, matches(bytes[position]) else { return nil }
            position += 1
            return bytes[position - 1]
        }

        mutating func number() -> (value: Int, digits: Int)? {
            let start = position
            var value = 0
            while position - start < 9, let digit = take(where: { (48...57).contains($0) }) {
                value = value * 10 + Int(digit) - 48
            }
            return position > start ? (value, position - start) : nil
        }

        mutating func two(below bound: Int) -> Int? {
            guard let part = number(), part.digits == 2, part.value < bound else { return nil }
            return part.value
        }

        /// What follows the date: nothing, or ` 05:06`, `T05:06:07.25`, with `Z`, ` UTC`-less or `+02:00`; `nil` if it is else.
        mutating func timeOfDay() -> Double? {
            if isAtEnd { return 0 }
            guard take(where: { $0 == UInt8(ascii: "T") || $0 == UInt8(ascii: " ") }) != nil, let hour = two(below: 24),
                take(where: { $0 == UInt8(ascii: ":") }) != nil, let minute = two(below: 60)
            else { return nil }
            var seconds = Double(hour * 3600 + minute * 60)
            if take(where: { $0 == UInt8(ascii: ":") }) != nil {
                guard let second = two(below: 61) else { return nil }
                seconds += Double(second)
                if take(where: { $0 == UInt8(ascii: ".") }) != nil {
                    guard let fraction = number() else { return nil }
                    seconds += (0..<fraction.digits).reduce(Double(fraction.value)) { value, _ in value / 10 }
                }
            }
            return zone().map { seconds - $0 }
        }

        private mutating func zone() -> Double? {
            if isAtEnd { return 0 }
            if take(where: { $0 == UInt8(ascii: "Z") }) != nil { return isAtEnd ? 0 : nil }
            guard let sign = take(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }), let hour = two(below: 15) else {
                return nil
            }
            _ = take(where: { $0 == UInt8(ascii: ":") })
            let minute = isAtEnd ? 0 : two(below: 60)
            guard let minute, isAtEnd else { return nil }
            return Double(hour * 3600 + minute * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
        }
    }
}

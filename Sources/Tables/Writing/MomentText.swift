/// Days, moments and times of day in ISO 8601, with all the digits that they have.
enum MomentText {
    /// `2020-03-04` for days since 1 January 1970.
    static func day(_ days: Int64) -> String {
        // 400 years are always as many days; what is far away is brought near, and its years put back.
        let (era, day) = floored(days, 146_097)
        let (year, month, dayOfMonth) = CalendarTime.civil(days: Int(day))
        let shown = year + 400 * Int(era)
        let sign = shown < 0 ? "-" : shown > 9999 ? "+" : ""
        return "\(sign)\(padded(shown.magnitude, 4))-\(padded(month.magnitude, 2))-\(padded(dayOfMonth.magnitude, 2))"
    }

    /// `2020-03-04T05:06:07.000000001Z` for units of `digits` decimal places of a second since 1 January 1970.
    static func moment(_ count: Int64, digits: Int, isUTC: Bool) -> String {
        let perSecond = power(digits)
        let (days, rest) = floored(count, 86_400 * perSecond)
        return "\(day(days))T\(time(rest, digits: digits))\(isUTC ? "Z" : "")"
    }

    /// `05:06:07.25`; a count that is no time of day stays a count.
    static func clock(_ count: Int64, digits: Int) -> String {
        let perSecond = power(digits)
        guard (0..<86_400 * perSecond).contains(count) else { return String(count) }
        return time(count, digits: digits)
    }

    /// Nanoseconds of the day and a Julian day number, as old writers have moments.
    static func int96(_ bytes: ArraySlice<UInt8>) -> String {
        let number = { (part: ArraySlice<UInt8>) in part.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        let nanoseconds = Int64(bitPattern: number(bytes.prefix(8)))
        let julian = Int64(Int32(truncatingIfNeeded: number(bytes.dropFirst(8))))
        let (days, rest) = floored(nanoseconds, 86_400_000_000_000)
        return "\(day(julian - 2_440_588 + days))T\(time(rest, digits: 9))"
    }

    /// Digits with zeros in front of them.
    static func padded(_ number: some UnsignedInteger, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// `05:06:07.25`, or `30:00:00`, for units of `digits` decimal places of a second.
    static func time(_ count: Int64, digits: Int) -> String {
        let perSecond = power(digits)
        let seconds = (count / perSecond).magnitude
        var text = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        var fraction = padded((count % perSecond).magnitude, digits)
        while fraction.last == "0" { fraction.removeLast() }
        if !fraction.isEmpty { text += "." + fraction }
        return text
    }

    private static func power(_ digits: Int) -> Int64 { (0..<digits).reduce(1) { power, _ in power * 10 } }

    /// Quotient and remainder, rounded down.
    private static func floored(_ number: Int64, _ divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

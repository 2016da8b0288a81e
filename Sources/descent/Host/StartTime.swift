import CheckedNumbers
import Glibc

/// The time at which a job is to start, as people type it.
enum StartTime {
    static let forms = "22:00, 'tomorrow 06:30', '2026-12-24 18:00' or +90m"

    /// - Parameters:
    ///   - text: a time of day (the next such), with a day before it (`tomorrow`, `2026-12-24`), or `+` and a span (`90m`, `2h`, `1d`,
    ///     `1h30m`, `45s`), in the machine's time zone.
    ///   - now: seconds since 1970.
    /// - Returns: seconds since 1970; nil for what is none of these.
    static func parse(_ text: String, now: Double) -> Double? {
        let text = text.trimmed.lowercased()
        if text.hasPrefix("+") { return span(text.dropFirst().trimmed).map { now + $0 } }
        if text.hasPrefix("in ") { return span(text.dropFirst(3).trimmed).map { now + $0 } }
        let words = text.split { $0 == " " || $0 == "t" && text.first?.isNumber == true }.map(String.init)
        guard let last = words.last, let clock = clock(last), words.count <= 2 else { return nil }
        var moment = time_t(roundedDownWithin: now), parts = tm()
        localtime_r(&moment, &parts)
        var isNext = false
        if words.count == 2 {
            guard let day = day(words[0], parts) else { return nil }
            (parts.tm_year, parts.tm_mon, parts.tm_mday) = day
        } else {
            isNext = true
        }
        (parts.tm_hour, parts.tm_min, parts.tm_sec, parts.tm_isdst) = (clock.hour, clock.minute, clock.second, -1)
        var wanted = parts
        let found = mktime(&wanted)
        guard found != -1 else { return nil }
        if isNext, Double(found) <= now {
            parts.tm_mday += 1
            return Double(mktime(&parts))
        }
        return Double(found)
    }

    /// `90m`, `1h30m`, `2d`; a number alone is minutes.
    private static func span(_ text: String) -> Double? {
        if let minutes = Int(text), (0..<10 * 365 * 1440).contains(minutes) { return Double(minutes) * 60 }
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        var total = 0.0, digits = ""
        for character in text where character != " " {
            if character.isNumber {
                digits.append(character)
            } else {
                guard let unit = units[character], let number = Int(digits) else { return nil }
                total += Double(number) * unit
                digits = ""
            }
        }
        return digits.isEmpty && !text.isEmpty && total < 10 * 365 * 86_400 ? total : nil
    }

    private static func clock(_ text: String) -> (hour: Int32, minute: Int32, second: Int32)? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int32($0) }
        guard parts.count == 2 || parts.count == 3, let hour = parts[0], let minute = parts[1], (0...23).contains(hour),
            (0...59).contains(minute)
        else { return nil }
        guard let second = parts.count == 3 ? parts[2] : 0, (0...59).contains(second) else { return nil }
        return (hour, minute, second)
    }

    private static func day(_ text: String, _ today: tm) -> (Int32, Int32, Int32)? {
        if text == "today" { return (today.tm_year, today.tm_mon, today.tm_mday) }
        if text == "tomorrow" { return (today.tm_year, today.tm_mon, today.tm_mday + 1) }
        let parts = text.split(separator: "-").map { Int32($0) }
        guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2], (1970...9999).contains(year),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        // A day that the month does not have is none: mktime would make another of it.
        var check = tm()
        (check.tm_year, check.tm_mon, check.tm_mday, check.tm_hour, check.tm_isdst) = (year - 1900, month - 1, day, 12, -1)
        guard mktime(&check) != -1, check.tm_mday == day else { return nil }
        return (year - 1900, month - 1, day)
    }
}

extension StringProtocol {
    fileprivate var trimmed: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

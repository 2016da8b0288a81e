import CheckedNumbers
import Glibc

/// The machine's time zone.
enum LocalTime {
    static func utcOffsetSeconds() -> Int {
        var now = time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        return parts.tm_gmtoff
    }

    /// `22:05` today, `Nov 30 06:00` on another day of about this year, else with the year.
    /// - Parameter seconds: since 1970.
    static func short(_ seconds: Double) -> String {
        var moment = time_t(roundedDownWithin: seconds), now = time(nil), parts = tm(), today = tm()
        localtime_r(&moment, &parts)
        localtime_r(&now, &today)
        let isToday = (parts.tm_year, parts.tm_yday) == (today.tm_year, today.tm_yday)
        return text(parts, isToday ? "%H:%M" : abs(moment - now) < 180 * 86_400 ? "%b %d %H:%M" : "%Y-%m-%d %H:%M")
    }

    private static func text(_ parts: tm, _ format: String) -> String {
        var parts = parts, bytes = [CChar](repeating: 0, count: 64)
        let count = strftime(&bytes, bytes.count, format, &parts)
        return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

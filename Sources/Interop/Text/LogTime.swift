import CheckedNumbers
import Glibc
import Tables

/// Moments as logs write them.
enum LogTime {
    /// Seconds since 1970 for an ISO 8601 date with a time of day; without a zone it is the machine's own.
    static func seconds(_ text: String) -> Double? {
        guard let seconds = CalendarTime.seconds(iso: text) else { return nil }
        let time = text.dropFirst(10)
        if time.contains(where: { $0 == "Z" || $0 == "+" || $0 == "-" }) { return seconds }
        var moment = time_t(roundedDownWithin: seconds)
        var parts = tm()
        gmtime_r(&moment, &parts)
        parts.tm_isdst = -1
        return Double(mktime(&parts)) + seconds - seconds.rounded(.down)
    }

    /// Seconds since 1970 for a number that may count seconds, milliseconds, microseconds or nanoseconds; nil for one that is
    /// too small to be a moment of this century.
    static func seconds(_ number: Double) -> Double? {
        switch number {
        case 9e8..<1e11: number
        case 9e11..<1e14: number / 1e3
        case 9e14..<1e17: number / 1e6
        case 9e17..<1e20: number / 1e9
        default: nil
        }
    }

    /// A time that a format defines as seconds since 1970: as it is where it can be one, in seconds where a program counted in a
    /// smaller unit; nil for what is no time.
    static func checked(_ time: Double) -> Double? { seconds(time) ?? (time >= 0 && time < 1e11 ? time : nil) }
}

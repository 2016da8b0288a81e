import CheckedNumbers
import Glibc

/// The time of day as the studio counts it.
public enum WallClock {
    /// Seconds since 1970, from the system's clock.
    @inlinable
    public static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// `2026-11-20T14:02:11.250Z`
    public static func text(_ secondsSince1970: Double) -> String {
        // Years of four digits: a log may say that it was written at any time.
        let time = min(max(secondsSince1970.isNaN ? 0 : secondsSince1970, -62_135_596_800), 253_402_300_799)
        var seconds = Int(roundedDownWithin: time)
        var milliseconds = Int(nearestWithin: (time - Double(seconds)) * 1000)
        if milliseconds == 1000 { (seconds, milliseconds) = (seconds + 1, 0) }
        var whole = time_t(seconds)
        var parts = tm()
        gmtime_r(&whole, &parts)
        // Every line of a log has one.
        return String(unsafeUninitializedCapacity: textLength) { text in
            _ = text.initialize(from: "0000-00-00T00:00:00.000Z".utf8)
            func put(_ number: Int, endingAt end: Int, _ width: Int) {
                var rest = number
                for place in stride(from: end, to: end - width, by: -1) {
                    text[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                    rest /= 10
                }
            }
            put(Int(parts.tm_year) + 1900, endingAt: 3, 4)
            put(Int(parts.tm_mon) + 1, endingAt: 6, 2)
            put(Int(parts.tm_mday), endingAt: 9, 2)
            put(Int(parts.tm_hour), endingAt: 12, 2)
            put(Int(parts.tm_min), endingAt: 15, 2)
            put(Int(parts.tm_sec), endingAt: 18, 2)
            put(milliseconds, endingAt: 22, 3)
            return textLength
        }
    }

    private static let textLength = 24

    /// Reads what `text` writes; nil for anything else.
    public static func seconds(parsing text: String) -> Double? {
        let bytes = Array(text.utf8)
        guard bytes.count == 24, bytes[10] == UInt8(ascii: "T"), bytes[23] == UInt8(ascii: "Z") else { return nil }
        func number(_ range: Range<Int>) -> Int? { Int(String(decoding: bytes[range], as: UTF8.self)) }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), let millisecond = number(20..<23)
        else { return nil }
        var parts = tm()
        parts.tm_year = Int32(year - 1900)
        parts.tm_mon = Int32(month - 1)
        parts.tm_mday = Int32(day)
        parts.tm_hour = Int32(hour)
        parts.tm_min = Int32(minute)
        parts.tm_sec = Int32(second)
        return Double(timegm(&parts)) + Double(millisecond) / 1000
    }
}

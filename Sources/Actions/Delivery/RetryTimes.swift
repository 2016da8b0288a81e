import Glibc

/// How long is waited before something that failed is tried again.
public enum RetryTimes {
    private static let waits = [1.0, 5, 30, 120, 600]
    /// How long anything is tried.
    /// - Units: seconds.
    public static let giveUpAfter = 86_400.0
    /// However long a server wants to be left alone.
    private static let longest = 3600.0

    /// Seconds to wait.
    /// - Parameters:
    ///   - failures: how often it failed, from 1.
    ///   - asked: what the server asked for.
    ///   - jitter: from 0 to 1, so that not all who were refused come back at once: a fifth less to a fifth more.
    public static func wait(afterFailures failures: Int, asked: Double?, jitter: Double) -> Double {
        let wait = waits[min(max(failures, 1), waits.count) - 1] * (0.8 + 0.4 * jitter)
        return max(wait, min(asked ?? 0, longest))
    }

    /// What `Retry-After` says: seconds, or a date.
    /// - Source: RFC 9110, section 10.2.3.
    static func seconds(inHeader text: String, at now: Double) -> Double? {
        if let seconds = Double(text), seconds.isFinite, seconds >= 0 { return seconds }
        let parts = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 6, let day = Int32(parts[1]), let month = months.firstIndex(of: String(parts[2])),
            let year = Int32(parts[3]),
            (1970...9999).contains(year)
        else { return nil }
        let clock = parts[4].split(separator: ":").compactMap { Int32($0) }
        guard clock.count == 3 else { return nil }
        var time = tm()
        (time.tm_year, time.tm_mon, time.tm_mday) = (year - 1900, Int32(month), day)
        (time.tm_hour, time.tm_min, time.tm_sec) = (clock[0], clock[1], clock[2])
        return max(0, Double(timegm(&time)) - now)
    }
}

import CheckedNumbers
import Glibc

/// Hours of the day at which nothing is told, such as `22:00-07:00`, by the machine's clock.
public struct QuietTime: Sendable, Hashable {
    /// Minutes of the day.
    public var start: Int
    public var end: Int

    /// nil for what is no time of day, and for one without length.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let start = Self.minutes(parts[0]), let end = Self.minutes(parts[1]), start != end else {
            return nil
        }
        (self.start, self.end) = (start, end)
    }

    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ (1...2).contains($0.count) && $0.allSatisfy(\.isASCII) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), (0...24).contains(hour), (0...59).contains(minute),
            hour < 24 || minute == 0
        else { return nil }
        return hour % 24 * 60 + minute
    }

    public var text: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        func clock(_ minutes: Int) -> String { two(minutes / 60) + ":" + two(minutes % 60) }
        return clock(start) + "-" + clock(end)
    }

    /// When it is over; nil where it is not quiet.
    /// - Parameter time: seconds since 1970.
    public func end(at time: Double) -> Double? {
        guard time.isFinite, abs(time) < 1e12 else { return nil }
        var moment = time_t(roundedDownWithin: time)
        var parts = tm()
        localtime_r(&moment, &parts)
        let now = Int(parts.tm_hour) * 60 + Int(parts.tm_min)
        let isQuiet = start < end ? (start..<end).contains(now) : now >= start || now < end
        guard isQuiet else { return nil }
        // By the calendar, so that a clock that is put back or forward that night counts.
        if start > end, now >= start { parts.tm_mday += 1 }
        (parts.tm_hour, parts.tm_min, parts.tm_sec, parts.tm_isdst) = (Int32(end / 60), Int32(end % 60), 0, -1)
        return max(Double(mktime(&parts)), time + 1)
    }
}

/// How often something may be told: so many times in so many seconds.
public struct RateLimit: Sendable, Hashable {
    public var count: Int
    public var seconds: Double

    public init(count: Int, seconds: Double) { (self.count, self.seconds) = (count, seconds) }

    /// `6/hour`; nil for what is none.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let units = ["minute": 60.0, "hour": 3600, "day": 86_400]
        guard parts.count == 2, let count = Int(parts[0]), (1...1_000_000).contains(count), let seconds = units[String(parts[1])]
        else {
            return nil
        }
        self.init(count: count, seconds: seconds)
    }

    /// When one more may be told; nil = now.
    /// - Parameter times: when the latest were told, in any order.
    public func next(after times: [Double], at now: Double) -> Double? {
        let recent = times.filter { $0 > now - seconds }.sorted()
        guard recent.count >= count else { return nil }
        return recent[recent.count - count] + seconds
    }
}

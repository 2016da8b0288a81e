import CheckedNumbers
import Glibc
import Synchronization
import Transfers

/// The time as a store has it, where that is another than this machine's: a store takes no request whose time is off by minutes.
final class StoreClock: Sendable {
    private let offset = Mutex(0.0)

    /// Seconds to add to this machine's time.
    var seconds: Double { offset.withLock { $0 } }

    /// Takes the time over that an answer says it was given at.
    /// - Parameter now: this machine's, in seconds since 1970.
    /// - Returns: seconds to add; nil where the answer says no time.
    func correct(by answer: WebAnswer, now: Double) -> Double? {
        guard let time = answer.header("date").flatMap(Self.seconds(of:)) else { return nil }
        offset.withLock { $0 = time - now }
        return time - now
    }

    /// Seconds since 1970 of `Tue, 01 Dec 2026 12:00:00 GMT`.
    /// - Source: RFC 9110, section 5.6.7; the older two forms are not read.
    static func seconds(of text: String) -> Double? {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 6, words[5] == "GMT", let day = Int32(words[1]), let year = Int32(words[3]),
            let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].firstIndex(
                of: words[2])
        else { return nil }
        let clock = words[4].split(separator: ":").compactMap { Int32($0) }
        guard clock.count == 3, (1...31).contains(day), (1970...9999).contains(year), (0..<24).contains(clock[0]),
            (0..<60).contains(clock[1]), (0...60).contains(clock[2])
        else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, Int32(month), day)
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (clock[0], clock[1], clock[2])
        return Double(timegm(&parts))
    }

    /// `2 h 5 min behind`, of how far this machine's clock is from a store's.
    static func words(_ seconds: Double) -> String {
        let minutes = Int(nearestWithin: abs(seconds) / 60), hours = minutes / 60
        let much = hours > 0 ? "\(hours) h" + (minutes % 60 > 0 ? " \(minutes % 60) min" : "") : "\(minutes) min"
        return much + (seconds > 0 ? " behind" : " ahead of")
    }
}

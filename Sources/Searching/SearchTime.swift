/// A moment or a stretch of time as a user writes it: `-2d`, `now`, `today`, `yesterday`, `2026-11-20`, `2026-11-20T14:02`.
public enum SearchTime: Hashable, Sendable {
    /// Seconds before now.
    case ago(Double)
    /// A whole day, counted from today.
    case day(Int)
    /// Local seconds since 1970, and how long it lasts.
    case date(Double, lasting: Double)

    public init?(_ text: String) {
        switch text.lowercased() {
        case "now": self = .ago(0)
        case "today": self = .day(0)
        case "yesterday": self = .day(-1)
        default:
            if text.hasPrefix("-"), let seconds = SearchNumber.duration(String(text.dropFirst()), needsUnit: true) {
                self = .ago(seconds)
            } else if let date = Self.date(text) {
                self = date
            } else {
                return nil
            }
        }
    }

    /// From when to when, the end left out; a moment ends where it begins.
    func interval(_ clock: SearchClock) -> (start: Double, end: Double) {
        let offset = Double(clock.utcOffsetSeconds)
        switch self {
        case .ago(let seconds): return (clock.now - seconds, clock.now - seconds)
        case .day(let day):
            let start = ((clock.now + offset) / 86_400).rounded(.down) * 86_400 + Double(day) * 86_400 - offset
            return (start, start + 86_400)
        case .date(let start, let length): return (start - offset, start - offset + length)
        }
    }

    /// `2026-11`, `2026-11-20`, with a time of day after a T or a space.
    private static func date(_ text: String) -> SearchTime? {
        let halves = text.split(whereSeparator: { $0 == "T" || $0 == "t" || $0 == " " }).map(String.init)
        guard (1...2).contains(halves.count) else { return nil }
        let parts = halves[0].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2 || parts.count == 3, let year = parts[0], let month = parts[1], (1...9999).contains(year),
            (1...12).contains(month)
        else { return nil }
        guard parts.count == 3 else {
            guard halves.count == 1 else { return nil }
            let next = month == 12 ? days(year + 1, 1, 1) : days(year, month + 1, 1)
            let first = days(year, month, 1)
            return .date(Double(first) * 86_400, lasting: Double(next - first) * 86_400)
        }
        guard let day = parts[2], (1...31).contains(day) else { return nil }
        let start = Double(days(year, month, day)) * 86_400
        guard halves.count == 2 else { return .date(start, lasting: 86_400) }
        let clock = halves[1].split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard clock.count == 2 || clock.count == 3, let hour = clock[0], let minute = clock[1], (0...23).contains(hour),
            (0...59).contains(minute)
        else { return nil }
        var seconds = Double(hour * 3600 + minute * 60)
        guard clock.count == 3 else { return .date(start + seconds, lasting: 60) }
        guard let second = clock[2], (0...60).contains(second) else { return nil }
        seconds += Double(second)
        return .date(start + seconds, lasting: 1)
    }

    /// Days since 1970 of a Gregorian date: years counted from March, so that the leap day ends one.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let monthFromMarch = (month + 9) % 12
        let leapDays = shifted / 4 - shifted / 100 + shifted / 400
        return shifted * 365 + leapDays + (monthFromMarch * 306 + 5) / 10 + day - 1 - 719_468
    }
}

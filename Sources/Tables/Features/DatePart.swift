import CheckedNumbers

/// What a calendar or a clock shows of a moment, as a whole number.
package enum DatePart: String, Sendable, Hashable, Codable, CaseIterable {
    case year, month, day
    /// 0 = Monday.
    case weekday
    /// 1 on Saturdays and Sundays.
    case weekend
    case hour, minute, second
    /// Hours since Monday 0:00.
    case hourOfWeek

    /// As feature names have it.
    var words: String {
        switch self {
        case .weekday: "day of week"
        case .hourOfWeek: "hour of week"
        default: rawValue
        }
    }

    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// One of its values as feature names have it.
    func text(_ value: Int) -> String {
        switch self {
        case .weekday where (0..<7).contains(value): Self.weekdays[value]
        case .month where (1...12).contains(value): Self.months[value - 1]
        case .hourOfWeek where (0..<168).contains(value): "\(Self.weekdays[value / 24]) \(value % 24)"
        default: String(value)
        }
    }

    /// Seconds after which its values come again; nil when they never do.
    var period: Double? {
        switch self {
        case .year: nil
        case .month: DateCycle.year.seconds
        case .day: 31 * 86_400
        case .weekday, .weekend, .hourOfWeek: DateCycle.week.seconds
        case .hour: DateCycle.day.seconds
        case .minute: DateCycle.hour.seconds
        case .second: DateCycle.minute.seconds
        }
    }
}

/// A stretch of time that comes again and again.
package enum DateCycle: String, Sendable, Hashable, Codable, CaseIterable {
    case minute, hour, day, week, year

    /// Its length; that of a year is one without a leap day.
    var seconds: Double {
        switch self {
        case .minute: 60
        case .hour: 3600
        case .day: 86_400
        case .week: 604_800
        case .year: 365 * 86_400
        }
    }
}

/// A moment taken apart.
struct DateParts {
    private let days: Int, second: Int, fraction: Double
    private let year: Int, month: Int, day: Int

    /// - Parameter seconds: since 1 January 1970, UTC; beyond some 300,000 years the end of them.
    init(_ seconds: Double) {
        let bounded = max(-1e13, min(1e13, seconds)), whole = Int(roundedDownWithin: bounded)
        let days = whole >= 0 ? whole / 86_400 : -((86_399 - whole) / 86_400)
        self.days = days
        second = whole - days * 86_400
        fraction = bounded - Double(whole)
        (year, month, day) = CalendarTime.civil(days: days)
    }

    private var weekday: Int { ((days + 3) % 7 + 7) % 7 }

    func value(_ part: DatePart) -> Int {
        switch part {
        case .year: year
        case .month: month
        case .day: day
        case .weekday: weekday
        case .weekend: weekday >= 5 ? 1 : 0
        case .hour: second / 3600
        case .minute: second / 60 % 60
        case .second: second % 60
        case .hourOfWeek: weekday * 24 + second / 3600
        }
    }

    /// How much of a cycle is over, from 0 to below 1.
    func phase(_ cycle: DateCycle) -> Double {
        let time = Double(second) + fraction
        switch cycle {
        case .minute: return (Double(second % 60) + fraction) / 60
        case .hour: return (Double(second % 3600) + fraction) / 3600
        case .day: return time / 86_400
        case .week: return (Double(weekday) + time / 86_400) / 7
        case .year:
            guard let first = CalendarTime.days(year: year, month: 1, day: 1),
                let next = CalendarTime.days(year: year + 1, month: 1, day: 1)
            else { return 0 }
            return (Double(days - first) + time / 86_400) / Double(next - first)
        }
    }
}

extension DatePart {
    /// Its number at a moment.
    ///
    /// - Parameter seconds: since 1 January 1970, UTC.
    package func value(at seconds: Double) -> Int { DateParts(seconds).value(self) }
}

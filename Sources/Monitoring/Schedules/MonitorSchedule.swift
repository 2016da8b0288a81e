import CheckedNumbers
import Glibc

/// When a monitor looks.
public enum MonitorSchedule: Sendable, Hashable {
    /// When it is told to.
    case now
    /// - Units: seconds.
    case every(Int)
    case cron(CronSchedule)

    /// Reads `now`, `every=60s`, `every=5m`, `every=2h`, `every=1d` or `cron(0 * ? * * *)`.
    ///
    /// - Throws: `badRequest`, with what is at fault.
    public init(_ text: String) throws(MonitoringError) {
        let word = text.lowercased()
        if word == "now" {
            self = .now
        } else if word.hasPrefix("every=") {
            self = .every(try Self.seconds(String(word.dropFirst(6)), text))
        } else if word.hasPrefix("cron("), word.hasSuffix(")") {
            self = .cron(try CronSchedule(String(word.dropFirst(5).dropLast())))
        } else {
            throw MonitoringError(
                .badRequest,
                "'\(text)' is no schedule: give now, every=60s (m, h, d) or 'cron(0 * ? * * *)', which is hourly, in UTC")
        }
    }

    private static func seconds(_ text: String, _ whole: String) throws(MonitoringError) -> Int {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let unit = text.last.flatMap { units[$0] }, digits = unit == nil ? text : String(text.dropLast())
        guard let count = Int(digits), count > 0, count <= 1_000_000 else {
            throw MonitoringError(
                .badRequest, "'\(whole)' is no time between looks: give a whole number with s, m, h or d, such as every=60s")
        }
        return count * (unit ?? 1)
    }

    /// The first time after one, in seconds since 1970; nil where there is none.
    public func next(after time: Double) -> Double? {
        switch self {
        case .now: nil
        case .every(let seconds): (time / Double(seconds)).rounded(.down) * Double(seconds) + Double(seconds)
        case .cron(let cron): cron.next(after: time)
        }
    }

    /// When a monitor looks that was last to look at `next`, and what is due by now: at most `limit` times, of which the first stands for those
    /// that are further back.
    public func due(since next: Double, by now: Double, limit: Int = 100) -> (times: [Double], next: Double?) {
        var times: [Double] = [], time: Double? = next
        while let due = time, due <= now {
            times.append(due)
            if times.count > limit { times.removeFirst() }
            time = self.next(after: due)
        }
        return (times, time)
    }
}

/// Minutes, hours, days and years at which something happens, in UTC.
///
/// - Source: schedule expressions of Amazon EventBridge: minute, hour, day of the month, month, day of the week, year.
public struct CronSchedule: Sendable, Hashable {
    private let minutes: Set<Int>, hours: Set<Int>, days: Set<Int>, months: Set<Int>, weekdays: Set<Int>, years: Set<Int>?

    private static let monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    private static let dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    /// Reads six fields.
    ///
    /// - Throws: `badRequest`, with the field at fault.
    init(_ text: String) throws(MonitoringError) {
        let fields = text.split(separator: " ").map(String.init)
        guard fields.count == 6 else {
            throw MonitoringError(
                .badRequest,
                "cron(\(text)) has \(fields.count) fields, not 6: minute, hour, day of the month, month, day of the week, year, as in cron(0 * ? * * *)"
            )
        }
        minutes = try Self.values(fields[0], 0...59, "the minute")
        hours = try Self.values(fields[1], 0...23, "the hour")
        days = try Self.values(fields[2], 1...31, "the day of the month")
        months = try Self.values(fields[3], 1...12, "the month", Self.monthNames, first: 1)
        weekdays = try Self.values(fields[4], 1...7, "the day of the week", Self.dayNames, first: 1)
        years = fields[5] == "*" ? nil : try Self.values(fields[5], 1970...2199, "the year")
    }

    private static func values(
        _ field: String, _ range: ClosedRange<Int>, _ what: String, _ names: [String] = [], first: Int = 0
    ) throws(MonitoringError) -> Set<Int> {
        func fault() -> MonitoringError {
            MonitoringError(
                .badRequest,
                "'\(field)' is not \(what) of a cron schedule: give * or ?, numbers from \(range.lowerBound) to "
                    + "\(range.upperBound), a-b, a,b or a/n")
        }
        func number(_ text: Substring) throws(MonitoringError) -> Int {
            if let place = names.firstIndex(of: String(text)) { return place + first }
            guard let number = Int(text), range.contains(number) else { throw fault() }
            return number
        }
        var found: Set<Int> = []
        for part in field.split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
            guard pieces.count <= 2, let base = pieces.first else { throw fault() }
            var step = 1
            if pieces.count == 2 {
                guard let given = Int(pieces[1]), given > 0 else { throw fault() }
                step = given
            }
            let bounds = base.split(separator: "-", omittingEmptySubsequences: false)
            let from: Int, to: Int
            if base == "*" || base == "?" {
                (from, to) = (range.lowerBound, range.upperBound)
            } else if bounds.count == 2 {
                (from, to) = (try number(bounds[0]), try number(bounds[1]))
            } else {
                from = try number(base)
                to = pieces.count == 2 ? range.upperBound : from
            }
            guard from <= to else { throw fault() }
            found.formUnion(stride(from: from, through: to, by: step))
        }
        return found
    }

    /// The first time after one, within eight years; nil where there is none.
    func next(after time: Double) -> Double? {
        let minute = Int(roundedDownWithin: time / 60) + 1, firstDay = Int(roundedDownWithin: Double(minute) / 1440)
        for day in firstDay..<(firstDay + 366 * 8) where hasDay(day) {
            let earliest = day == firstDay ? minute - day * 1440 : 0
            for hour in hours.sorted() where hour * 60 + 59 >= earliest {
                if let found = minutes.sorted().first(where: { hour * 60 + $0 >= earliest }) {
                    return Double((day * 1440 + hour * 60 + found) * 60)
                }
            }
        }
        return nil
    }

    private func hasDay(_ day: Int) -> Bool {
        var moment = time_t(day * 86_400), parts = tm()
        gmtime_r(&moment, &parts)
        return months.contains(Int(parts.tm_mon) + 1) && days.contains(Int(parts.tm_mday))
            && weekdays.contains(Int(parts.tm_wday) + 1) && years?.contains(Int(parts.tm_year) + 1900) ?? true
    }
}

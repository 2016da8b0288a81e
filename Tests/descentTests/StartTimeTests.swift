import Glibc
import Testing

@testable import descent

/// `--at`: when a job is to start, as people type it.
@Suite struct StartTimeTests {
    /// Noon of a day in the machine's time zone.
    private let noon: Double = {
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday, parts.tm_hour, parts.tm_isdst) = (126, 10, 29, 12, -1)
        return Double(mktime(&parts))
    }()

    private func hours(_ text: String) -> Double? { StartTime.parse(text, now: noon).map { ($0 - noon) / 3600 } }

    @Test func timesOfDayAreTheNextSuch() {
        #expect(hours("14:30") == 2.5)
        #expect(hours("12:00:30").map { $0 * 3600 } == 30)
        #expect(hours("11:00") == 23)
        #expect(hours("12:00") == 24)
    }

    @Test func daysStandBeforeThem() {
        #expect(hours("tomorrow 06:30") == 18.5)
        #expect(hours("2026-11-30 12:00") == 24 && hours("2026-11-30T12:00") == 24)
        #expect(hours("today 11:00") == -1)
    }

    @Test func spansCountFromNow() {
        #expect(
            hours("+90m") == 1.5 && hours("+1h30m") == 1.5 && hours("in 2h") == 2 && hours("+1d") == 24 && hours("+30") == 0.5)
    }

    @Test(arguments: [
        "", "noon", "25:00", "12:60", "2026-02-30 10:00", "+", "+h", "+5x", "12", "tomorrow", "2026-11-30", "1:2:3:4",
    ])
    func whatIsNoTimeIsNone(text: String) { #expect(StartTime.parse(text, now: noon) == nil) }
}

import Testing

@testable import Monitoring

@Suite("Schedules of monitors")
struct ScheduleTests {
    /// 2026-12-01T00:00:00Z, a Tuesday.
    private let day = 1_796_083_200.0

    private func next(_ text: String, after seconds: Double) throws -> Double? {
        try MonitorSchedule(text).next(after: day + seconds).map { $0 - day }
    }

    @Test func `seconds, minutes, hours and days between looks`() throws {
        #expect(try next("every=60s", after: 61) == 120)
        #expect(try next("every=5m", after: 0) == 300)
        #expect(try next("every=2h", after: 7199.9) == 7200)
        #expect(try next("every=1d", after: 10) == 86_400)
        #expect(try next("now", after: 10) == nil)
    }

    @Test func `SageMaker's cron schedules`() throws {
        #expect(try next("cron(0 * ? * * *)", after: 1) == 3600)
        #expect(try next("cron(0 5 ? * * *)", after: 6 * 3600) == 29 * 3600)
        // Every six hours from 1 o'clock.
        #expect(try next("cron(0 1/6 ? * * *)", after: 2 * 3600) == 7 * 3600)
        #expect(try next("cron(30 8 ? * MON *)", after: 0) == 6 * 86_400 + 8.5 * 3600)
        #expect(try next("cron(0 0 1 1 ? 2027)", after: 0) == 31 * 86_400)
        #expect(try next("cron(0 0 31 2 ? *)", after: 0) == nil)
        #expect(try next("cron(0,30 9-17 ? * 2-6 *)", after: 17.6 * 3600) == (24 + 9) * 3600)
    }

    @Test(arguments: [
        "hourly", "every=0s", "every=x", "cron(0 * * *)", "cron(61 * ? * * *)", "cron(0 9-5 ? * * *)", "cron(0 */0 ? * * *)",
    ])
    func `what is no schedule is refused with what would be one`(text: String) {
        #expect { try MonitorSchedule(text) } throws: { ($0 as? MonitoringError)?.code == .badRequest }
    }

    @Test func `what was missed is due, and not more than can be looked at`() throws {
        let schedule = try MonitorSchedule("every=60s")
        let few = schedule.due(since: 60, by: 250)
        #expect(few.times == [60, 120, 180, 240] && few.next == 300)
        let many = schedule.due(since: 60, by: 60_000)
        #expect(many.times.count == 100 && many.times.last == 60_000 && many.next == 60_060)
    }
}

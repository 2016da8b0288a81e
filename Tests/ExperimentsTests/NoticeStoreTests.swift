import Events
import Testing

@testable import Experiments

/// Notices are told once, whoever asks for them.
@Suite struct NoticeStoreTests {
    private let temporary: TemporaryWorkspace
    private let store: RunStore
    private let other: RunStore

    init() throws {
        temporary = try TemporaryWorkspace()
        store = try RunStore(temporary.workspace)
        other = try RunStore(temporary.workspace)
        _ = try store.register(makeRecord("r"))
    }

    private func notice(_ id: String, of run: String = "r") -> PendingNotice {
        let change = StateChange(
            name: "Overfit", state: .issue, run: RunID(run), runName: run, step: 3, time: 100, summary: "s", remedies: ["a"])
        return PendingNotice(id: id, channel: "ops", change: change, at: 100)
    }

    @Test func aNoticeIsNotedOnceAndOfKnownRunsOnly() throws {
        #expect(try store.add(notice("a")))
        #expect(try !store.add(notice("a")) && !other.add(notice("a")))
        #expect(try !store.add(notice("b", of: "nobody")))
        #expect(try store.openNotices().map(\.change) == [notice("a").change])
    }

    @Test func whatWasSentStaysSent() throws {
        for id in ["a", "b", "c"] { _ = try store.add(notice(id)) }
        #expect(try store.take(["a", "b"], as: "x"))
        try store.end(notices: ["a", "b"], as: .sent, at: 200)
        #expect(try store.openNotices().map(\.id) == ["c"] && !store.add(notice("a")))
        #expect(try !other.take(["a"], as: "y"))
        #expect(try store.noticeTimes(of: "ops", since: 100) == [200], "a summary counts once")
        try store.postpone(notices: ["c"], until: 500, isHeld: true)
        try store.postpone(notices: ["c"], until: 600, hasFailed: true)
        let waiting = try #require(try store.openNotices().first)
        #expect(waiting.notBefore == 600 && waiting.isHeld && waiting.failures == 1)
    }

    @Test func whatAProcessLeftIsTakenOverAndWhatOneHasIsNot() throws {
        _ = try store.add(notice("a"))
        try store.database.execute("UPDATE notices SET owner = '1:1', state = 'sending'")
        #expect(try store.openNotices().map(\.isLeft) == [true])
        #expect(try store.take(["a"], as: "x") && store.openNotices().map(\.isLeft) == [false])
        // The process that started all others lives on.
        let first = try #require(ProcessMark(processID: 1))
        try store.database.execute("UPDATE notices SET owner = '\(first.text)'")
        #expect(try store.openNotices().isEmpty && !store.take(["a"], as: "y"))
    }

    @Test func theyGoWithTheirRun() throws {
        _ = try store.add(notice("a"))
        try store.erase(RunID("r"))
        #expect(try store.notices(of: RunID("r")).isEmpty)
    }
}

import Events
import Glibc
import Testing

@testable import Scripts

/// What a script's time goes into, told by its package or seen by its steps.
@Suite struct ScriptProfilerTests {
    private let bus = EventBus()
    private let collector = ProfileCollector()

    init() { bus.subscribe(collector) }

    private func profiler(step: Int = 0) -> ScriptProfiler {
        ScriptProfiler(run: RunID("r"), bus: bus, startTime: 0, folder: "/tmp", guardian: getpid(), step: step)
    }

    private var slices: [ProfileSlice] {
        bus.flush()
        return collector.slices
    }

    private func message(_ text: String) throws -> ScriptMessage.Profile {
        guard case .profile(let profile)? = ScriptMessage(text) else {
            Issue.record("no profile: \(text)")
            throw CancellationError()
        }
        return profile
    }

    @Test func stepsThatAreSeenOnlyAddUpToTheTime() {
        var profiler = profiler()
        let second: UInt64 = 1_000_000_000
        // Two seconds until the first step is seen, then ten a second.
        for tenth in 1...20 { profiler.look(step: 0, at: second / 10 * UInt64(tenth)) }
        for tenth in 21...60 { profiler.look(step: tenth - 20, at: second / 10 * UInt64(tenth)) }
        profiler.end(at: 6 * second)
        let profile = RunProfile(slices)
        #expect(abs(profile.seconds - 6) < 1e-6 && abs((profile.spent[.start] ?? 0) - 2.1) < 1e-6)
        #expect(abs(profile.spent.values.reduce(0, +) - 6) < 1e-6)
        #expect(profile.stepCount == 39 && abs((profile.durations.quantile(0.5) ?? 0) / 0.1 - 1) < 0.07)
        #expect(profile.slices.last?.step == 40)
    }

    @Test func whatThePackageMeasuredIsBroughtToTheTimeThatPassed() throws {
        var profiler = profiler()
        let second: UInt64 = 1_000_000_000
        profiler.look(step: 0, at: second)
        let told = try message(
            #"{"kind":"profile","step":50,"seconds":2,"spent":{"data":1.2,"update":0.2,"other":0.6},"durations":{"202":49,"230":1},"slowest":[[7,0.9]],"loaders":3}"#
        )
        profiler.take(told, at: 3 * second)
        // Metrics of those steps come beside it, and are not counted again.
        profiler.look(step: 50, at: 3 * second + second / 2)
        profiler.end(at: 4 * second)
        let profile = RunProfile(slices)
        #expect(profile.stepCount == 50 && profile.slowest.map(\.step) == [7])
        #expect(abs((profile.spent[.data] ?? 0) - 1.2) < 1e-6 && abs((profile.spent[.start] ?? 0) - 1) < 1e-6)
        #expect(abs(profile.spent.values.reduce(0, +) - 4) < 1e-6 && profile.spent[.finish] != nil)
        #expect(profile.slices.compactMap(\.machine.loaders).last == 3)
    }

    @Test func whatWasTrainedBeforeTheFirstMessageIsNoStart() throws {
        var profiler = profiler()
        profiler.expect()
        let second: UInt64 = 1_000_000_000
        // Epochs are printed meanwhile, which are no steps.
        for tenth in 1...30 { profiler.look(step: tenth, at: second / 10 * UInt64(tenth)) }
        let told = try message(
            #"{"kind":"profile","step":90,"seconds":1,"spent":{"forward":0.4,"backward":0.6},"durations":{"202":90}}"#)
        profiler.take(told, at: 3 * second)
        profiler.end(at: 3 * second + second / 2)
        let profile = RunProfile(slices)
        #expect(profile.stepCount == 90 && abs((profile.spent[.start] ?? 0) - 2) < 1e-6, "\(profile.spent)")
        #expect(abs((profile.spent[.backward] ?? 0) - 0.6) < 1e-6 && abs(profile.seconds - 3.5) < 1e-6)
    }

    @Test func stepsWithoutBoundEndNothing() throws {
        var profiler = profiler()
        profiler.look(step: 0, at: 1)
        profiler.look(step: 3, at: 2)
        for place in 1...20 { profiler.look(step: .max / 64 * place, at: UInt64(place) * 100_000_000) }
        #expect(ScriptMessage(#"{"kind":"profile","step":1,"seconds":1,"durations":{"1":99999999999}}"#) == nil)
        #expect(ScriptMessage(#"{"kind":"profile","step":1,"seconds":-1}"#) == nil)
        let told = try message(#"{"kind":"profile","step":1,"seconds":1,"durations":{"1":4000000000}}"#)
        for place in 1...4 { profiler.take(told, at: UInt64(place + 30) * 100_000_000) }
        profiler.end(at: 9_000_000_000)
        #expect(!slices.isEmpty)
    }
}

/// Keeps the slices that were posted.
private final class ProfileCollector: EventSubscriber, @unchecked Sendable {
    // SAFETY: written by the bus, read after it was flushed.
    private(set) var slices: [ProfileSlice] = []

    func deliver(_ batch: EventBatch) { slices += RunProfile(of: batch.events).slices }
}

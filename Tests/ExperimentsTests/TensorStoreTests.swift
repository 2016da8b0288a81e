import Databases
import Events
import Glibc
import TemporaryFolders
import Testing

@testable import Experiments

@Suite struct TensorStoreTests {
    private let temporary: TemporaryWorkspace
    private let store: RunStore
    private let run: RunID

    init() throws {
        temporary = try TemporaryWorkspace()
        store = try RunStore(temporary.workspace)
        run = try store.register(makeRecord("aaaa0001")).id
    }

    private static func step(_ number: Int, mode: TensorsOfStep.Mode = .train) -> TensorsOfStep {
        var weight = TensorSummary("fc.weight", .weights, shape: [300, 400], count: 120_000, sampled: 70_310)
        (weight.mean, weight.standardDeviation, weight.meanMagnitude, weight.l2) = (Double(number) / 3, 0.1, 0.7, 1e-300)
        (weight.minimum, weight.maximum, weight.zeros, weight.nans, weight.infinities) = (-1.5, 2, 1, 2, 3)
        weight.histogram = MagnitudeHistogram(countedFrom: -126, negative: [0, 300, 2], positive: [1, 0, 70_000])
        var update = TensorSummary("update/fc.weight", .updates, count: 1 << 40)
        update.updateRatio = 1e-3
        var output = TensorSummary("fc.output", TensorCollection(rawValue: "mine"), count: 0)
        output.units = .init(count: 5, inactive: 2, saturated: 1)
        output.l2 = .infinity
        return TensorsOfStep(
            step: number, epoch: 0.25, wallTime: 1.7e9 + 0.125, mode: mode, summaries: [weight, update, output],
            passedOver: number - 1, spent: [.data: 0.001, .forward: 0.25])
    }

    private func keep(_ steps: [TensorsOfStep], byteLimit: Int = TensorStore.byteLimit) throws {
        try store.database.transaction { () throws(StoreError) in
            for step in steps { try store.tensors.write(step, of: run, byteLimit: byteLimit) }
        }
    }

    @Test func whatTensorsWereLikeIsReadBackExactly() throws {
        let steps = [Self.step(3), Self.step(7), Self.step(7, mode: .eval)]
        try keep(steps)
        #expect(try store.tensors.tensors(of: run) == [steps[0], steps[2], steps[1]])
        #expect(try store.tensors.tensors(of: run, at: 7) == steps[1])
        #expect(try store.tensors.tensors(of: run, at: 7, mode: .eval) == steps[2])
        #expect(try store.tensors.tensors(of: run, at: 4) == nil)
        #expect(try store.tensors.tensors(of: run, from: 4, atMost: 1) == [steps[2]])
        #expect(try store.tensors.steps(of: run) == [3, 7])
        #expect(try store.tensors.names(of: run).map(\.name) == ["fc.weight", "update/fc.weight", "fc.output"])
    }

    @Test func oneTensorIsFollowedOverItsSteps() throws {
        try keep((1...5).map { Self.step($0) })
        let history = try store.tensors.tensor("fc.weight", of: run)
        #expect(history.collection == .weights && history.points.map(\.step) == [1, 2, 3, 4, 5])
        #expect(history.step(4)?.mean == 4.0 / 3 && history.step(9) == nil)
        #expect(try store.tensors.tensor("nothing", of: run).points.isEmpty)
    }

    @Test func whatTheRecorderHearsIsInTheWorkspaceWithItsRun() throws {
        let bus = EventBus(collectsEvery: 100)
        let recorder = try StoreRecorder(temporary.workspace) { news, _ in Issue.record("\(news)") }
        bus.subscribe(recorder)
        for number in 1...3 { bus.post(.tensors(.summarised(Self.step(number))), run: run) }
        bus.flush()
        #expect(recorder.flush())
        bus.close()
        recorder.close()
        #expect(try store.tensors.tensors(of: run) == (1...3).map { Self.step($0) })
        #expect(try store.events(of: run).isEmpty, "events of text would be ten times as large")
    }

    @Test func whatIsCapturedAgainTakesThePlaceOfWhatWasThere() throws {
        try keep([Self.step(3)])
        let size = try store.tensors.usage(of: run).byteCount
        var other = Self.step(3)
        other.summaries[0].mean = 9
        try keep([other])
        #expect(try store.tensors.tensors(of: run) == [other])
        #expect(try store.tensors.usage(of: run).byteCount == size && size > 0)
    }

    @Test func aRunThatGoesOnForgetsWhatCameAfterItsCheckpoint() throws {
        try keep((1...9).map { Self.step($0) })
        try store.truncate(run, afterStep: 4)
        #expect(try store.tensors.steps(of: run) == [1, 2, 3, 4])
        let stored = try store.database.rows("SELECT sum(length(summaries)) FROM tensor_steps") { $0.integer(0) }
        #expect(try store.tensors.usage(of: run).byteCount == stored[0])
    }

    @Test func whereThereIsNoRoomOldStepsAreThinnedOutAndCounted() throws {
        try keep([Self.step(1)])
        let size = try store.tensors.usage(of: run).byteCount, limit = size * 100
        for number in 2...1000 { try keep([Self.step(number)], byteLimit: limit) }
        let usage = try store.tensors.usage(of: run), steps = try store.tensors.steps(of: run)
        #expect(usage.byteCount <= limit + size && usage.stepCount + usage.thinnedCount == 1000)
        #expect(Array(steps.prefix(16)) == Array(1...16) && steps.last == 1000)
        #expect(steps.count >= 50 && steps.contains(999))
        // What lies between two steps is told by the later one.
        let kept = try store.tensors.tensors(of: run)
        for (before, after) in zip(kept, kept.dropFirst()) where before.step > 16 {
            #expect(after.passedOver >= after.step - before.step - 1)
        }
    }

    @Test func damagedSummariesGiveWhatCanBeRead() throws {
        try keep([Self.step(1)])
        let whole = try #require(
            try store.database.rows("SELECT summaries FROM tensor_steps") { row in row.withBlob(0) { [UInt8]($0) } }.first)
        for length in stride(from: 0, to: whole.count, by: 3) {
            try store.database.run("UPDATE tensor_steps SET summaries = ?", [.blob(Array(whole.prefix(length)))])
            #expect(try store.tensors.tensors(of: run)[0].summaries.count < 3)
        }
        for place in whole.indices {
            var damaged = whole
            damaged[place] ^= 0xff
            try store.database.run("UPDATE tensor_steps SET summaries = ?", [.blob(damaged)])
            let read = try store.tensors.tensors(of: run)
            #expect(read.count == 1 && read[0].summaries.count <= 3)
        }
    }

    @Test func theyComeWithARunThatIsCopied() throws {
        let steps = (1...20).flatMap { [Self.step($0, mode: .eval), Self.step($0)] }
        try keep(steps)
        let other = try TemporaryWorkspace()
        let outgoing = RunOutgoing(store, try #require(try store.run(run)), files: [], portion: 1000)
        let intake = try RunIntake(other.workspace, number: 1)
        while let piece = try outgoing.next() {
            if case .news(let news) = piece { try intake.take(try #require(WorkspaceNews(json: news.json))) }
        }
        let copied = try intake.finish()
        #expect(try RunStore(other.workspace).tensors.tensors(of: copied.record.id) == steps)
    }

    @Test func aMirrorShowsSomeOfThemAndFollows() throws {
        try keep((1...200).map { Self.step($0) })
        let other = try TemporaryWorkspace()
        let mirror = try RunMirror(other.workspace, place: "far"), shown = try RunStore(other.workspace).tensors
        let reader = WorkspaceNewsReader(store, changedAfter: -1) { false }
        func tell() throws {
            let take = { (news: WorkspaceNews) in try mirror.take([try #require(WorkspaceNews(json: news.json))]) }
            try reader.tellChanges(take)
            while try reader.tellRecords(take) {}
        }
        try tell()
        let first = try shown.steps(of: run)
        #expect(first.count > 32 && first.count <= 64 && first[0] == 1)
        #expect(try shown.tensors(of: run, at: 1) == Self.step(1))
        try store.truncate(run, afterStep: 50)
        try tell()
        #expect(try shown.steps(of: run) == Array(1...50))
        try keep([Self.step(51)])
        try store.database.run("UPDATE counter SET change = change + 1")
        try store.database.run("UPDATE runs SET change = (SELECT change FROM counter)")
        try tell()
        #expect(try shown.steps(of: run) == Array(1...51))
    }

    /// On a slow line a run is seen before its tensors are here, and after a cut those that are missing are told again.
    @Test func aMirrorGetsThemOneByOneBehindAllElse() throws {
        try keep((1...40).flatMap { [Self.step($0, mode: .eval), Self.step($0)] })
        let reader = WorkspaceNewsReader(store, changedAfter: -1) { false }
        var news: [WorkspaceNews] = []
        try reader.tellAll { news.append($0) }
        #expect(news.contains { if case .run = $0 { true } else { false } })
        #expect(!news.contains { if case .tensors = $0 { true } else { false } })
        news = []
        #expect(try reader.tellRecords { news.append($0) })
        #expect(news.allSatisfy { if case .events(run, isWhole: true, _) = $0 { true } else { false } })
        for step in 1...40 {
            news = []
            #expect(try reader.tellRecords { news.append($0) })
            // Up to which change all is told is said when it is.
            guard case .tensors(run, let isWhole, let steps)? = news.first, news.count == 1 else {
                Issue.record("step \(step): \(news)")
                return
            }
            #expect(isWhole == (step == 1) && steps == [Self.step(step, mode: .eval), Self.step(step)])
        }
        news = []
        #expect(try !reader.tellRecords { news.append($0) })
        #expect(news == [.upTo(try store.changeNumber())])
    }

    @Test func theyComeBackFromADamagedDatabase() throws {
        try keep((1...5).map { Self.step($0) })
        let folder = try TemporaryFolder()
        let new = try Database(path: folder.path + "/descent.sqlite")
        _ = try Salvage(from: temporary.workspace.databasePath, into: new, .workspace).run()
        #expect(try TensorStore(new).tensors(of: run) == (1...5).map { Self.step($0) })
    }
}

import Databases
import Events
import Experiments
import Glibc
import Synchronization
import Testing
import Threads

/// Many connections that change one workspace at once, each on a thread of its own, as several terminals do.
@Suite struct ConcurrentEditTests {
    private let temporary: TemporaryWorkspace
    private let store: RunStore

    init() throws {
        temporary = try TemporaryWorkspace()
        store = try RunStore(temporary.workspace)
    }

    /// Runs `body` on so many threads at once and returns when all are done.
    private func together(_ count: Int, _ body: @escaping @Sendable (Int, RunStore) throws -> Void) throws {
        let failures = Failures()
        let threads = try (0..<count).map { number in
            let own = Own(try RunStore(temporary.workspace))
            return try NamedThread(name: "terminal") {
                do { try body(number, own.store) } catch { failures.add("\(error)") }
            }
        }
        for thread in threads { thread.join() }
        #expect(failures.all.isEmpty)
    }

    @Test func everyTagThatIsAddedAtOnceIsKept() throws {
        let run = try store.register(makeRecord("a")).id
        try together(8) { number, store in
            for round in 0..<10 { try store.apply(.run(.edited(RunEdit(addedTags: ["t\(number)-\(round)"]))), to: run) }
        }
        let tags = try #require(try store.run(run)).tags
        #expect(Set(tags) == Set((0..<8).flatMap { number in (0..<10).map { "t\(number)-\($0)" } }))
        #expect(tags.count == 80)
        #expect(try store.events(of: run, kinds: [.runEdited]).count == 80)
    }

    @Test func aTagThatOneAddsAndOneThatAnotherTakesAwayBothCount() throws {
        let run = try store.register(makeRecord("a")).id
        try store.apply(.run(.edited(RunEdit(tags: (0..<20).map { "old\($0)" }))), to: run)
        try together(4) { number, store in
            for round in 0..<5 {
                let place = number * 5 + round
                try store.apply(.run(.edited(RunEdit(addedTags: ["new\(place)"], removedTags: ["old\(place)"]))), to: run)
            }
        }
        #expect(Set(try #require(try store.run(run)).tags) == Set((0..<20).map { "new\($0)" }))
    }

    @Test func whatIsSaidInOneWayLeavesWhatIsSaidInAnother() throws {
        let run = try store.register(makeRecord("a")).id
        try together(5) { number, store in
            switch number {
            case 0: try store.apply(.run(.edited(RunEdit(name: "renamed"))), to: run)
            case 1: try store.apply(.run(.edited(RunEdit(addedTags: ["t"]))), to: run)
            case 2: try store.apply(.run(.edited(RunEdit(note: "noted"))), to: run)
            case 3: try store.apply(.run(.edited(RunEdit(isArchived: true))), to: run)
            default: try store.apply(.run(.deleted), to: run)
            }
        }
        let found = try #require(try store.run(run))
        #expect(RunEdit(of: found) == RunEdit(name: "renamed", tags: ["t"], note: "noted", isArchived: true))
        #expect(found.isDeleted)
    }

    @Test func ofManyWhoWantOneNameOneGetsIt() throws {
        let runs = try (0..<8).map { try store.register(makeRecord("run\($0)", name: "n\($0)")).id }
        let taken = Atomic<Int>(0)
        try together(8) { number, store in
            do throws(StoreError) { try store.apply(.run(.edited(RunEdit(name: "wanted"))), to: runs[number]) } catch {
                guard error.code == .nameTaken else { throw error }
                taken.wrappingAdd(1, ordering: .relaxed)
            }
        }
        #expect(taken.load(ordering: .relaxed) == 7)
        #expect(try store.runs().filter { $0.record.name == "wanted" }.count == 1)
    }

    @Test func manyRegisterRunsOfOneNameAndAllAreKept() throws {
        try together(8) { number, store in
            for round in 0..<5 { _ = try store.register(makeRecord("run\(number)-\(round)", name: "adam")) }
        }
        #expect(Set(try store.runs().map(\.record.name)).count == 40)
    }

    @Test func ofManyWhoClaimARunOneGetsIt() throws {
        // Within one process all may: the claim is the process's. What must not happen is that a claim loses a tag.
        let run = try store.register(makeRecord("a")).id
        try temporary.executeSQL("UPDATE runs SET owner = '1:99999999999', status = 'InProgress'")
        try together(6) { number, store in
            if number % 2 == 0 { _ = try store.claim(run) }
            try store.apply(.run(.edited(RunEdit(addedTags: ["t\(number)"]))), to: run)
            if number % 3 == 0 { try store.truncate(run, afterStep: 0) }
        }
        #expect(try #require(try store.run(run)).tags.count == 6)
    }

    @Test func aRecorderWritesWhileManySaySomething() throws {
        let record = try store.register(makeRecord("a"))
        let bus = EventBus(collectsEvery: 100)
        let recorder = try StoreRecorder(temporary.workspace) { news, _ in Issue.record("\(news)") }
        bus.subscribe(recorder)
        let channel = bus.makeChannel(run: record.id, metrics: [.trainLoss])
        try together(4) { number, store in
            for round in 0..<10 {
                if number == 0 {
                    for step in 0..<100 { channel.record(0, 1, step: round * 100 + step + 1, epoch: 0) }
                    bus.flush()
                    recorder.flush()
                } else {
                    try store.apply(.run(.edited(RunEdit(addedTags: ["t\(number)-\(round)"]))), to: record.id)
                }
            }
        }
        channel.close()
        bus.flush()
        bus.close()
        #expect(recorder.close().isEmpty)
        let run = try #require(try store.run(record.id))
        #expect(run.tags.count == 30)
        #expect(run.step == 1_000)
        #expect(try store.points(run: record.id, metric: .trainLoss).map(\.step) == Array(1...1_000))
    }

    @Test func commandsAreTakenOnceByWhoeverLooks() throws {
        let run = try store.register(makeRecord("a")).id
        for step in 0..<40 { _ = try store.send(.changeHyperparameters(run, ["wd": "0.\(step)"])) }
        let taken = Atomic<Int>(0)
        try together(4) { _, store in
            for _ in 0..<10 { taken.wrappingAdd(try store.takeCommands().count, ordering: .relaxed) }
        }
        #expect(taken.load(ordering: .relaxed) == 40)
    }

    @Test func aProcessThatLostARunToAnotherOneWritesNothingOfIt() throws {
        let record = try store.register(makeRecord("a"))
        let bus = EventBus(collectsEvery: 100)
        let recorder = try StoreRecorder(temporary.workspace) { news, _ in Issue.record("\(news)") }
        bus.subscribe(recorder)
        // The process that started the tests stands for one that resumed the run.
        let parent = try #require(ProcessMark(processID: getppid()))
        try temporary.executeSQL("UPDATE runs SET owner = '\(parent.text)', status = 'InProgress', step = 7")
        let channel = bus.makeChannel(run: record.id, metrics: [.trainLoss])
        channel.record(0, 1, step: 99, epoch: 0)
        bus.post(.notice(.messageLogged("late")), run: record.id)
        channel.close()
        bus.flush()
        bus.close()
        recorder.close()
        let run = try #require(try store.run(record.id))
        #expect(run.step == 7)
        #expect(run.status == .inProgress)
        #expect(try store.points(run: record.id, metric: .trainLoss).isEmpty)
    }

    @Test func aRunThatWasRemovedDoesNotStopTheOthersFromBeingRecorded() throws {
        let (gone, kept) = (try store.register(makeRecord("a", name: "a")), try store.register(makeRecord("b", name: "b")))
        let bus = EventBus(collectsEvery: 100)
        let recorder = try StoreRecorder(temporary.workspace) { news, _ in Issue.record("\(news)") }
        bus.subscribe(recorder)
        let channels = [gone, kept].map { bus.makeChannel(run: $0.id, metrics: [.trainLoss]) }
        for channel in channels { channel.record(0, 1, step: 1, epoch: 0) }
        bus.flush()
        recorder.flush()
        try store.erase(gone.id)
        for channel in channels {
            channel.record(0, 1, step: 2, epoch: 0)
            channel.close()
        }
        bus.flush()
        bus.close()
        #expect(recorder.close().isEmpty)
        #expect(try store.points(run: kept.id, metric: .trainLoss).map(\.step) == [1, 2])
        #expect(try store.run(gone.id) == nil)
    }
}

// SAFETY: each store is used by one thread alone.
private final class Own: @unchecked Sendable {
    let store: RunStore
    init(_ store: RunStore) { self.store = store }
}

private final class Failures: Sendable {
    private let texts = Mutex<[String]>([])
    func add(_ text: String) { texts.withLock { $0.append(text) } }
    var all: [String] { texts.withLock { $0 } }
}

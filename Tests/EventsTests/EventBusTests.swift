import Events
import Synchronization
import Testing
import Threads

@Suite struct EventBusTests {
    private let run = RunID("abcd1234")

    @Test func everySampleReachesALosslessSubscriberInOrder() throws {
        let bus = EventBus(collectsEvery: 100)
        let mailbox = Mailbox(policy: .lossless(capacity: 1_000_000))
        bus.subscribe(mailbox)
        let trainer = try NamedThread(name: "trainer") { [run] in
            let channel = bus.makeChannel(run: run, metrics: [.trainLoss], capacity: 64)
            for step in 1...50_000 { channel.record(0, Double(step), step: step, epoch: 0) }
            channel.close()
        }
        trainer.join()
        bus.close()
        let steps = mailbox.take().samples.flatMap(\.samples).map(\.step)
        #expect(steps == Array(1...50_000))
    }

    @Test func aThreadsLifecycleEventsAndSamplesKeepTheirOrder() throws {
        let bus = EventBus(collectsEvery: 50)
        let mailbox = Mailbox(policy: .lossless(capacity: 1_000_000))
        let collected = Mutex<[StudioEvent]>([])
        let collector = try NamedThread(name: "collector") {
            while let batch = mailbox.waitAndTake() { collected.withLock { $0 += batch.merged } }
        }
        bus.subscribe(mailbox)
        let channel = bus.makeChannel(run: run, metrics: [.trainLoss], capacity: 32)
        for step in 1...3_000 {
            channel.record(0, 1, step: step, epoch: 0)
            let saved = CheckpointSaved(step: step, epoch: 0, isBest: false, path: "")
            if step % 7 == 0 { bus.post(.job(.checkpointSaved(saved)), run: run) }
        }
        channel.close()
        bus.close()
        mailbox.close()
        collector.join()
        var lastStep = 0
        var checkpoints = 0
        for event in collected.withLock({ $0 }) {
            switch event.kind {
            case .sample(.metricsRecorded(let metrics)): lastStep = metrics.step
            case .job(.checkpointSaved(let saved)):
                checkpoints += 1
                #expect(saved.step == lastStep)
            default: break
            }
        }
        #expect(lastStep == 3_000)
        #expect(checkpoints == 3_000 / 7)
    }

    @Test func theEventsOfManyThreadsComeInTheOrderOfTheirNumbersAndInOnePiece() throws {
        let bus = EventBus(collectsEvery: 20)
        let mailbox = Mailbox(policy: .lossless(capacity: 1_000_000))
        bus.subscribe(mailbox)
        let batches = Mutex<[[StudioEvent]]>([])
        let collector = try NamedThread(name: "collector") {
            while let batch = mailbox.waitAndTake() { batches.withLock { $0.append(batch.merged) } }
        }
        let trainers = try (0..<4).map { number in
            let channel = bus.makeChannel(run: RunID("run\(number)"), metrics: [.trainLoss, .validationLoss], capacity: 1 << 14)
            return try NamedThread(name: "trainer \(number)") {
                for step in 1...5_000 {
                    channel.record(0, 1, step: step, epoch: 0, more: true)
                    channel.record(1, 2, step: step, epoch: 0)
                    if step % 64 == number { bus.post(.notice(.messageLogged("")), run: channel.run) }
                }
                channel.close()
            }
        }
        for trainer in trainers { trainer.join() }
        bus.close()
        mailbox.close()
        collector.join()
        let events = batches.withLock { Array($0.joined()) }
        #expect(zip(events, events.dropFirst()).allSatisfy { $0.sequence < $1.sequence })
        let values = events.compactMap { event in
            if case .sample(.metricsRecorded(let metrics)) = event.kind { metrics.values.count } else { nil }
        }
        #expect(values == [Int](repeating: 2, count: 20_000))
    }

    @Test func valuesJoinedToOneEventArriveAsOneEvent() {
        let bus = EventBus(collectsEvery: 50)
        let mailbox = Mailbox(policy: .lossless(capacity: 100))
        bus.subscribe(mailbox)
        let channel = bus.makeChannel(run: run, metrics: [.trainLoss, .validationLoss])
        channel.record(0, 0.5, step: 9, epoch: 1, more: true)
        channel.record(1, 0.75, step: 9, epoch: 1)
        channel.close()
        bus.close()
        let events = mailbox.take().merged
        #expect(
            events.map(\.kind) == [
                .sample(.metricsRecorded(MetricsRecorded(step: 9, epoch: 1, values: [.trainLoss: 0.5, .validationLoss: 0.75])))
            ])
    }

    @Test func whoWantsOneMetricGetsTheStepsThatHaveIt() {
        let bus = EventBus(collectsEvery: 50)
        let mailbox = Mailbox(policy: .lossless(capacity: 100))
        bus.subscribe(mailbox)
        let channel = bus.makeChannel(run: run, metrics: [.trainLoss, .validationLoss])
        channel.record(0, 0.5, step: 8, epoch: 1)
        bus.post(.notice(.messageLogged("between")), run: run)
        channel.record(0, 0.25, step: 9, epoch: 1, more: true)
        channel.record(1, 0.75, step: 9, epoch: 1)
        channel.close()
        bus.close()
        let batch = mailbox.take()
        #expect(
            batch.merged { $0 == .validationLoss }.map(\.kind) == [
                .notice(.messageLogged("between")),
                .sample(.metricsRecorded(MetricsRecorded(step: 9, epoch: 1, values: [.validationLoss: 0.75]))),
            ])
        #expect(batch.merged { _ in false }.map(\.kind) == [.notice(.messageLogged("between"))])
        #expect(batch.merged.count == 3)
    }

    @Test func aScreenThatNeverLooksHoldsNobodyUpAndLosesNoLifecycleEventNorExtreme() {
        let bus = EventBus(collectsEvery: 100)
        let screen = Mailbox(policy: .merging(limit: 1_000))
        bus.subscribe(screen)
        let channel = bus.makeChannel(run: run, metrics: [.trainLoss], capacity: 256)
        for step in 1...100_000 {
            let value = step == 33_333 ? 1e6 : step == 44_444 ? .nan : step == 55_555 ? -1e6 : Double(step % 10)
            channel.record(0, value, step: step, epoch: 0)
            if step % 10_000 == 0 { bus.post(.notice(.messageLogged("\(step)")), run: run) }
        }
        channel.close()
        bus.close()
        let batch = screen.take()
        let samples = batch.samples.flatMap(\.samples)
        #expect(batch.events.count == 10)
        #expect(samples.count < 30_000)
        #expect(samples.contains { $0.value == 1e6 })
        #expect(samples.contains { $0.value == -1e6 })
        #expect(samples.contains { $0.value.isNaN })
        #expect(samples.first?.step == 1)
        #expect(samples.last?.step == 100_000)
    }

    @Test func aSlowStoreHoldsTheTrainerUpAndTheWaitsAreCounted() throws {
        let bus = EventBus(collectsEvery: 100)
        let store = Mailbox(policy: .lossless(capacity: 64))
        bus.subscribe(store)
        let received = Mutex(0)
        let channel = bus.makeChannel(run: run, metrics: [.trainLoss], capacity: 64)
        let reader = try NamedThread(name: "store") {
            while let batch = store.waitAndTake() { received.withLock { $0 += batch.sampleCount } }
        }
        for step in 1...20_000 { channel.record(0, 1, step: step, epoch: 0) }
        channel.close()
        bus.close()
        store.close()
        reader.join()
        #expect(received.withLock { $0 } == 20_000)
        #expect(channel.waitCount > 0)
    }

    @Test func flushReturnsOnlyAfterDelivery() {
        let bus = EventBus()
        let mailbox = Mailbox(policy: .lossless(capacity: 100))
        bus.subscribe(mailbox)
        for number in 1...50 { bus.post(.notice(.messageLogged("\(number)"))) }
        bus.flush()
        #expect(mailbox.take().events.count == 50)
        bus.close()
    }

    @Test func aSubscriberThatClosedHoldsNobodyUp() {
        let bus = EventBus(collectsEvery: 100)
        let dead = Mailbox(policy: .lossless(capacity: 1))
        let alive = Mailbox(policy: .lossless(capacity: 100_000))
        bus.subscribe(dead)
        bus.subscribe(alive)
        dead.close()
        for _ in 1...1_000 { bus.post(.run(.deleted), run: run) }
        bus.close()
        #expect(alive.take().events.count == 1_000)
    }
}

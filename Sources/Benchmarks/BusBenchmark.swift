import Events
import Glibc
import Threads

/// What recording and posting cost the thread that does it.
enum BusBenchmark {
    static func run() throws {
        try recording()
        allocation()
        slowScreen()
    }

    /// Training losses in a tight loop while a pump delivers to a store that takes everything and a screen that merges.
    private static func recording() throws {
        let bus = EventBus()
        let store = Mailbox(policy: .lossless(capacity: 1 << 22))
        bus.subscribe(store)
        bus.subscribe(Mailbox(policy: .merging(limit: 100_000)))
        let reader = try NamedThread(name: "reader") { while store.waitAndTake() != nil {} }
        let channel = bus.makeChannel(run: RunID("bench"), metrics: [.trainLoss], capacity: 1 << 16)
        let count = 5_000_000
        let start = Measurement.threadSeconds()
        for step in 0..<count { channel.record(0, 0.5, step: step, epoch: 0.1) }
        let each = (Measurement.threadSeconds() - start) / Double(count)
        let lifecycle = 20_000
        let startPosts = Measurement.threadSeconds()
        for step in 0..<lifecycle {
            bus.post(.job(.checkpointSaved(CheckpointSaved(step: step, epoch: 0, isBest: false, path: ""))), run: RunID("bench"))
        }
        let eachPost = (Measurement.threadSeconds() - startPosts) / Double(lifecycle)
        channel.close()
        bus.close()
        store.close()
        reader.join()
        Measurement.report(
            "bus/post", ["sample_ns": each * 1e9, "lifecycle_ns": eachPost * 1e9, "waits": Double(channel.waitCount)])
    }

    /// Heap growth by recording alone: nobody subscribes, the ring is large enough, the pump has nothing to hand over.
    private static func allocation() {
        let bus = EventBus(collectsEvery: 2_000_000)
        let channel = bus.makeChannel(run: RunID("bench"), metrics: [.trainLoss], capacity: 1 << 17)
        usleep(100_000)
        channel.record(0, 0, step: 0, epoch: 0)
        let before = Measurement.heapEnd()
        for step in 0..<100_000 { channel.record(0, 0.5, step: step, epoch: 0.1) }
        let grown = Measurement.heapEnd() - before
        channel.close()
        bus.close()
        Measurement.report("bus/allocation", ["heap_growth_bytes_per_100000_samples": Double(grown)])
    }

    /// The same recording with a screen that never looks: the trainer must not notice.
    private static func slowScreen() {
        func nanoseconds(_ subscriber: (any EventSubscriber)?) -> Double {
            let bus = EventBus()
            if let subscriber { bus.subscribe(subscriber) }
            let channel = bus.makeChannel(run: RunID("bench"), metrics: [.trainLoss], capacity: 1 << 16)
            let start = Measurement.threadSeconds()
            for step in 0..<2_000_000 { channel.record(0, 0.5, step: step, epoch: 0.1) }
            let each = (Measurement.threadSeconds() - start) / 2e6
            channel.close()
            bus.close()
            return each * 1e9
        }
        let alone = nanoseconds(nil)
        let watched = nanoseconds(Mailbox(policy: .merging(limit: 50_000)))
        Measurement.report("bus/slow-screen", ["alone_ns": alone, "watched_ns": watched])
    }
}

import Clocks
import Glibc
import Synchronization
import Threads

/// The way facts travel from those who know them to those who want to know.
///
/// Anybody may `post` lifecycle events from any thread; training threads record samples in their own `SampleChannel`. A pump
/// thread collects both, about every 10 ms while somebody trains and at once when a lifecycle event is posted, and hands them
/// to the subscribers in the order of their sequence numbers, which for every thread is the order in which it posted them.
/// With nothing to do the pump sleeps.
public final class EventBus: Sendable {
    private struct State {
        var lifecycle: [StudioEvent] = []
        var channels: [SampleChannel] = []
        var subscribers: [any EventSubscriber] = []
        var isClosed = false
    }

    private let sequence = EventSequence()
    private let delivered = Atomic<UInt64>(0)
    private let state = Mutex(State())
    private let signal = ThreadSignal()
    private let pump = Mutex<NamedThread?>(nil)

    /// Why nothing is delivered: its thread could not be made. Whoever opens a bus looks here once.
    public var problem: ThreadError? { failure.withLock { $0 } }
    private let failure = Mutex<ThreadError?>(nil)

    /// - Parameter collectsEvery: how long samples may wait for company, in microseconds.
    public init(collectsEvery interval: UInt32 = 10_000) {
        do throws(ThreadError) {
            let thread = try NamedThread(name: "bus") { [self] in runPump(interval: interval) }
            pump.withLock { $0 = thread }
        } catch {
            failure.withLock { $0 = error }
        }
    }

    /// Adds a subscriber; it gets everything posted from now on.
    public func subscribe(_ subscriber: any EventSubscriber) {
        state.withLock { $0.subscribers.append(subscriber) }
    }

    /// Removes a subscriber; batches on their way may still reach it.
    public func unsubscribe(_ subscriber: any EventSubscriber) {
        state.withLock { $0.subscribers.removeAll { $0 === subscriber } }
    }

    /// Posts a lifecycle event. Never waits for a subscriber.
    /// - Parameter time: when it happened, in seconds since 1970, if that was not now.
    public func post(_ kind: StudioEvent.Kind, run: RunID? = nil, at time: Double? = nil) {
        let time = time ?? WallClock.now()
        state.withLock { state in
            state.lifecycle.append(StudioEvent(sequence: sequence.next(), wallTime: time, run: run, kind: kind))
        }
        signal.set()
    }

    /// Opens a channel for one training thread's samples.
    /// - Parameter capacity: samples that fit between two collections; rounded up to a power of two.
    public func makeChannel(run: RunID, metrics: [MetricName], capacity: Int = 1 << 14) -> SampleChannel {
        var size = 16
        while size < capacity { size *= 2 }
        let channel = SampleChannel(run: run, metrics: metrics, capacity: size, sequence: sequence, pump: signal)
        state.withLock { $0.channels.append(channel) }
        signal.set()
        return channel
    }

    /// Returns when everything posted before the call was delivered to every subscriber.
    public func flush() {
        guard problem == nil else { return }
        let target = sequence.newest
        while delivered.load(ordering: .acquiring) < target {
            signal.set()
            usleep(500)
        }
    }

    /// Delivers what is left and ends the pump thread. Nothing may be posted afterwards.
    public func close() {
        state.withLock { $0.isClosed = true }
        signal.set()
        let thread = pump.withLock { stored in
            defer { stored = nil }
            return stored
        }
        thread?.join()
    }

    private func runPump(interval: UInt32) {
        var quietRounds: UInt32 = 0
        while true {
            let (bound, events, channels, subscribers, isClosed) = collectLifecycle()
            var batch = EventBatch(events: events)
            for channel in channels {
                let samples = channel.drain(upTo: bound)
                if !samples.isEmpty {
                    batch.samples.append(RunSamples(run: channel.run, metrics: channel.metrics, samples: samples))
                }
            }
            if !batch.isEmpty { for subscriber in subscribers { subscriber.deliver(batch) } }
            delivered.store(bound, ordering: .releasing)
            let open = state.withLock { state in
                state.channels.removeAll { $0.isDrained }
                return !state.channels.isEmpty || !state.lifecycle.isEmpty
            }
            if isClosed, !open { return }
            // A paused job's channel is open and silent: look at it less and less often.
            quietRounds = batch.isEmpty ? min(quietRounds + 1, 20) : 0
            if open, !isClosed {
                if batch.events.isEmpty { usleep(interval * max(1, quietRounds)) }
            } else if !open {
                signal.wait()
            }
        }
    }

    private typealias Collection = (
        bound: UInt64, events: [StudioEvent], channels: [SampleChannel], subscribers: [any EventSubscriber], isClosed: Bool
    )

    /// Takes the lifecycle events up to a number before which nothing is still on its way.
    private func collectLifecycle() -> Collection {
        let newest = sequence.newest
        return state.withLock { state in
            // Whoever drew a number up to the newest has said so in its channel before.
            let bound = state.channels.reduce(newest) { $1.complete(upTo: $0) }
            let end = state.lifecycle.firstIndex { $0.sequence > bound } ?? state.lifecycle.count
            let events = Array(state.lifecycle[..<end])
            state.lifecycle.removeFirst(end)
            return (bound, events, state.channels, state.subscribers, state.isClosed)
        }
    }
}

import Events
import Synchronization
import Threads

/// Samples what a job costs the machine, from a thread of its own: when training begins, once a second, and at the end.
// SAFETY: everything but `orders` belongs to the sampler's thread once that has started.
package final class SystemSampler: @unchecked Sendable {
    /// Nanoseconds between two samples.
    private static let interval: UInt64 = 1_000_000_000
    /// Rates are over at least this many nanoseconds, where the job is that old.
    private static let shortest: UInt64 = 250_000_000

    private struct Orders {
        var samplesNow = 0
        var isPaused = false
        var isEnded = false
    }

    private let meter: JobMeter
    private let channel: SampleChannel
    private let metrics: [SystemMetric]
    private let orders = Mutex(Orders())
    private let signal = ThreadSignal()
    private var thread: NamedThread?
    private let read: @Sendable () -> SystemReading
    private var last: SystemReading
    private var beforeLast: SystemReading?
    /// When rows were last counted, and how many there were.
    private var counted: (time: UInt64, rows: Int)?
    private var hasRate = false

    /// Begins to sample. Until the meter knows the job's place nothing is recorded.
    ///
    /// - Parameter read: what the job's processes have used up to now.
    package init(
        run: RunID, bus: EventBus, meter: JobMeter, _ read: @escaping @Sendable () -> SystemReading = { SystemReading() }
    ) {
        self.meter = meter
        self.read = read
        last = read()
        let first = last
        // What this machine does not tell at all has no curve.
        metrics = SystemMetric.allCases.filter { metric in
            switch metric {
            case .machineCPUPercent: first.tellsMachine
            case .machineMemoryPercent: first.machineMemoryPercent != nil
            case .diskReadBytesPerSecond, .diskWriteBytesPerSecond: first.tellsDisk
            case .gpuPercent: first.graphics.percent != nil
            case .gpuMemoryBytes: first.graphics.memory != nil
            case .cpuPercent, .memoryBytes, .rowsPerSecond: true
            }
        }
        channel = bus.makeChannel(run: run, metrics: metrics.map(\.name), capacity: 256)
        do throws(ThreadError) {
            thread = try NamedThread(name: "system", stackBytes: 1 << 20) { [self] in sampleUntilEnded() }
        } catch {
            // The job goes on without what it costs.
            bus.post(.notice(.commandFailed(message: error.description)), run: run)
            channel.close()
        }
    }

    /// Takes a sample now.
    func sampleNow() { give { $0.samplesNow += 1 } }

    /// Stops sampling while the job does nothing.
    package func pause() { give { $0.isPaused = true } }

    package func resume() { give { $0.isPaused = false } }

    /// Takes the last sample and ends the thread.
    package func end() {
        give {
            $0.samplesNow += 1
            $0.isEnded = true
        }
        thread?.join()
        thread = nil
    }

    private func give(_ order: (inout Orders) -> Void) {
        orders.withLock { order(&$0) }
        signal.set()
    }

    private func sampleUntilEnded() {
        var next = last.time + Self.interval
        while true {
            let isDue = !signal.wait(untilNanoseconds: next)
            let given = orders.withLock { orders in
                defer { orders.samplesNow = 0 }
                return orders
            }
            for _ in 0..<given.samplesNow { sample() }
            if given.isEnded { return channel.close() }
            if given.isPaused {
                waitWhilePaused()
                next = last.time + Self.interval
            } else if isDue {
                sample()
                // After a long sleep of the machine it goes on from now.
                next = max(next + Self.interval, last.time)
            }
        }
    }

    /// What happened in between is not part of any rate.
    private func waitWhilePaused() {
        while orders.withLock({ $0.isPaused && !$0.isEnded }) { signal.wait() }
        last = read()
        beforeLast = nil
        if let rows = counted?.rows { counted = (last.time, rows) }
        // The order that ended the pause is still to be carried out.
        signal.set()
    }

    private func sample() {
        guard let place = meter.place else { return }
        let now = read()
        let start = now.time - last.time < Self.shortest ? beforeLast ?? last : last
        (beforeLast, last) = (last, now)
        let values = metrics.indices.compactMap { index in
            let metric = metrics[index]
            let value = metric == .rowsPerSecond ? rate(place.rows, at: now.time) : now.value(metric, since: start)
            return value.map { (index, $0) }
        }
        for (offset, (index, value)) in values.enumerated() {
            channel.record(index, value, step: place.step, epoch: place.epoch, more: offset + 1 < values.count)
        }
    }

    /// Rows a second since rows were last seen to come: a step may take longer than it is to the next sample.
    private func rate(_ rows: Int, at time: UInt64) -> Double? {
        guard let before = counted else {
            counted = (time, rows)
            return nil
        }
        guard rows > before.rows, time - before.time >= Self.shortest || !hasRate else { return nil }
        counted = (time, rows)
        hasRate = true
        return Double(rows - before.rows) / (Double(time - before.time) * 1e-9)
    }
}

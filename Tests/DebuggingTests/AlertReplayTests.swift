import Debugging
import Events
import Testing

/// The same curves raise the same alerts, however the bus cut what happened into batches.
@Suite struct AlertReplayTests {
    /// What happened to all runs, woven into each other, in one sequence.
    private struct Stream {
        var events: [StudioEvent] = []
        var samples: [(run: RunID, metrics: [MetricName], sample: MetricSample)] = []
        var last: UInt64 = 0

        init(_ runs: [RecordedRun], _ chance: inout Chance) {
            var left = runs.map { $0.facts[...] }
            while left.contains(where: { !$0.isEmpty }) {
                let run = chance.index(below: runs.count)
                for _ in 0..<chance.index(below: 30) {
                    if let fact = left[run].popFirst() { add(fact, of: runs[run].record.id) }
                }
            }
        }

        private mutating func add(_ fact: RecordedRun.Fact, of run: RunID) {
            last += 1
            switch fact {
            case .event(let kind): events.append(StudioEvent(sequence: last, wallTime: 0, run: run, kind: kind))
            case .values(let values, let metrics, let step, let epoch):
                for (index, value) in values.enumerated() {
                    let sample = MetricSample(
                        sequence: last, metric: Int32(index), step: step, epoch: epoch, wallTime: 0, value: value)
                    samples.append((run, metrics, sample))
                }
            }
        }

        /// The place of the first sample with a larger number.
        private func place(after sequence: UInt64) -> Int {
            var low = 0, high = samples.count
            while low < high {
                let middle = (low + high) / 2
                if samples[middle].sample.sequence > sequence { high = middle } else { low = middle + 1 }
            }
            return low
        }

        /// Everything after one number and up to another, as the bus delivers it: a group for each channel.
        func batch(after first: UInt64, upTo last: UInt64) -> EventBatch {
            var batch = EventBatch(events: events.filter { $0.sequence > first && $0.sequence <= last })
            for item in samples[place(after: first)..<place(after: last)] {
                if let place = batch.samples.firstIndex(where: { $0.run == item.run && $0.metrics == item.metrics }) {
                    batch.samples[place].samples.append(item.sample)
                } else {
                    batch.samples.append(RunSamples(run: item.run, metrics: item.metrics, samples: [item.sample]))
                }
            }
            return batch
        }
    }

    /// The alerts of each run in the order in which they were raised, a line each in the wire form.
    private func alerts(_ stream: Stream, cuts: [UInt64]) throws -> [String: [String]] {
        let bus = EventBus(collectsEvery: 100)
        let mailbox = Mailbox(policy: .lossless(capacity: 100_000))
        bus.subscribe(mailbox)
        let debugger = try Debugger(bus: bus)
        var start: UInt64 = 0
        for end in cuts + [stream.last] where end > start {
            debugger.deliver(stream.batch(after: start, upTo: end))
            start = end
        }
        debugger.close()
        bus.close()
        var alerts: [String: [String]] = [:]
        for event in mailbox.take().events {
            guard case .debugger(.alertRaised) = event.kind, let run = event.run else { continue }
            let line = StudioEvent(sequence: 0, wallTime: 0, run: run, kind: event.kind).json.text
            alerts[run.text, default: []].append(line)
        }
        return alerts
    }

    @Test(arguments: 1...12)
    func recordedCurvesRaiseTheAlertsTheyAlwaysRaised(seed: Int) throws {
        if RecordedAlerts.isRecording { return }
        var chance = Chance(UInt64(seed))
        let stream = Stream(RecordedRun.all, &chance)
        let count = [0, 1, 5, 60, 900][seed % 5]
        let cuts = (0..<count).map { _ in UInt64(chance.index(below: Int(stream.last))) }.sorted()
        let raised = try alerts(stream, cuts: cuts), recorded = try RecordedAlerts.lines()
        for run in RecordedRun.all {
            let name = run.record.id.text
            #expect(raised[name] ?? [] == recorded[name] ?? [], "\(name) in \(count + 1) batches")
        }
    }

    /// A run's events and samples in one sequence, each in a batch of its own: the finest cut there is.
    @Test func everyFactInABatchOfItsOwnRaisesTheSame() throws {
        var chance = Chance(77)
        let stream = Stream(RecordedRun.all, &chance)
        let raised = try alerts(stream, cuts: (1...stream.last).map { $0 })
        if RecordedAlerts.isRecording { return try RecordedAlerts.record(raised) }
        #expect(raised == (try RecordedAlerts.lines()))
    }
}

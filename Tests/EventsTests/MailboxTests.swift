import Synchronization
import Testing
import Threads

@testable import Events

@Suite struct MailboxTests {
    private let run = RunID("abcd1234")

    private func samples(_ steps: ClosedRange<Int>) -> EventBatch {
        EventBatch(samples: [
            RunSamples(
                run: run, metrics: [.trainLoss],
                samples: steps.map { MetricSample(sequence: UInt64($0), metric: 0, step: $0, epoch: 0, wallTime: 0, value: 1) })
        ])
    }

    @Test func valuesOfAMetricKeepTheirOrderWhateverTheyCameTogetherWith() {
        func group(_ steps: ClosedRange<Int>, _ metrics: [MetricName]) -> EventBatch {
            EventBatch(samples: [
                RunSamples(
                    run: run, metrics: metrics,
                    samples: steps.map {
                        MetricSample(sequence: UInt64($0), metric: 0, step: $0, epoch: 0, wallTime: 0, value: 1)
                    })
            ])
        }
        var batch = group(1...2, [.trainLoss])
        batch.append(group(3...4, [.trainLoss, .validationLoss]))
        batch.append(group(5...6, [.trainLoss]))
        batch.append(group(7...8, [MetricName("gradient_norm")]))
        batch.append(group(9...9, [.trainLoss]))
        #expect(
            batch.samples.filter { $0.metrics.contains(.trainLoss) }.flatMap { $0.samples.map(\.step) } == [1, 2, 3, 4, 5, 6, 9])
        // What shares no metric with what came between goes on where it was.
        #expect(batch.samples.count == 4)
    }

    @Test(.timeLimit(.minutes(1))) func oneThatLetsGoDropsWhatDoesNotFitAndCountsIt() throws {
        let mailbox = Mailbox(policy: .lossless(capacity: 10))
        mailbox.deliver(samples(1...10))
        // A pump that waits is let go of.
        let fresh = samples(11...15)
        let pump = try NamedThread(name: "pump") { [run] in
            var late = fresh
            late.events = [
                StudioEvent(sequence: 99, wallTime: 0, run: run, kind: .run(.deleted)),
                StudioEvent(
                    sequence: 98, wallTime: 0, run: run,
                    kind: .job(.progressReported(JobProgress(step: 1, plannedSteps: 2, rowsPerSecond: 3)))),
            ]
            mailbox.deliver(late)
        }
        mailbox.setHoldsUp(false)
        pump.join()
        mailbox.deliver(samples(16...17))
        #expect(mailbox.takeDropped() == [run: Mailbox.Dropped(count: 7, firstStep: 11, lastStep: 17)])
        let batch = mailbox.take()
        #expect(batch.sampleCount == 10)
        #expect(batch.events.map(\.kind) == [.run(.deleted)])
        #expect(mailbox.takeDropped().isEmpty)
        mailbox.deliver(samples(18...19))
        #expect(mailbox.take().sampleCount == 2)
    }

    @Test func nobodyWaitsForWhatIsHopeless() {
        let mailbox = Mailbox(policy: .lossless(capacity: 10))
        mailbox.deliver(samples(1...2))
        #expect(!mailbox.waitUntilHandled { true })
    }

    @Test func aThreadThatCannotBeMadeIsAnErrorInWords() {
        let error = #expect(throws: ThreadError.self) { _ = try NamedThread(name: "huge", stackBytes: 1 << 50) {} }
        #expect(error?.description.hasPrefix("no thread can be made for 'huge': end other programs") == true)
    }

    @Test func samplesOfAMetricStayInTheirOrderWhateverCompanyTheyComeIn() {
        let mailbox = Mailbox(policy: .lossless(capacity: 1000))
        var sequence: UInt64 = 0
        for (steps, metrics) in [
            (1...3, [MetricName.trainLoss]), (4...4, [.trainLoss, .validationLoss]), (5...7, [.trainLoss]),
            (8...8, [.validationLoss, .trainLoss]), (9...9, [.trainLoss, .validationLoss]), (10...12, [.trainLoss]),
        ] {
            let samples = steps.flatMap { step in
                sequence += 1
                return metrics.indices.map {
                    MetricSample(sequence: sequence, metric: Int32($0), step: step, epoch: 0, wallTime: 0, value: 1)
                }
            }
            mailbox.deliver(EventBatch(samples: [RunSamples(run: run, metrics: metrics, samples: samples)]))
        }
        var steps: [MetricName: [Int]] = [:]
        for group in mailbox.take().samples {
            for sample in group.samples { steps[group.metrics[Int(sample.metric)], default: []].append(sample.step) }
        }
        #expect(steps == [.trainLoss: Array(1...12), .validationLoss: [4, 8, 9]])
    }
}

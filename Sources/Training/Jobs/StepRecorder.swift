import Events
import Learners

/// Records what steps report: of each its loss, of some its gradient norm and learning rate too.
struct StepRecorder {
    private let run: RunID
    private let bus: EventBus
    private let interval: Int
    /// Made when the first step says what it can tell, so that no curve is begun that has no points.
    private var channel: SampleChannel?
    private var hasGradientNorm = false, hasLearningRate = false

    init(run: RunID, stepsPerEpoch: Int, bus: EventBus) {
        self.run = run
        self.bus = bus
        interval = max(1, stepsPerEpoch / 4)
    }

    /// Of the first 64 steps, in which most of what goes wrong does, and of four an epoch or a few more. A matter of the step alone, so
    /// that a run that is resumed or repeated has the same points on its curves.
    private func tellsAll(of step: Int) -> Bool { step <= 64 || step % interval == 0 }

    mutating func record(_ report: StepReport, step: Int, epoch: Double) {
        let channel = channel ?? makeChannel(report)
        let tellsAll = tellsAll(of: step)
        var place = 0
        // In the order of their names; together they are one event.
        if hasGradientNorm {
            if tellsAll, let norm = report.gradientNorm {
                channel.record(place, norm, step: step, epoch: epoch, more: true)
            }
            place += 1
        }
        if hasLearningRate {
            if tellsAll, let rate = report.learningRate {
                channel.record(place, rate, step: step, epoch: epoch, more: true)
            }
            place += 1
        }
        channel.record(place, report.loss, step: step, epoch: epoch)
    }

    private mutating func makeChannel(_ report: StepReport) -> SampleChannel {
        hasGradientNorm = report.gradientNorm != nil
        hasLearningRate = report.learningRate != nil
        let told = [(StepMetric.gradientNorm.name, hasGradientNorm), (StepMetric.learningRate.name, hasLearningRate)]
        let made = bus.makeChannel(run: run, metrics: told.filter(\.1).map(\.0) + [.trainLoss])
        channel = made
        return made
    }

    /// Says that no more samples will come.
    func close() { channel?.close() }
}

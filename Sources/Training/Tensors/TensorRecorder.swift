import Clocks
import Events
import Files
import Learners

/// Sums up the tensors of some steps and evaluations and posts what they were like.
struct TensorRecorder {
    private let run: RunID
    private let bus: EventBus
    private let kinds: Set<TensorKind>
    private var plan: CapturePlan
    /// The last step that was captured, or the one that the job began at.
    private var last: Int
    /// Some learners show nothing.
    private var showsNothing = false
    /// Evaluations there were, and since the last one that was captured.
    private var evaluationCount = 0, passedEvaluations = 0
    /// What columns add to predictions; nil where that is not asked for, or cannot be said.
    private var attributions: AttributionRecorder?
    /// Tensors that are saved whole; nil where there is no place for them.
    private var whole: WholeTensorRecorder?

    /// - Parameters:
    ///   - artifactFolder: the run's; nil where nothing is kept.
    ///   - step: steps done before.
    init(
        _ record: RunRecord, bus: EventBus, artifactFolder: String? = nil, from step: Int, plannedSteps: Int,
        stepsPerEpoch: Int = 1
    ) {
        run = record.id
        self.bus = bus
        plan = CapturePlan(
            CaptureInterval(record.request.debugSaveInterval), from: step, plannedSteps: plannedSteps,
            stepsPerEpoch: stepsPerEpoch)
        last = step
        whole = artifactFolder.map { WholeTensorRecorder(record.request, folder: $0) }
        let wanted = record.request.debugCollections.map(JobOption.words)
        kinds = Set(TensorKind.allCases.filter { wanted?.contains($0.rawValue) ?? true })
    }

    /// Has columns' parts of the predictions told, too, where the trainer can say them.
    mutating func attribute(_ trainer: any Trainer, _ preparation: Preparation) {
        guard kinds.contains(.attributions), plan.interval.steps != .off else { return }
        attributions = AttributionRecorder(trainer, preparation, plan: plan)
    }

    /// Who looks at a step; nil = nobody.
    /// - Parameter step: how many steps there will be when it is done.
    mutating func watch(step: Int) -> StepWatch? {
        let isLast = plan.isLast(step: step)
        guard !showsNothing, plan.interval.steps != .off,
            plan.wants(step: step) || whole?.wants(step: step, isLast: isLast) == true
        else { return nil }
        let choice = whole?.choice(step: step, isLast: isLast)
        return StepWatch(kinds, isWantedWhole: choice, now: SteadyClock.nanoseconds)
    }

    /// Has a trainer that has just measured itself show what it made of the rows that it is judged by, if that is wanted now.
    mutating func captureEvaluation(of trainer: any Trainer, epoch: Double) {
        guard !showsNothing, plan.wantsEvaluation(evaluationCount) else {
            (evaluationCount, passedEvaluations) = (evaluationCount + 1, passedEvaluations + 1)
            return
        }
        let start = SteadyClock.nanoseconds()
        let watch = StepWatch(kinds, now: SteadyClock.nanoseconds)
        trainer.showEvaluation(watch)
        if !watch.tensors.isEmpty {
            let tensors = TensorsOfStep(
                step: trainer.step, epoch: epoch, wallTime: WallClock.now(), mode: .eval,
                summaries: watch.tensors.map(TensorSummary.init), passedOver: passedEvaluations)
            bus.post(.tensors(.summarised(tensors)), run: run)
            passedEvaluations = 0
        }
        evaluationCount += 1
        plan.noteEvaluation(cost: Double(SteadyClock.nanoseconds() - start) * 1e-9)
    }

    mutating func pass(seconds: Double) {
        plan.pass(seconds: seconds)
        attributions?.pass(seconds: seconds)
    }

    /// Posts what was seen of a step, after its metrics.
    mutating func record(_ watch: StepWatch, step: Int, epoch: Double, checkpointSeconds: Double) {
        let start = SteadyClock.nanoseconds()
        // What attributions cost is their own budget's matter.
        var attributing = 0.0
        defer {
            plan.note(cost: watch.ownSeconds + Double(SteadyClock.nanoseconds() - start) * 1e-9 - attributing, step: step)
            last = step
        }
        guard !watch.tensors.isEmpty || attributions != nil else {
            showsNothing = true
            return
        }
        let saved = watch.whole.map { (name: $0.name, file: NumpyFile(shape: $0.shape, values: $0.values)) }
        if !saved.isEmpty, let warning = whole?.save(saved, at: step) { bus.post(.job(.dataWarned(warning)), run: run) }
        // In the model's order within a collection.
        var summaries = watch.tensors.map(TensorSummary.init).enumerated().sorted {
            ($0.element.collection, $0.offset) < ($1.element.collection, $1.offset)
        }.map(\.element)
        if attributions?.wants(step: step) == true {
            let begun = SteadyClock.nanoseconds()
            summaries += attributions?.summaries(step: step) ?? []
            attributing = Double(SteadyClock.nanoseconds() - begun) * 1e-9
        }
        var spent = watch.parts
        spent[.record] = watch.ownSeconds + attributing
        if checkpointSeconds > 0 { spent[.checkpoint] = checkpointSeconds }
        let tensors = TensorsOfStep(
            step: step, epoch: epoch, wallTime: WallClock.now(), summaries: summaries, passedOver: max(0, step - last - 1),
            spent: spent)
        bus.post(.tensors(.summarised(tensors)), run: run)
    }
}

extension StepWatch {
    /// One that takes the time of a step's parts, and looks at no tensor.
    static var timing: StepWatch { StepWatch([], now: SteadyClock.nanoseconds) }

    /// Seconds by part.
    var parts: [StepPart: Double] {
        Dictionary(spent.map { (StepPart($0.key), $0.value) }, uniquingKeysWith: +)
    }
}

extension StepPart {
    fileprivate init(_ part: StepWatch.Part) {
        switch part {
        case .data: self = .data
        case .forward: self = .forward
        case .backward: self = .backward
        case .update: self = .update
        }
    }
}

extension TensorSummary {
    /// What a trainer showed, as it is told and kept.
    init(_ tensor: StepWatch.Tensor) {
        self.init(tensor.name, TensorCollection(rawValue: tensor.kind.rawValue), shape: tensor.shape, tensor.statistics)
        updateRatio = tensor.updateRatio
        units = tensor.units.map { UnitActivity(count: $0.count, inactive: $0.inactive, saturated: $0.saturated) }
    }

    init(_ name: String, _ collection: TensorCollection, shape: [Int], _ found: TensorStatistics) {
        self.init(name, collection, shape: shape, count: found.count, sampled: found.sampled)
        (mean, standardDeviation, meanMagnitude, l2) =
            (found.mean, found.standardDeviation, found.meanMagnitude, found.l2)
        (minimum, maximum) = (found.minimum, found.maximum)
        (zeros, nans, infinities) = (found.zeros, found.nans, found.infinities)
        histogram = MagnitudeHistogram(
            countedFrom: TensorStatistics.firstExponent, negative: found.negative, positive: found.positive)
    }
}

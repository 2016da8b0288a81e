import CheckedNumbers
import Events
import Glibc

/// After several epochs the training loss is not lower than in the first one.
///
/// At each epoch's end from the third on, the mean training loss of the epoch is compared with that of the first epoch. It
/// speaks when the loss has not fallen by at least 1 % and the difference is no clear fall against the noise of the steps
/// (one-sided z under 2). Where it is known what a constant model loses, a loss under 90 % of that has fallen already, and one that is
/// not must fall by 1 %, however clear a smaller fall is. Trees take their first ten rounds to show it: healthy ones have fallen by
/// 2.8 % and more by then, sick ones by 0.25 % at most.
public struct LossNotDecreasing: Rule {
    public static let name = "LossNotDecreasing"
    public static let summary = "after several epochs the training loss is not lower than in the first"
    public static let clears = true

    private struct EpochMean {
        var count = 0.0, sum = 0.0, squares = 0.0
        var mean: Double { sum / max(count, 1) }
        var varianceOfMean: Double { count > 1 ? max(0, (squares - sum * sum / count) / (count - 1) / count) : 0 }

        mutating func add(_ value: Double) {
            count += 1
            sum += value
            squares += value * value
        }
    }

    private var first: EpochMean?
    private var current = EpochMean()
    private var epoch = 0
    private var badEpochs = 0
    private var epochCount = 0
    private var recovery = Recovery(after: 2)
    private var isBegunBefore = false
    private var steps = StepEvidence()
    private var constant = ConstantLoss()
    private var suspects = SettingSuspects()
    private var data: TrainingDataSummary?
    private static let treeRounds = 10

    public init() {}

    /// The first epoch, and two that are compared with it.
    public var waits: RuleWait? { epochCount < 3 ? RuleWait(epochCount, of: 3, "epochs") : nil }

    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool {
        metric == .trainLoss || StepEvidence.wants(metric)
    }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        steps.note(input)
        constant.note(input)
        suspects.note(input)
        if case .trainingData(let summary) = input { data = summary }
        guard case .samples(let stretch) = input,
            // What takes no steps down a slope, as k-means and PCA, may stand still because it is done.
            run.request.isScript || ["learning_rate", "eta"].contains(where: { run.hyperparameters[$0] != nil })
        else { return nil }
        let loss = stretch.index(of: .trainLoss)
        return stretch.firstVerdict { sample in
            guard sample.metric == loss else {
                steps.note(sample.value, of: stretch.metrics[Int(sample.metric)])
                return nil
            }
            return take(sample.value, sample.step, progress: sample.epoch, run)
        }
    }

    private mutating func take(_ value: Double, _ step: Int, progress: Double, _ run: RunRecord) -> RuleVerdict? {
        guard value.isFinite else { return nil }
        // A step that completes an epoch has a whole number of epochs and still belongs to the epoch it completes.
        let index = max(1, Int(roundedUpWithin: progress)) - 1
        // A run that is found in the middle, resumed or forked, has had its first epoch: that what is nearly done falls no more is
        // no fault.
        if current.count == 0, index > 0 { isBegunBefore = true }
        if isBegunBefore { return nil }
        if index == epoch || current.count == 0 {
            epoch = index
            current.add(value)
            return nil
        }
        let ended = current
        current = EpochMean()
        current.add(value)
        epoch = index
        return judge(ended, index, step, run)
    }

    /// Looks at an epoch that has ended, by the number of epochs that have.
    private mutating func judge(_ ended: EpochMean, _ index: Int, _ step: Int, _ run: RunRecord) -> RuleVerdict? {
        epochCount += 1
        guard let first else {
            first = ended
            return nil
        }
        let deviation = (first.varianceOfMean + ended.varianceOfMean).squareRoot()
        let fall = first.mean - ended.mean
        let isFarEnough = fall > 0.01 * abs(first.mean)
        let hasFallen =
            constant.training.map { isFarEnough || ended.mean < 0.9 * $0 }
            ?? (isFarEnough || (deviation > 0 && fall / deviation > 2))
        if recovery.isRaised {
            guard recovery.look(isWell: hasFallen) else { return nil }
            badEpochs = 0
            return .cleared(
                "the training loss has fallen to \(rounded(ended.mean)) from \(rounded(first.mean)) in the first epoch")
        }
        badEpochs = hasFallen ? 0 : badEpochs + 1
        guard badEpochs >= recovery.patience(2), run.hyperparameters["num_round"] == nil || index >= Self.treeRounds else {
            return nil
        }
        let (cause, remedies) = diagnosis(ended.mean, first.mean, run)
        recovery.raise()
        return .raised(
            Alert(
                rule: Self.name, severity: .issue, step: step,
                summary: "training loss \(rounded(ended.mean)) after \(index) epochs, \(rounded(first.mean)) in the first",
                evidence: [
                    .init("relative fall", fall / max(abs(first.mean), .leastNormalMagnitude)), .init("threshold", 0.01),
                    .init("first epoch's mean", first.mean), .init("this epoch's mean", ended.mean),
                ] + steps.lines,
                cause: cause, remedies: remedies, sampleSize: Int(exactly: ended.count)))
    }

    /// What it is, as far as data and settings tell, and what to do.
    private func diagnosis(_ loss: Double, _ start: Double, _ run: RunRecord) -> (String, [Alert.Remedy]) {
        let unknown = LearningRateRemedy.smaller(run, by: 10) + LearningRateRemedy.larger(run, by: 10)
        let isOrdered =
            data.map { !$0.isShuffled && $0.orderZ > DataOrder.threshold } ?? (run.hyperparameters["shuffle"] == "false")
        if isOrdered {
            return (
                "rows come in file order, so steps may undo one another",
                [.init("shuffle the rows", set: ["shuffle": "true"])] + NormalisationRemedy.ifOff(run) + unknown
            )
        }
        if let fault = ScaleFault(data) { return (fault.cause, fault.remedies + unknown) }
        // Far over a constant's loss the steps lead away; near it they lead nowhere.
        let isHigh = constant.training.map { loss > 1.1 * max($0, start) || loss > 2 * $0 } ?? false
        let found = suspects.suspects(ofLossThatIsHigh: isHigh, in: run)
        if let first = found.first { return (first.cause, found.remedies + (isHigh ? unknown.prefix(1) : [])) }
        if isHigh { return ("the loss is over that of a constant: steps overshoot", Array(unknown.prefix(1))) }
        let normalise = NormalisationRemedy.ifOff(run)
        if !normalise.isEmpty { return ("features on unlike scales leave no step size that suits all", normalise + unknown) }
        return (
            "the step is too small or too large to make progress, or the features say nothing about the target", unknown
        )
    }
}

import CheckedNumbers
import Events

/// What the run is judged by is no better than saying the same for every row.
///
/// Speaks once a quarter of the planned evaluations (at least 5, at most 25) are there, or at the end, when the best validation loss
/// is not under 98 % of a constant's and has not begun to fall. A loss under 85 % is worth a word where a setting was chosen that
/// explains it, and is ten times or more from what the algorithm takes by itself. Of a run that has ended a gain that so few rows would show
/// by chance is worth a remark: the less they are, the larger it may be. What is responsible is looked for among the settings that were chosen
/// by hand, by whether the training rows are learned.
/// - Source: of 86 healthy runs none, of 324 sick ones 95 ended there.
public struct NoBetterThanConstant: Rule {
    public static let name = "NoBetterThanConstant"
    public static let summary = "the model is no better than saying the same for every row"
    public static let clears = true
    static let threshold = 0.98, suspiciousThreshold = 0.85
    /// By how much a constant is beaten by chance, over the root of the rows that judge.
    private static let chance = 0.4

    private var constant = ConstantLoss()
    private var suspects = SettingSuspects()
    private var data: TrainingDataSummary?
    private var best = Double.infinity
    private var count = 0
    /// The newest five validation losses, oldest first.
    private var newest: [Double] = []
    private var trainLoss = MeanSinceEvaluation()
    private var train: Double?
    private var firstTrain: Double?
    private var isRaised = false
    private var needed = 5

    /// Of scripts the labels, which say what a constant loses.
    public static let observed: Set = ["labels"]

    public init() {}

    public var waits: RuleWait? {
        if constant.validation == nil { return .once("what a constant model loses on validation rows") }
        return count < needed ? RuleWait(count, of: needed, "evaluations") : nil
    }

    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool {
        metric == .trainLoss || metric == .validationLoss
    }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        constant.note(input)
        suspects.note(input)
        switch input {
        case .observed(let seen): constant.note(ofScript: seen)
        case .trainingData(let summary): data = summary
        case .samples(let stretch):
            let training = stretch.index(of: .trainLoss)
            return stretch.firstVerdict { sample in
                guard sample.value.isFinite else { return nil }
                guard sample.metric == training else { return evaluate(sample.value, sample.step, run) }
                trainLoss.add(sample.value)
                firstTrain = firstTrain ?? sample.value
                return nil
            }
        case .ended(.completed, _, let step):
            // A run that was ended by hand, or failed, had no chance.
            return count >= 2 && !isRaised ? (judge(step, run) ?? remark(step, run)).map { RuleFinding($0) } : nil
        default: break
        }
        return nil
    }

    private mutating func evaluate(_ value: Double, _ step: Int, _ run: RunRecord) -> RuleVerdict? {
        train = trainLoss.take() ?? train
        best = min(best, value)
        count += 1
        if newest.count == 5 { newest.removeFirst() }
        newest.append(value)
        let planned = ["epochs", "num_round"].lazy.compactMap { run.hyperparameters[$0].flatMap(Int.init) }.first ?? 0
        needed = max(5, min(planned / 4, 25))
        if isRaised { return recover(run) }
        guard count >= needed else { return nil }
        // One that has begun to fall needs time.
        guard value > newest[0] * 0.995, let alert = judge(step, run) else { return nil }
        isRaised = true
        return .raised(alert)
    }

    private mutating func recover(_ run: RunRecord) -> RuleVerdict? {
        guard let level = constant.validation, best <= threshold(run) * level else { return nil }
        isRaised = false
        return .cleared("the validation loss has fallen to \(rounded(best)); a constant has \(rounded(level))")
    }

    private func threshold(_ run: RunRecord) -> Double {
        suspects.suspects(of: .learnsNothing, in: run).isEmpty ? Self.threshold : Self.suspiciousThreshold
    }

    /// A gain that may be chance.
    private func remark(_ step: Int, _ run: RunRecord) -> Alert? {
        guard let rows = data?.validationRowCount, rows > 0 else { return nil }
        return judge(step, run, byChanceOf: rows)
    }

    /// - Parameter rows: those that judge, where a gain that so few would show by chance counts as none; nil = where it counts.
    private func judge(_ step: Int, _ run: RunRecord, byChanceOf rows: Int? = nil) -> Alert? {
        guard let level = constant.validation else { return nil }
        // What a script prints may be another loss than the one whose labels were seen.
        if run.request.isScript, !(firstTrain.map { (0.5 * level...2 * level).contains($0) } ?? false) { return nil }
        let gained = rows.map { 1 - Self.chance / Double($0).squareRoot() }, threshold = gained ?? threshold(run)
        guard best > threshold * level else { return nil }
        // What is better than a constant holds for other rows, too.
        let learnsTraining =
            best > (gained ?? Self.threshold) * level
            && constant.training.flatMap { level in train.map { $0 < 0.9 * level } } == true
        let (cause, remedies) = learnsTraining ? learnedByHeart(run) : learnedNothing(run)
        var evidence = [
            Alert.Evidence("best validation loss", best), .init("a constant's", level), .init("threshold", threshold),
        ]
        if let train { evidence.append(.init("training loss", train)) }
        if let level = constant.training { evidence.append(.init("a constant's on the training rows", level)) }
        let chance = rows.map { ": so small a gain over \($0) rows may be chance" } ?? ""
        return Alert(
            rule: Self.name, severity: rows == nil ? .issue : .info, step: step,
            summary: "best validation loss \(rounded(best)) after \(count) evaluations; a constant has \(rounded(level))"
                + chance,
            evidence: evidence, cause: cause, remedies: remedies, sampleSize: count)
    }

    private func learnedByHeart(_ run: RunRecord) -> (String, [Alert.Remedy]) {
        let found = suspects.suspects(of: .learnsByHeart, in: run)
        let usual = Alert.Remedy("look at the data: `descent data profile` says which columns tell something about the target")
        guard let first = found.first else {
            return (
                "what it learns of the training rows does not hold for others: the features say nothing about the target, or the "
                    + "rows that judge are of another kind", [usual]
            )
        }
        return (first.cause, found.remedies + [usual])
    }

    private func learnedNothing(_ run: RunRecord) -> (String, [Alert.Remedy]) {
        if let data, !data.isShuffled, data.orderZ > DataOrder.threshold {
            return (
                "rows come sorted, and each kind is forgotten for the next", [.init("shuffle the rows", set: ["shuffle": "true"])]
            )
        }
        if let scale = ScaleFault(data) { return (scale.cause, scale.remedies) }
        let isHigh = constant.training.flatMap { level in train.map { $0 > 1.1 * max(level, firstTrain ?? level) } } ?? false
        // What begins far over a constant's loss and stays there was led there, too.
        let isFar = constant.validation.map { best > 2 * $0 } ?? false
        let found = suspects.suspects(ofLossThatIsHigh: isHigh || isFar, in: run)
        if let first = found.first { return (first.cause, found.remedies) }
        // A rate that was chosen large threw the weights where nothing is learned, though the loss came back.
        let thrown = suspects.suspects(of: .overshoots, in: run)
        if let first = thrown.first { return (first.cause, thrown.remedies + LearningRateRemedy.smaller(run, by: 10)) }
        if let scale = ScaleFault(data, ofSlow: run) { return (scale.cause, scale.remedies) }
        if isHigh {
            return (
                "the training loss is over that of a constant: steps overshoot",
                LearningRateRemedy.smaller(run, by: 10) + NormalisationRemedy.ifOff(run)
            )
        }
        if let column = data?.singleColumn, column.lossShare < 0.8 {
            return (
                "\(column.column) alone takes \(rounded((1 - column.lossShare) * 100)) % off a constant's loss: what trains is at fault, not the data",
                LearningRateRemedy.larger(run, by: 10) + LearningRateRemedy.smaller(run, by: 10)
            )
        }
        return (
            "the features say nothing about the target that this model can learn",
            [.init("look at the data: `descent data profile` says which columns tell something about the target")]
        )
    }
}

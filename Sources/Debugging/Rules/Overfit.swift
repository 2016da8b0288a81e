import Events
import Hyperparameters
import JSON

/// The validation loss has turned up while the training loss goes on falling.
///
/// Speaks when, for five evaluations in a row, the validation loss lies over its best by more than 2 % of what a constant model loses
/// there (where that is not known, by more than 5 % of its best) and the training loss (its mean since the evaluation before) lies under
/// what it was at that best: once that is a tenth of what a constant loses, else at the end. A warning it is where settings were chosen
/// that lead there and nothing ends the run in time, else a remark, since the best model is kept.
///
/// On few rows the margin is larger: a loss over n rows is known to a quarter of a constant's over the root of n. A model that was never
/// clearly better than a constant (by 2 %, or 1 over the root of n) has not begun to learn: another rule speaks.
public struct Overfit: ParameterisedRule {
    public static let name = "Overfit"
    public static let summary = "the validation loss has turned up while the training loss goes on falling"
    public static let clears = true
    public static let parameters = [
        Hyperparameter(
            "patience", .integer(minimum: 1, maximum: 1_000_000), default: "5", "how many evaluations in a row have to be worse")
    ]

    private var trainLoss = MeanSinceEvaluation()
    private var best = Double.infinity
    private var bestStep = 0
    private var trainAtBest = Double.infinity
    private var badCount = 0
    private var count = 0
    private var suspicions = 0
    private var isSuspected = false
    private var recovery = Recovery(after: 5)
    private var constant = ConstantLoss()
    private var validationRowCount = 0
    private var suspects = SettingSuspects()
    private var newest = (validation: 0.0, training: 0.0, margin: 0.0, step: 0)
    private let patience: Int
    /// What of a constant's loss is worth a warning while the run goes on.
    private static let much = 0.1

    public init(_ parameters: RuleParameters) { patience = parameters.whole("patience") }

    /// A best, and as many that are worse as make a finding.
    public var waits: RuleWait? { count <= patience ? RuleWait(count, of: patience + 1, "evaluations") : nil }

    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool {
        metric == .trainLoss || metric == .validationLoss
    }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        guard case .samples(let stretch) = input else {
            constant.note(input)
            suspects.note(input)
            if case .trainingData(let data) = input { validationRowCount = data.validationRowCount }
            if case .ended(.completed, _, _) = input, badCount >= patience, !recovery.isRaised {
                return RuleFinding(alert(.info, run))
            }
            return nil
        }
        let training = stretch.index(of: .trainLoss)
        return stretch.firstVerdict { sample in
            guard sample.value.isFinite else { return nil }
            guard sample.metric == training else { return evaluate(sample.value, sample.step, run) }
            trainLoss.add(sample.value)
            return nil
        }
    }

    /// Looks at a validation loss beside the training losses since the one before.
    private mutating func evaluate(_ value: Double, _ step: Int, _ run: RunRecord) -> RuleVerdict? {
        count += 1
        guard let train = trainLoss.take() else {
            // Before the first step, or twice at one: the best all the same.
            if value < best { (best, bestStep, badCount) = (value, step, 0) }
            return nil
        }
        if value < best {
            (best, bestStep, trainAtBest, badCount) = (value, step, train, 0)
            guard recovery.isRaised else { return calm() }
            recovery.clear()
            return .cleared("the validation loss has a new best, \(rounded(value))")
        }
        let share = max(0.02, validationRowCount > 0 ? 0.25 / Double(validationRowCount).squareRoot() : 0)
        let margin = constant.validation.map { share * $0 } ?? 0.05 * abs(best)
        badCount = hasLearned(run) && value > best + margin && train < trainAtBest ? badCount + 1 : 0
        newest = (value, train, margin, step)
        // A little is said at the end: the best model is kept all the same.
        let isMuch = constant.validation.map { value > best + Self.much * $0 } ?? true
        if recovery.isRaised {
            return recovery.look(isWell: badCount == 0)
                ? .cleared("the validation loss is back near its best, \(rounded(best))") : nil
        }
        guard badCount >= recovery.patience(patience), isMuch else { return suspicion() }
        recovery.raise()
        isSuspected = false
        // Where the run ends by itself, or somebody chose nothing that leads there, the best model is kept: it is good to know.
        let isStoppedInTime = run.hyperparameters["early_stopping_patience"].map { $0 != "off" } ?? false
        let isChosen =
            run.request.isScript || constant.validation == nil || !suspects.suspects(of: .learnsByHeart, in: run).isEmpty
        return .raised(alert(isStoppedInTime || !isChosen ? .info : .warning, run))
    }

    /// Three in a row are said, the next time four.
    private mutating func suspicion() -> RuleVerdict? {
        if badCount == 0 { return calm() }
        guard !isSuspected, badCount >= 3 + suspicions, badCount < patience else { return nil }
        isSuspected = true
        suspicions += 1
        return .suspected("\(badCount) evaluations in a row were worse than the best, \(rounded(best)) at step \(bestStep)")
    }

    private mutating func calm() -> RuleVerdict? {
        defer { isSuspected = false }
        return isSuspected ? .calmed : nil
    }

    private func alert(_ severity: Alert.Severity, _ run: RunRecord) -> Alert {
        let (value, train, margin, step) = newest
        return Alert(
            rule: Self.name, severity: severity, step: step,
            summary: "validation loss \(rounded(value)) was \(rounded(best)) at step \(bestStep); training loss still falls",
            evidence: [
                .init("validation loss over its best", value - best), .init("threshold", margin),
                .init("training loss now", train), .init("training loss at the best", trainAtBest),
            ],
            cause: "the model now learns the training rows themselves rather than what they have in common"
                + (suspects.suspects(of: .learnsByHeart, in: run).first.map { "; \($0.cause)" } ?? ""),
            remedies: remedies(run))
    }

    private func hasLearned(_ run: RunRecord) -> Bool {
        guard let level = constant.validation else { return true }
        let noise = validationRowCount > 0 ? min(0.15, 1 / Double(validationRowCount).squareRoot()) : 0
        // What was chosen so as to learn little is to blame first.
        let isHeldBack = !suspects.suspects(of: .learnsNothing, in: run).isEmpty
        return best < (isHeldBack ? NoBetterThanConstant.suspiciousThreshold : 1 - max(0.02, noise)) * level
    }

    private func remedies(_ run: RunRecord) -> [Alert.Remedy] {
        let number = { (name: String) in run.hyperparameters[name].flatMap(Double.init) }
        let isEndless = run.hyperparameters["early_stopping_patience"] == "off"
        let keep =
            (isEndless
                ? suspects.back("early_stopping_patience", in: run, "let early stopping end it: the best was step \(bestStep)")
                : nil)
            ?? Alert.Remedy("nothing need be lost: the model of step \(bestStep), the best, is kept")
        var found = suspects.suspects(of: .learnsByHeart, in: run).map(\.remedy)
        if let depth = number("max_depth"), depth > 3 || depth == 0 {
            found.append(.init("smaller trees: max_depth 3", set: ["max_depth": "3"]))
        }
        if let share = number("dropout"), share < 0.5 {
            found.append(.init("more dropout: 0.5 instead of \(JSONValue.text(share))", set: ["dropout": "0.5"]))
        }
        // The penalty that is in use, before one that is not.
        let penalties = ["weight_decay", "wd", "lambda", "l2"].filter { run.hyperparameters[$0] != nil }
        if let name = penalties.first(where: { number($0) ?? 0 > 0 }) ?? penalties.first {
            let decay = number(name) ?? 0
            let stronger = JSONValue.text(decay > 0 ? Double("\(Float(decay * 10))") ?? decay * 10 : 0.001)
            found.append(.init("regularise more: \(name) \(stronger)", set: [name: stronger]))
        } else if run.request.isScript {
            found.append(.init("regularise more: weight decay, dropout, augmentation"))
        }
        var seen: Set<[String: String]> = []
        return [keep] + found.filter { $0.set.isEmpty || seen.insert($0.set).inserted }
            + [.init("train on more rows or fewer features")]
    }
}

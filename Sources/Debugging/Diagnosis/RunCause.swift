import Events

/// Why a run is ill, as far as alerts tell it.
enum RunCause: Hashable {
    /// What a rule found in the data before the first step, or in the order or on the scales in which it is fed.
    case data(rule: String)
    /// A setting that was chosen by hand.
    case setting(String)
    case stepsTooLarge, stepsUnsuited, tooShort, learnsByHeart, learnsTooLittle, noSignal, weightsUnchanged
    /// Weights stand still since no gradient comes as far as them.
    case noGradient
    /// Where its time goes holds it back; what it learns is the same.
    case performance(rule: String)
    /// A fault in how a script trains, which a rule names.
    case script(rule: String)
    /// What only its rule knows.
    case other(rule: String)

    /// A stable word.
    var word: String {
        switch self {
        case .data(let rule), .performance(let rule), .script(let rule), .other(let rule):
            rule.prefix(1).lowercased() + rule.dropFirst()
        case .setting: "setting"
        case .stepsTooLarge: "stepsTooLarge"
        case .stepsUnsuited: "stepsUnsuited"
        case .tooShort: "tooShort"
        case .learnsByHeart: "learnsByHeart"
        case .learnsTooLittle: "learnsTooLittle"
        case .noSignal: "noSignal"
        case .weightsUnchanged: "weightsUnchanged"
        case .noGradient: "noGradient"
        }
    }

    /// Rules that look at the data alone, or at how it is fed.
    static let dataRules: Set = [
        DataOrder.name, FeatureScale.name, Leakage.name, PredictiveIdentifier.name, TargetKind.name, SplitOverlap.name,
        DataShift.name, SentinelValues.name, Outliers.name, RareClass.name, FewRows.name, CollinearFeatures.name,
        LabelNoise.name,
    ]

    /// Rules that name a fault in a script's code.
    private static let scriptRules: Set = [
        LossInput.name, LossDirection.name, GradientsNotZeroed.name, StepsWithoutGradient.name, ParametersLeftOut.name,
        InitialWeights.name, ModuleMode.name, LearningRateGone.name, StrongRegularisation.name, ClippedGradients.name,
        JudgedInputs.name, NonFiniteRows.name, SameBatch.name, SummedLoss.name,
    ]

    /// Rules that see inside a network why its loss does what it does.
    private static let innerRules: Set = [VanishingGradients.name, SaturatedUnits.name, DeadUnits.name]

    /// Whether it was seen inside of the network.
    var isInner: Bool {
        if case .other(let rule) = self { Self.innerRules.contains(rule) } else { false }
    }

    /// Whether wrong targets would look the same: a model finds nothing that holds for rows that it has not seen, or less than there is.
    var leavesTargetsInDoubt: Bool { [.noSignal, .learnsByHeart, .learnsTooLittle].contains(self) }

    /// The cause that an alert tells of by itself.
    init(_ alert: Alert, _ run: RunRecord) {
        if Self.dataRules.contains(alert.rule) {
            self = .data(rule: alert.rule)
        } else if RuleCatalogue.profiler.contains(where: { $0.name == alert.rule }) {
            self = .performance(rule: alert.rule)
        } else if Self.scriptRules.contains(alert.rule) {
            self = .script(rule: alert.rule)
        } else if let name = Self.namedSetting(alert, run) {
            self = .setting(name)
        } else {
            self = Self.symptomatic(alert)
        }
    }

    /// The setting chosen by hand that an alert's cause begins with, and its first remedy takes back.
    private static func namedSetting(_ alert: Alert, _ run: RunRecord) -> String? {
        let set = alert.remedies.first { !$0.set.isEmpty }?.set ?? [:]
        return set.keys.sorted().first { run.isSetByHand($0) && alert.cause.contains("\($0) is ") }
    }

    private static func symptomatic(_ alert: Alert) -> RunCause {
        let sets = Set(alert.remedies.first { !$0.set.isEmpty }?.set.keys.map { $0 } ?? [])
        switch alert.rule {
        case LossNotDecreasing.name, NoBetterThanConstant.name:
            if sets.contains("shuffle") { return .data(rule: DataOrder.name) }
            if sets.contains("normalize_data") || sets.contains("normalize_label") { return .data(rule: FeatureScale.name) }
            return alert.rule == NoBetterThanConstant.name && sets.isEmpty ? .noSignal : .stepsUnsuited
        case Divergence.name, NonFiniteLoss.name, NonFiniteTensor.name, LargeUpdates.name: return .stepsTooLarge
        case UnchangedWeights.name:
            let length = alert.evidence.first { $0.name == UnchangedWeights.gradientLength }?.value
            return length == 0 ? .noGradient : .weightsUnchanged
        case FlatLoss.name: return .stepsUnsuited
        case Overfit.name: return .learnsByHeart
        case UnchangedLoss.name: return .weightsUnchanged
        case StillImproving.name: return .tooShort
        case WorseThanOneColumn.name: return .learnsTooLittle
        default: return .other(rule: alert.rule)
        }
    }

    /// Whether another alert's finding follows from this cause, where that alert names no cause of its own.
    func explains(_ other: RunCause) -> Bool {
        switch (self, other) {
        case (_, .data), (_, .setting), (_, .script), (_, .performance), (.performance, _): false
        case (.script(let rule), _): Self.scriptExplains(rule, other)
        case (.setting, .other), (.setting, .stepsTooLarge), (.setting, .stepsUnsuited), (.setting, .tooShort),
            (.setting, .learnsTooLittle), (.setting, .noSignal), (.setting, .learnsByHeart):
            true
        case (.data(let rule), _): Self.dataExplains(rule, other)
        case (.other, .stepsUnsuited), (.other, .noSignal), (.other, .learnsTooLittle), (.other, .tooShort),
            (.other, .noGradient):
            isInner
        case (.weightsUnchanged, .stepsUnsuited), (.weightsUnchanged, .noSignal), (.noGradient, .stepsUnsuited),
            (.noGradient, .noSignal):
            true
        case (.stepsTooLarge, .stepsUnsuited), (.stepsTooLarge, .learnsTooLittle), (.stepsTooLarge, .noSignal),
            (.stepsTooLarge, .other):
            true
        case (.noSignal, .stepsUnsuited), (.noSignal, .learnsByHeart), (.noSignal, .learnsTooLittle), (.noSignal, .tooShort):
            true
        case (.stepsUnsuited, .learnsTooLittle), (.stepsUnsuited, .tooShort), (.stepsUnsuited, .noSignal): true
        case (.learnsTooLittle, .tooShort): true
        default: false
        }
    }

    /// What is wrong with the rows that judge explains nothing of what happens to those that are learned from.
    private static func scriptExplains(_ rule: String, _ other: RunCause) -> Bool {
        switch rule {
        case ModuleMode.name, JudgedInputs.name: other == .noSignal || other == .learnsByHeart || other == .tooShort
        // What is frozen may be so on purpose, and learns the less by heart.
        case ParametersLeftOut.name: other != .learnsByHeart
        case SameBatch.name: other == .learnsByHeart || other == .noSignal
        default: true
        }
    }

    private static func dataExplains(_ rule: String, _ other: RunCause) -> Bool {
        switch rule {
        case DataOrder.name, FeatureScale.name: return true
        // A few rows far out are no reason to end too early.
        case SentinelValues.name, Outliers.name: return other != .tooShort
        case DataShift.name, SplitOverlap.name, FewRows.name, RareClass.name, LabelNoise.name:
            return other == .noSignal || other == .learnsByHeart
        case TargetKind.name: return other == .learnsTooLittle || other == .noSignal
        default: return false
        }
    }
}

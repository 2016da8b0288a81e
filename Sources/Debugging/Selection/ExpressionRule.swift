import CheckedNumbers
import Events

/// A rule that a user wrote, at work.
struct ExpressionRule: LiveRule {
    private let rule: OwnRule
    private let parts: [RuleExpression]
    private var program: RuleProgram
    private var recovery: Recovery
    /// Whether the condition holds, since when, and at how many evaluations.
    private var isHolding = false
    private var start = (step: 0, epoch: 0.0)
    private var evaluationCount = 0.0
    private var suspicions = 0
    private var isSuspected = false
    /// How many looks there were.
    private var looks = 0
    /// What was told and not looked at yet: the samples of one event are looked at together.
    private var pending: (sequence: UInt64, step: Int, epoch: Double, isEvaluation: Bool)?
    /// Which sources the metrics of a channel are.
    private var channel: (metrics: [MetricName], places: [[Int]]) = ([], [])
    private let readsOtherSplits: Bool
    private static let mostSuspicions = 3

    init(_ rule: OwnRule) {
        self.rule = rule
        parts = rule.condition.comparedParts
        program = RuleProgram(rule.condition, watching: parts)
        recovery = Recovery(
            after: rule.duration?.unit == .epochs ? 50 : min(max(5, Int(nearestWithin: rule.duration?.count ?? 0)), 1_000))
        readsOtherSplits = rule.condition.sources.contains { source in
            if case .metric(let name) = source { MetricName(name).split != "train" && name.contains(":") } else { false }
        }
    }

    var name: String { rule.name }
    var summary: String { rule.summary }
    var clears: Bool { true }

    var waits: RuleWait? {
        for (source, place) in program.sources where !program.isKnown(at: place) {
            return RuleWait(0, of: 1, "values of \(source.text)")
        }
        // What its windows need.
        let needed = rule.condition.longestWindow
        return isAnswered ? nil : RuleWait(min(looks, needed - 1), of: needed, "values of \(sourceWords)")
    }

    private var isAnswered = false
    private var sourceWords: String { rule.condition.sources.map(\.text).joined(separator: ", ") }

    var metricNames: [String] {
        rule.condition.sources.compactMap { if case .metric(let name) = $0 { name } else { nil } }
    }

    func looks(at metric: MetricName, of run: RunRecord) -> Bool { program.sources.contains { $0.source.isMetric(metric) } }

    func looksAtTensors(of run: RunRecord) -> Bool {
        program.sources.contains { if case .tensor = $0.source { true } else { false } }
    }

    mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        switch input {
        case .samples(let stretch): return look(at: stretch)
        case .tensors(let tensors):
            let finding = lookAtPending()
            var isTold = false
            for (source, place) in program.sources {
                guard case .tensor(let name, let statistic) = source, let value = tensors[name].flatMap(statistic.value) else {
                    continue
                }
                program.tell(value, at: place)
                isTold = true
            }
            if isTold { pending = (0, tensors.step, tensors.epoch, true) }
            return finding ?? lookAtPending()
        case .ended: return lookAtPending()
        default: return nil
        }
    }

    private mutating func look(at stretch: SampleStretch) -> RuleFinding? {
        if channel.metrics != stretch.metrics {
            let sources = program.sources
            channel = (
                stretch.metrics,
                stretch.metrics.map { metric in sources.filter { $0.source.isMetric(metric) }.map(\.place) }
            )
        }
        var found: RuleFinding?
        let finding = stretch.firstVerdict { sample in
            if let pending, pending.sequence != sample.sequence { found = lookAtPending() }
            let index = Int(sample.metric)
            for place in channel.places[index] { program.tell(sample.value, at: place) }
            let isEvaluation = !readsOtherSplits || stretch.metrics[index].split != "train"
            pending = (sample.sequence, sample.step, sample.epoch, isEvaluation || pending?.isEvaluation ?? false)
            return found?.verdict
        }
        if let finding { return RuleFinding(finding.verdict, at: finding.place, step: found?.step) }
        return lookAtPending().map { RuleFinding($0.verdict, at: stretch.last ?? 0, step: $0.step) }
    }

    /// Looks at what was told last.
    private mutating func lookAtPending() -> RuleFinding? {
        guard let (_, step, epoch, isEvaluation) = pending else { return nil }
        pending = nil
        looks += 1
        for (source, place) in program.sources {
            switch source {
            case .step: program.tell(Double(step), at: place, isNews: false)
            case .epoch: program.tell(epoch, at: place, isNews: false)
            case .metric, .tensor: break
            }
        }
        guard let holds = program.look() else { return nil }
        isAnswered = true
        return take(holds, step, epoch, isEvaluation).map { RuleFinding($0, step: step) }
    }

    private mutating func take(_ holds: Bool, _ step: Int, _ epoch: Double, _ isEvaluation: Bool) -> RuleVerdict? {
        if recovery.isRaised {
            guard recovery.look(isWell: !holds) else { return nil }
            isHolding = false
            return .cleared("\(rule.condition.text) holds no more")
        }
        guard holds else {
            isHolding = false
            defer { isSuspected = false }
            return isSuspected ? .calmed : nil
        }
        if !isHolding { (isHolding, start, evaluationCount) = (true, (step, epoch), 0) }
        if isEvaluation { evaluationCount += 1 }
        guard let duration = rule.duration else { return raise(step) }
        let held = held(duration.unit, step, epoch), needed = duration.count * Double(recovery.patience(1))
        // Epochs are fractions, which rounding may leave a hair short.
        if held >= needed * (1 - 1e-12) { return raise(step) }
        guard held >= needed / 2, !isSuspected, suspicions < Self.mostSuspicions else { return nil }
        (isSuspected, suspicions) = (true, suspicions + 1)
        return .suspected("\(rule.condition.text) for \(OwnRule.Duration(count: held, unit: duration.unit).text)")
    }

    private func held(_ unit: OwnRule.Duration.Unit, _ step: Int, _ epoch: Double) -> Double {
        switch unit {
        case .steps: Double(step - start.step) + 1
        case .epochs: epoch - start.epoch
        case .evaluations: evaluationCount
        }
    }

    private mutating func raise(_ step: Int) -> RuleVerdict {
        recovery.raise()
        isSuspected = false
        let values = zip(parts, program.watchedValues).compactMap { part, value in
            value.map { Alert.Evidence(part.text, $0) }
        }
        let tensor = rule.condition.sources.lazy.compactMap { source -> String? in
            if case .tensor(let name, _) = source { name } else { nil }
        }.first
        let numbers = values.map { "\($0.name) is \(rounded($0.value))" }.joined(separator: ", ")
        return .raised(
            Alert(
                rule: rule.name, severity: rule.severity, step: step,
                summary: rule.message ?? (numbers.isEmpty ? rule.summary : numbers),
                evidence: values, cause: "the run's own rule holds: \(rule.summary)", remedies: rule.remedies, tensor: tensor,
                sampleSize: looks))
    }
}

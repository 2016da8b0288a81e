import Events

/// Makes diagnoses of what a run recorded: the same events give the same diagnoses, of old runs too.
public struct RunDiagnosing {
    let run: RunRecord
    let data: TrainingDataSummary?
    let algorithm: AlgorithmDescription?
    /// Alerts that stand, with their numbers among all that were raised.
    let alerts: [(number: Int, alert: Alert)]

    /// Alerts of one cause, the one that tells of it first.
    struct Group {
        var cause: RunCause
        var alerts: [(number: Int, alert: Alert)]
    }

    /// - Parameters:
    ///   - algorithm: what trained, where it is one of ours.
    ///   - events: the run's, in order; those of other kinds may be among them.
    public init(run: RunRecord, algorithm: AlgorithmDescription? = nil, events: some Sequence<StudioEvent>) {
        self.run = run
        self.algorithm = algorithm
        let events = Array(events)
        data =
            events.reversed().lazy.compactMap { event in
                if case .job(.trainingDataSummarised(let data)) = event.kind { data } else { nil }
            }.first
        alerts = RaisedAlert.all(in: events).enumerated().filter { $0.element.cleared == nil }.map {
            (number: $0.offset + 1, alert: $0.element.alert)
        }
    }

    /// What is wrong, the gravest first; empty where no alert stands.
    public func diagnoses() -> [Diagnosis] {
        let groups = groups()
        var found = groups.map { diagnosis($0) }
        if let place = groups.firstIndex(where: { $0.cause.leavesTargetsInDoubt }),
            !groups.contains(where: { $0.cause == .data(rule: LabelNoise.name) }), let other = wrongTargets(beside: groups[place])
        {
            found.insert(other, at: place + 1)
        }
        return found
    }

    /// Alerts by cause: those that follow from another one's cause are with that one.
    private func groups() -> [Group] {
        var groups: [Group] = []
        for entry in alerts {
            let cause = RunCause(entry.alert, run)
            if let place = groups.firstIndex(where: { $0.cause == cause }) {
                groups[place].alerts.append(entry)
            } else {
                groups.append(Group(cause: cause, alerts: [entry]))
            }
        }
        // What is known for certain before the first step, then what was chosen, then what is seen; in each, who came first.
        let roots = groups.enumerated().sorted {
            (Self.depth($0.element.cause), Self.reach($0.element.cause), $0.offset) < (
                Self.depth($1.element.cause), Self.reach($1.element.cause), $1.offset
            )
        }
        .map(\.element.cause)
        for cause in groups.map(\.cause) {
            guard
                let root = roots.first(where: { root in
                    root != cause && explains(root, cause) && groups.contains { $0.cause == root }
                }),
                let place = groups.firstIndex(where: { $0.cause == cause }),
                let rootPlace = groups.firstIndex(where: { $0.cause == root })
            else { continue }
            groups[rootPlace].alerts += groups[place].alerts
            groups.remove(at: place)
        }
        return groups.enumerated().sorted { left, right in
            let (one, other) = (left.element, right.element)
            return (Self.rank(one), Self.depth(one.cause), left.offset) < (
                Self.rank(other), Self.depth(other.cause), right.offset
            )
        }.map(\.element)
    }

    /// Where a class is rare, but others are not, a model has enough to tell.
    private func explains(_ root: RunCause, _ other: RunCause) -> Bool {
        if root == .data(rule: RareClass.name),
            let share = data?.findings.first(where: { $0.kind == .rareClass })?.figures.first(where: {
                $0.name == RareClass.largestShare
            })
        {
            return share.value >= RareClass.leastLargest && root.explains(other)
        }
        return root.explains(other)
    }

    /// Of what is wrong with the data, what harms every step comes before what harms a few rows.
    private static func reach(_ cause: RunCause) -> Int {
        switch cause {
        case .data(DataOrder.name), .data(FeatureScale.name): 0
        default: 1
        }
    }

    private static func depth(_ cause: RunCause) -> Int {
        switch cause {
        case .data, .script: 0
        case .setting: 1
        case .stepsTooLarge, .weightsUnchanged, .noGradient: 2
        case .other where cause.isInner: 2
        case .noSignal: 3
        case .stepsUnsuited, .learnsByHeart, .other: 4
        case .learnsTooLittle: 5
        case .tooShort: 6
        case .performance: 7
        }
    }

    /// The gravest severity of a group, 0 the worst.
    private static func rank(_ group: Group) -> Int {
        let order: [Alert.Severity] = [.issue, .warning, .info]
        return group.alerts.compactMap { order.firstIndex(of: $0.alert.severity) }.min() ?? order.count
    }

    private func diagnosis(_ group: Group) -> Diagnosis {
        let severities: [Alert.Severity] = [.issue, .warning, .info]
        return Diagnosis(
            cause: group.cause.word, title: title(group), severity: severities[min(Self.rank(group), 2)],
            symptoms: group.alerts.map { .init(number: $0.number, rule: $0.alert.rule) },
            supporting: supporting(group), opposing: opposing(group), useless: useless(group), remedies: remedies(group))
    }

    func title(_ group: Group) -> String {
        guard let first = group.alerts.first?.alert else { return group.cause.word }
        switch group.cause {
        case .data(FeatureScale.name): return "features or the target are on scales that no step size suits"
        case .data(DataOrder.name): return "rows are fed in the order of the target"
        case .data, .script: return first.summary
        case .setting(let name): return "\(name) is \(run.hyperparameters[name] ?? "")"
        case .stepsTooLarge: return "the steps are too large"
        case .stepsUnsuited: return "the steps get nowhere"
        case .tooShort: return "it ended too early"
        case .learnsByHeart: return "it learns its training rows by heart"
        case .learnsTooLittle: return "it learns less than is there to be learned"
        case .weightsUnchanged: return "the weights do not change"
        case .noGradient: return "no gradient reaches some of the weights"
        case .noSignal: return "the features tell nothing about the target"
        case .performance: return first.summary
        case .other: return first.cause.isEmpty ? first.summary : first.cause
        }
    }

    /// Those of the alert that tells of the cause, then what others advise that name the same settings.
    private func remedies(_ group: Group) -> [Alert.Remedy] {
        guard let first = group.alerts.first?.alert else { return [] }
        let settings = Set(first.remedies.flatMap(\.set.keys))
        var remedies = first.remedies
        for other in group.alerts.dropFirst().flatMap(\.alert.remedies) {
            let isSame = remedies.contains { other.set.isEmpty ? $0.text == other.text : $0.set == other.set }
            if !isSame, settings.isEmpty || !other.set.isEmpty && settings.isSuperset(of: other.set.keys) {
                remedies.append(other)
            }
        }
        return remedies
    }
}

import Events

// Answers that people try, and why they would not help here.
extension RunDiagnosing {
    func useless(_ group: Group) -> [Diagnosis.Useless] {
        // What only holds a run back a larger machine may well help.
        if case .performance = group.cause { return [] }
        var answers: [Diagnosis.Useless] = []
        func add(_ answer: String, _ why: String) { answers.append(.init(answer, why)) }
        add("a bigger machine", "it would come to the same losses, only sooner")
        if let why = moreEpochs(group.cause) { add("more epochs", why) }
        if let data, data.isNormalised, run.hyperparameters["normalize_data"] == "true", usesSteps, isOfSteps(group.cause) {
            add("normalisation off", "features would lie on their own scales again, and one step size would have to suit all")
        }
        if let why = higherRate(group.cause), usesSteps { add("a higher learning rate", why) }
        if let dropout = run.hyperparameters["dropout"].flatMap(Double.init), let why = lowerDropout(group.cause, dropout) {
            add("a lower dropout", why)
        }
        if let why = moreRoom(group.cause) { add("a larger model", why) }
        return answers
    }

    private var usesSteps: Bool { run.hyperparameters["learning_rate"] != nil }

    private func isOfSteps(_ cause: RunCause) -> Bool {
        switch cause {
        case .stepsTooLarge, .stepsUnsuited, .setting: true
        case .data(let rule): rule == DataOrder.name || rule == Outliers.name || rule == SentinelValues.name
        default: false
        }
    }

    private func moreEpochs(_ cause: RunCause) -> String? {
        switch cause {
        case .data(Leakage.name), .data(PredictiveIdentifier.name): "it would read the same off the column"
        case .data(DataOrder.name): "each epoch undoes what the one before taught"
        case .data(SplitOverlap.name): "the rows that judge would be known by heart even better"
        case .stepsTooLarge: "the loss would go on growing"
        case .learnsByHeart: "the training loss would fall on, and the validation loss not"
        case .weightsUnchanged, .noGradient: "nothing changes however long it takes"
        case .noSignal: "there is nothing to learn however long it takes"
        default: nil
        }
    }

    private func higherRate(_ cause: RunCause) -> String? {
        switch cause {
        case .stepsTooLarge: return "steps overshoot already"
        case .setting(let name) where ["learning_rate", "momentum", "beta_1", "beta_2"].contains(name):
            guard let rate = run.hyperparameters["learning_rate"].flatMap(Double.init), rate >= 0.1 else { return nil }
            return "\(rounded(rate)) is a large one already"
        case .setting(let name) where ["l1", "wd", "weight_decay", "dropout", "label_smoothing", "augment_noise"].contains(name):
            return "\(name) would hold it back as much"
        case .data(FeatureScale.name), .data(Outliers.name), .data(SentinelValues.name):
            return "it would overshoot in the wide columns before it moves in the narrow ones"
        case .noSignal: return "it would lead to the same place, a constant's loss"
        default: return nil
        }
    }

    private func lowerDropout(_ cause: RunCause, _ dropout: Double) -> String? {
        switch cause {
        case .learnsByHeart: return "it would learn by heart sooner"
        case .stepsTooLarge, .stepsUnsuited, .data, .noSignal:
            return dropout < 0.3 ? "dropout is \(rounded(dropout)): little is dropped" : nil
        case .setting(let name):
            return name != "dropout" && dropout < 0.3 ? "dropout is \(rounded(dropout)): little is dropped" : nil
        default: return nil
        }
    }

    private func moreRoom(_ cause: RunCause) -> String? {
        switch cause {
        case .learnsByHeart: "it has room enough to remember its rows"
        case .noSignal: "a larger one would learn its training rows by heart, and nothing about others"
        case .data(Leakage.name): "one column says it all"
        case .data(LabelNoise.name): "it would learn the wrong labels by heart"
        case .stepsTooLarge: "larger ones take smaller steps, not larger ones"
        default: nil
        }
    }
}

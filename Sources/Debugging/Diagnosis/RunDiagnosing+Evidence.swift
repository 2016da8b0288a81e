import Events

// What speaks for a cause, and what against it.
extension RunDiagnosing {
    func supporting(_ group: Group) -> [String] {
        var lines = group.alerts.map(\.alert.summary)
        if case .setting(let name) = group.cause {
            let usual = algorithm?.hyperparameters.first { $0.name == name }?.defaultValue
            lines.insert(
                "\(name) was set to \(run.hyperparameters[name] ?? "") by hand" + (usual.map { "; \($0) is usual" } ?? ""), at: 0)
            if let why = group.alerts.first?.alert.cause { lines.insert(why, at: 1) }
        } else if let first = group.alerts.first?.alert, !first.cause.isEmpty {
            lines.append(first.cause)
        }
        // What the title says need not be said again.
        var seen: Set<String> = lines.count > 1 ? [title(group)] : []
        return lines.filter { !$0.isEmpty && seen.insert($0).inserted }
    }

    func opposing(_ group: Group) -> [String] {
        switch group.cause {
        case .data(Leakage.name):
            return ["a column may be known before the outcome all the same: only its owner knows"]
        case .data, .script: return []
        case .setting(let name):
            let others = run.request.hyperparameters.keys.filter { $0 != name && mayMatter($0) }.sorted()
            if others.isEmpty { return [] }
            return ["\(others.prefix(3).joined(separator: ", ")) \(others.count == 1 ? "was" : "were") set by hand, too"]
        case .stepsTooLarge: return isRateUsual ? ["the rate was not set by hand"] : []
        case .stepsUnsuited, .learnsTooLittle, .tooShort, .weightsUnchanged, .noGradient: return []
        case .learnsByHeart:
            let isKept = run.hyperparameters["early_stopping_patience"].map { $0 != "off" } ?? false
            return isKept ? ["early stopping keeps the best model: little is lost"] : []
        case .noSignal: return signal.map { [$0] } ?? []
        case .performance, .other: return []
        }
    }

    /// What else the symptoms of a cause may come of, where rows like theirs do not tell the targets: wrong targets and open outcomes look alike.
    func wrongTargets(beside group: Group) -> Diagnosis? {
        guard let finding = data?.findings.first(where: { $0.kind == .untoldTargets }), let target = finding.columns.first else {
            return nil
        }
        // No alert tells of them: the rows stand here.
        let rows = finding.rows.prefix(10).map(String.init).joined(separator: ", ")
        return Diagnosis(
            cause: RunCause.data(rule: LabelNoise.name).word, title: "some values of \(target) may be wrong", severity: .info,
            symptoms: group.alerts.map { .init(number: $0.number, rule: $0.alert.rule) },
            supporting: [finding.summary] + (rows.isEmpty ? [] : ["the farthest off: rows \(rows)"]),
            opposing: ["an outcome that these columns leave open looks the same: nothing in the table tells which it is"],
            useless: [], remedies: rows.isEmpty ? [] : [.init("look at these rows, and mend what is wrong")])
    }

    /// Whether a setting has to do with how a run learns.
    private func mayMatter(_ name: String) -> Bool {
        !["objective", "early_stopping_patience", "early_stopping_tolerance", "max_runtime", "target_value"].contains(name)
            && algorithm?.hyperparameters.first { $0.name == name }?.defaultValue != run.hyperparameters[name]
    }

    var isRateUsual: Bool { !run.isSetByHand("learning_rate") && !run.isSetByHand("eta") }

    /// What one column tells, where it is worth a word.
    var signal: String? {
        guard let column = data?.singleColumn, column.lossShare < 0.95 else { return nil }
        return "\(column.column) alone takes \(rounded((1 - column.lossShare) * 100)) % off a constant's loss"
    }
}

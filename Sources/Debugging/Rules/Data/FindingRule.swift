import Events
import FindingKinds
import PrintableText

/// A rule that speaks of what was found in the data before the first step.
protocol FindingRule: Rule {
    /// The findings that it speaks of.
    static var kinds: Set<FindingKind> { get }

    /// What is said of them; nil where they do no harm to what trains.
    ///
    /// - Parameter findings: of these kinds, one at least.
    static func alert(_ findings: [DataFinding], _ data: TrainingDataSummary, _ run: RunRecord) -> Alert?
}

extension FindingRule {
    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        guard case .trainingData(let data) = input else { return nil }
        let findings = data.findings.filter { Self.kinds.contains($0.kind) }
        guard !findings.isEmpty else { return nil }
        guard var alert = Self.alert(findings, data, run) else { return nil }
        // A script may have mended single columns before it learns from them: what it was handed is not what it feeds.
        if run.request.isScript, !Self.kinds.isDisjoint(with: Self.mendable) {
            alert.severity = .info
            alert.cause += ", unless the script mends it before it learns"
        }
        // Options of the command line are for our own learners.
        if run.request.isScript {
            alert.remedies = alert.remedies.map { Alert.Remedy($0.text.replacing(#/ \(--[^)]*\)/#, with: "")) }
        }
        return RuleFinding(alert)
    }

    public func inapplicable(to run: RunRecord) -> String? {
        guard run.request.isScript else { return nil }
        if run.request.datasetPath.isEmpty { return "the script was handed no data: what it reads by itself is not looked at" }
        let needsTarget = !Self.kinds.isDisjoint(with: [.leakage, .identifier, .classesAsNumbers, .rareClass])
        return needsTarget && run.request.target == nil ? "no column was named with --target" : nil
    }

    private static var mendable: Set<FindingKind> { [.sentinel, .outliers, .targetOutliers, .collinear] }

    /// An alert before the first step, with the figures of the first finding.
    static func alert(
        _ severity: Alert.Severity, _ findings: [DataFinding], cause: String, remedies: [Alert.Remedy]
    ) -> Alert {
        let others = findings.dropFirst().flatMap(\.columns)
        let also =
            others.isEmpty
            ? ""
            : "; the same of \(others.prefix(3).joined(separator: ", "))"
                + (others.count > 3 ? " and \(others.count - 3) more" : "")
        return Alert(
            rule: name, severity: severity, step: 0, summary: (findings.first?.summary ?? "") + also,
            evidence: findings.first?.figures ?? [], cause: cause, remedies: remedies,
            column: findings.first?.columns.first)
    }

    /// Options that leave columns out, as a shell takes them.
    static func dropOptions(_ columns: [String]) -> String {
        columns.map { "--drop \($0.shellWord)" }.joined(separator: " ")
    }

    /// Whether features are added up with weights, or meet in distances, so that their scale matters: all but trees.
    static func usesScale(_ run: RunRecord) -> Bool { run.hyperparameters["num_round"] == nil }
}

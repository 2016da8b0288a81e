import CheckedNumbers
import Events

/// How labels come in the batches of a script: whether those of one batch are more alike than those of all.
enum BatchLabels {
    /// Likeness from which on batches are of one kind, 1 being batches of a single class; and how certain it has to be.
    static let likeness = 0.3, threshold = 6.0
    private static let leastGroups = 8.0

    static func alert(_ seen: TrainingObservation) -> Alert? {
        guard let alike = seen["likeness in a batch"], alike > likeness, let z = seen["z"], z > threshold,
            let groups = seen["groups"], groups >= leastGroups
        else { return nil }
        let isOfClasses = seen.words["kind"] == "classes"
        return Alert(
            rule: DataOrder.name, severity: .issue, step: seen.step,
            summary: isOfClasses
                ? "batches hold next to one class each, in their order (z = \(rounded(z)) > \(rounded(threshold)))"
                : "targets of one batch are alike, those of the next are others (z = \(rounded(z)) > \(rounded(threshold)))",
            evidence: seen.evidence("likeness in a batch", "z", "groups", "rows") + [.init("threshold", threshold)],
            cause: "rows are sorted and never shuffled: training sees one kind of row at a time and forgets the others",
            remedies: [.init("shuffle the rows before each epoch: DataLoader(…, shuffle=True), or torch.randperm")],
            sampleSize: seen["rows"].flatMap { Int(nearest: $0) }, errorRate: 1e-9)
    }
}

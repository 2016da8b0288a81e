import CheckedNumbers
import Events

/// On which scales a script feeds its inputs, and whether they need normalising.
struct InputScale {
    /// Ratio of deviations, distance from 0 in deviations, and size that one step size suits.
    private static let ratio = 100.0, offset = 30.0, size = 10.0, leastRows = 32.0
    /// Layers that bring their input to one scale by themselves.
    private static let normalising = ["BatchNorm", "LayerNorm", "GroupNorm", "InstanceNorm", "RMSNorm", "Embedding"]

    private var isNormalised = false

    /// The alert of a script's inputs; nil where they are well.
    mutating func look(_ seen: TrainingObservation) -> Alert? {
        if seen.name == "model" {
            isNormalised = seen.words["first"].map { first in Self.normalising.contains { first.contains($0) } } ?? false
            return nil
        }
        guard !isNormalised, seen["rows"] ?? 0 >= Self.leastRows, let widest = seen["widest deviation"],
            let narrowest = seen["narrowest deviation"], narrowest > 0, let size = seen["size"]
        else { return nil }
        let offset = seen["offset in deviations"] ?? 0, wide = column("widest", seen)
        // Columns that are seldom another than 0 are narrow, and well.
        if widest / narrowest > Self.ratio, widest > 3 {
            return alert(
                .issue, seen, "\(wide) varies \(rounded(widest / narrowest)) times as much as \(column("narrowest", seen))",
                [.init("ratio of standard deviations", widest / narrowest), .init("threshold", Self.ratio)],
                "a step that suits one feature is far too large or too small for another")
        }
        if offset > Self.offset {
            return alert(
                .issue, seen, "\(column("most offset", seen)) lies \(rounded(offset)) standard deviations away from 0",
                [.init("mean in standard deviations", offset), .init("threshold", Self.offset)],
                "its mean is taken for an intercept: what it varies by hardly counts in a step")
        }
        guard size > Self.size else { return nil }
        let isOfBytes = seen["smallest"] ?? -1 >= 0 && (129...255).contains(seen["largest"] ?? 0)
        return alert(
            size > 100 ? .issue : .warning, seen,
            isOfBytes && seen.words["kind"] == "images"
                ? "images are fed as 0 to 255, without being normalised"
                : "inputs are of the size of \(rounded(size)), and are not normalised",
            [.init("size", size), .init("threshold", Self.size)],
            "weights and rates are made for inputs of the size of 1: the first layer's gradients are that many times too large")
    }

    private func column(_ word: String, _ seen: TrainingObservation) -> String {
        "input \(seen.words["kind"] == "table" ? "column" : "channel") \(seen.words[word] ?? "")"
    }

    private func alert(
        _ severity: Alert.Severity, _ seen: TrainingObservation, _ summary: String, _ evidence: [Alert.Evidence], _ cause: String
    ) -> Alert {
        Alert(
            rule: FeatureScale.name, severity: severity, step: seen.step, summary: summary, evidence: evidence, cause: cause,
            remedies: [
                .init(
                    "normalise the inputs to mean 0 and deviation 1, by the training rows' means and deviations: (x - x.mean(0)) / x.std(0)"
                )
            ], sampleSize: seen["rows"].flatMap { Int(nearest: $0) })
    }
}

import CheckedNumbers
import Events

/// Dropout or batch normalisation is in training mode while the model judges, or the model trains in evaluation mode after it had begun in
/// the other.
///
/// Judging is what is done without gradients between many steps, as at the end of an epoch: passes without gradients between every two
/// steps belong to the training itself, as of a generator.
public struct ModuleMode: ObservationRule {
    public static let name = "ModuleMode"
    public static let summary = "dropout or batch normalisation is in the wrong mode while the model judges or trains"
    public static let observed: Set = ["modes"]
    private static let leastBlocks = 2.0, leastSteps = 4.0, share = 0.9

    public init() {}

    mutating func look(_ seen: TrainingObservation, of run: RunRecord) -> Alert? {
        judging(seen) ?? training(seen)
    }

    private func judging(_ seen: TrainingObservation) -> Alert? {
        guard let passes = seen["judging passes"], let blocks = seen["blocks"], blocks >= Self.leastBlocks,
            let steps = seen["steps"], steps >= Self.leastSteps * blocks
        else { return nil }
        let dropout = seen["with dropout"] ?? 0, norm = seen["with batch norm"] ?? 0
        guard max(dropout, norm) >= Self.share * passes else { return nil }
        let isDropout = dropout >= norm, layer = seen.words[isDropout ? "dropout" : "norm"] ?? ""
        return Self.alert(
            .warning, seen,
            "\(layer) is in training mode while the model judges, at \(rounded(max(dropout, norm))) of \(rounded(passes)) passes",
            evidence: seen.evidence("judging passes", "with dropout", "with batch norm", "blocks", "steps"),
            cause: isDropout
                ? "dropout leaves units out at random while rows are judged: the validation loss is that of a worse model, and noisy"
                : "batch normalisation takes mean and deviation of the rows that it judges, and learns from them",
            remedies: ["model.eval() before judging, and model.train() before training goes on"],
            sampleSize: Int(nearest: passes), errorRate: 0)
    }

    private func training(_ seen: TrainingObservation) -> Alert? {
        guard let looked = seen["looked at"], let resting = seen["resting steps"], looked >= 40, resting >= 20, resting < looked,
            seen["rests"] == 1, seen.words["dropout"] != nil || seen.words["norm"] != nil
        else { return nil }
        return Self.alert(
            .warning, seen, "the model trains in evaluation mode, after it began in training mode",
            evidence: seen.evidence("looked at", "resting steps"),
            cause:
                "model.eval() was called to judge and model.train() not after it: dropout and batch normalisation do nothing any more",
            remedies: ["model.train() at the beginning of each epoch"], sampleSize: Int(nearest: looked), errorRate: 0)
    }
}

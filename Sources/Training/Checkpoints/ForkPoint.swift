import Events

/// Where a new run can branch off another one: at the checkpoints that it keeps, and at its best evaluation.
public enum ForkPoint {
    /// The places in a run's artifact folder.
    /// - Parameter recordedStep: the step up to which its curve is recorded.
    public static func places(inFolder folder: String, recordedStep: Int = .max) throws(TrainingError) -> ForkPlaces {
        let checkpoints = CheckpointFolder(path: folder)
        let newest = try checkpoints.newest(notAfter: recordedStep)
        return ForkPlaces(
            steps: try checkpoints.steps().filter { $0 <= recordedStep },
            bestStep: newest?.best.map(\.earlyStopping.bestStep))
    }

    /// Finds the checkpoint that a new run is to begin at.
    ///
    /// - Parameters:
    ///   - parent: the folder of the run it is forked from.
    ///   - recordedStep: the step up to which that run's curve is recorded; no later place is taken.
    /// - Throws: `badRequest` when there is no checkpoint there, with the steps there are.
    public static func find(
        inFolder parent: String, at place: ForkPlace, recordedStep: Int = .max
    ) throws(TrainingError) -> SavedPlace {
        let folder = CheckpointFolder(path: parent)
        let wanted = if case .notAfter(let step) = place { step } else { Int.max }
        guard var checkpoint = try folder.newest(notAfter: min(wanted, recordedStep)) else {
            let places = try places(inFolder: parent, recordedStep: recordedStep)
            let names = places.steps.sorted().map { "step \($0)" } + (places.bestStep.map { ["best (step \($0))"] } ?? [])
            let message =
                names.isEmpty
                ? "the run has no checkpoint: runs write one about once a second, and when they end, are paused or steered"
                : "the run has no checkpoint there: fork at \(names.joined(separator: ", "))"
            throw TrainingError(.badRequest, message, operation: "fork")
        }
        if case .best = place {
            guard checkpoint.best != nil else {
                throw TrainingError(
                    .badRequest, "the run was not evaluated before its newest checkpoint: fork at step \(checkpoint.step)",
                    operation: "fork")
            }
            checkpoint.startsAtBest = true
        }
        return SavedPlace(checkpoint: checkpoint)
    }

    /// Hands the checkpoint that a run was forked from to another one, which begins as it did.
    /// - Throws: `badCheckpoint` when it is not there or damaged.
    public static func copyOrigin(fromFolder folder: String, toFolder other: String) throws(TrainingError) {
        let origin = try CheckpointFolder(path: folder).readOrigin()
        try CheckpointFolder(path: other).writeOrigin(origin)
    }
}

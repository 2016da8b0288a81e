/// Where a new run can branch off another one: at its kept checkpoints, which are the newest two.
public enum ForkPoint {
    /// Hands the newest whole checkpoint that is not after `step` to a new run.
    ///
    /// - Returns: the checkpoint's step.
    /// - Throws: `badRequest` when there is none, with the steps there are.
    public static func copy(fromFolder parent: String, notAfter step: Int, toFolder child: String) throws(TrainingError) -> Int {
        let folder = CheckpointFolder(path: parent)
        guard let checkpoint = try folder.newest(notAfter: step) else {
            let steps = try folder.steps().sorted().map(String.init)
            let message =
                steps.isEmpty
                ? "the run has no checkpoint yet: runs write one about once a second, and when they are paused, stopped or steered"
                : "the run has no checkpoint at or before step \(step): only the newest two are kept, "
                    + "now \(steps.joined(separator: " and ")); fork at one of them"
            throw TrainingError(.badRequest, message, operation: "fork")
        }
        try CheckpointFolder(path: child).writeOrigin(checkpoint)
        return checkpoint.step
    }
}

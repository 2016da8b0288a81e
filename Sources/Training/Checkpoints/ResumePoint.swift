/// Where a run that ended early can go on.
public enum ResumePoint {
    /// The newest whole checkpoint in a run's artifact folder that is not ahead of its recorded curve; nil = only from the
    /// beginning.
    public static func find(inFolder folder: String, notAfter recordedStep: Int) throws(TrainingError) -> SavedPlace? {
        try CheckpointFolder(path: folder).newest(notAfter: recordedStep).map { SavedPlace(checkpoint: $0) }
    }

    /// Step of the newest whole checkpoint in a run's artifact folder that is not ahead of its recorded curve; nil = only from
    /// the beginning.
    public static func step(inFolder folder: String, notAfter recordedStep: Int) throws(TrainingError) -> Int? {
        try CheckpointFolder(path: folder).newest(notAfter: recordedStep)?.step
    }
}

/// The finer phase of a job in progress, in SageMaker's words (`Downloading` is `Preparing` here, `Uploading` is `Saving`).
public enum JobPhase: String, Hashable, Sendable, CaseIterable {
    case starting = "Starting"
    case preparing = "Preparing"
    case training = "Training"
    case saving = "Saving"
}

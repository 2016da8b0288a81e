import Events
import Synchronization

/// The prepared data of jobs that differ in nothing that data are prepared by: read, split and encoded once for all of them.
///
/// The newest preparation is kept. A job whose data differ, or stay in their file, prepares its own.
public final class PreparedData: Sendable {
    /// Settings by which data are prepared, or that decide what a job is asked for.
    private static let telling: Set<String> = [
        "image_shape", "shuffle", "predictor_type", "objective", "objective_metric", "num_class", "preset",
    ]

    // SAFETY: a preparation without a stream is values that nobody changes, handed from thread to thread.
    private struct Kept: @unchecked Sendable {
        var key: JobRequest
        var preparation: Preparation
    }

    private let ignored: Set<String>
    private let kept = Mutex<Kept?>(nil)

    /// - Parameter settings: hyperparameters in which the jobs differ.
    public init(differingIn settings: Set<String>) {
        ignored = settings.subtracting(Self.telling).subtracting(StreamingPlan.settingNames)
    }

    /// What was prepared for such a request, or what is now. While one job prepares, others wait for it.
    func preparation(
        for request: JobRequest, _ make: () throws(TrainingError) -> Preparation
    ) throws(TrainingError) -> Preparation {
        var key = request
        (key.name, key.remedies, key.rules) = (nil, nil, [])
        key.hyperparameters = request.hyperparameters.filter { !ignored.contains($0.key) }
        let found = try kept.withLock { known throws(TrainingError) -> Kept in
            if let known, known.key == key { return known }
            let made = Kept(key: key, preparation: try make())
            if made.preparation.stream == nil { known = made }
            return made
        }
        return found.preparation
    }
}

import Events
import JSON

/// Which tensors a script's package is asked to sum up: the variable `DESCENT_TENSORS`.
enum TensorWishes {
    /// nil where nothing is said.
    static func text(_ request: JobRequest) -> String? {
        guard request.debugSaveInterval != nil || request.debugCollections != nil else { return nil }
        let interval: JSONValue? = request.debugSaveInterval.map { text in Int(text).map { .integer($0) } ?? .string(text) }
        let collections = request.debugCollections.map { JSONValue.array(JobOption.words($0).map { .string($0) }) }
        return JSONValue.object(["interval": interval, "collections": collections]).text
    }
}

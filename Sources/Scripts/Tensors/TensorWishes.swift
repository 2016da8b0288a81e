import Events
import JSON

/// Which tensors a script's package is asked to sum up: the variable `DESCENT_TENSORS`.
enum TensorWishes {
    /// nil where nothing is said.
    static func text(_ request: JobRequest) -> String? {
        guard request.debugSaveInterval != nil || request.debugCollections != nil else { return nil }
        let asked = CaptureInterval(request.debugSaveInterval)
        let interval: JSONValue? =
            switch asked.steps {
            case .off: .string("off")
            case .every(let count): .integer(count)
            case .everyEpoch(let count): .string("\(count)e")
            case .automatic: request.debugSaveInterval == nil ? nil : .string("auto")
            }
        let evaluations: JSONValue? =
            switch asked.evaluations {
            case .off: .string("off")
            case .every(let count): .integer(count)
            case .automatic: nil
            }
        let collections = request.debugCollections.map { JSONValue.array(JobOption.words($0).map { .string($0) }) }
        return JSONValue.object(["interval": interval, "evaluations": evaluations, "collections": collections]).text
    }

    /// Where tensors that are saved whole go, and which: the variable `DESCENT_WHOLE_TENSORS`.
    ///
    /// - Parameter folder: where they lie.
    static func whole(_ request: JobRequest, folder: String) -> String {
        let wanted = (request.debugSaveWhole.map(WholeTensorWish.list) ?? []).map { wish in
            JSONValue.object(["pattern": .string(wish.pattern), "every": wish.every.map { .integer($0) }])
        }
        let limit = (request.debugLimit ?? 50).multipliedReportingOverflow(by: 500_000).partialValue
        return JSONValue.object(["folder": .string(folder), "limit": .integer(limit), "wanted": .array(wanted)]).text
    }
}

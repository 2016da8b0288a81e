import Databases
import Events
import Threads

extension StoreError {
    init(_ error: ThreadError) { self.init(code: .failed, message: error.description, operation: "start a thread") }

    /// The error as the reason why nothing is recorded.
    public var recordingProblem: RecordingProblem {
        let words =
            switch code {
            case .diskFull: "disk full"
            case .readOnly: "workspace is read-only"
            case .corrupt: "workspace damaged"
            case .gone: "workspace gone"
            case .busy: "workspace in use"
            case .outOfMemory: "no memory"
            default: "workspace cannot be written"
            }
        return RecordingProblem(words: words, message: description)
    }
}

import JSON

/// Why what happens is not being written to the workspace.
public struct RecordingProblem: Hashable, Sendable {
    /// A few words, such as `disk full`.
    public var words: String
    /// What happened: what to do.
    public var message: String

    public init(words: String, message: String) {
        self.words = words
        self.message = message
    }
}

extension RecordingProblem {
    var json: JSONValue { .object(["problem": .string(words), "message": .string(message)]) }

    init?(json: JSONValue) {
        guard let words = json["problem"]?.string, let message = json["message"]?.string else { return nil }
        self.init(words: words, message: message)
    }
}

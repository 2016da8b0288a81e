import JSON
import Notebooks

/// What is heard of a kernel, in the order in which it happened.
public enum KernelNews: Hashable, Sendable {
    case ready(language: String)
    /// Something that the cell gave; with a name where it may be replaced later.
    case output(NotebookOutput, display: String?)
    /// What was shown under a name is now this.
    case update(NotebookOutput, display: String)
    /// What was given until now is taken away: at once, or when the next comes.
    case clear(waits: Bool)
    /// The code waits for a line.
    case question(KernelQuestion)
    case done(status: String, count: Int?)
    /// The kernel is gone.
    case died(String)
    /// There is none, and why.
    case failed(String)

    init?(json: JSONValue) {
        let output = json["output"].map(NotebookOutput.init(json:)), display = json["display"]?.string
        switch json["kind"]?.string {
        case "ready": self = .ready(language: json["language"]?.string ?? "")
        case "output":
            guard let output else { return nil }
            self = .output(output, display: display)
        case "update":
            guard let output, let display else { return nil }
            self = .update(output, display: display)
        case "clear": self = .clear(waits: json["wait"]?.boolean ?? false)
        case "question":
            self = .question(
                KernelQuestion(prompt: json["prompt"]?.string ?? "", isSecret: json["secret"]?.boolean ?? false))
        case "done": self = .done(status: json["status"]?.string ?? "", count: json["count"]?.integer)
        case "died": self = .died(json["message"]?.string ?? "it ended")
        case "failed": self = .failed(json["message"]?.string ?? "it did not start")
        default: return nil
        }
    }
}

/// A question that code asks, by `input()` or `getpass()`.
public struct KernelQuestion: Hashable, Sendable {
    public var prompt: String
    /// Whether the answer is not to be seen.
    public var isSecret: Bool

    public init(prompt: String, isSecret: Bool) { (self.prompt, self.isSecret) = (prompt, isSecret) }

    /// What becomes of it.
    public enum Reply: Hashable, Sendable {
        /// Nobody has answered yet.
        case wait
        case text(String)
        /// Nobody will.
        case none
    }
}

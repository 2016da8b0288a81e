import Events
import Hyperparameters

/// Which tensors a rule looks at: those of some collections, and those whose names a pattern fits.
struct TensorChoice: Sendable {
    private let collections: Set<String>
    private let pattern: TensorPattern?
    /// What is wrong with the pattern.
    let fault: String?
    /// What was decided of each name.
    private var known: [String: Bool] = [:]

    static let collectionNames = Hyperparameter(
        "collection_names", .text(example: "weights,gradients"), words: ["None"], default: "None",
        "collections of tensors to look at, with commas between")
    static let tensorRegex = Hyperparameter(
        "tensor_regex", .text(example: ".*relu_output"), words: ["None"], default: "None",
        "a regular expression for names of tensors to look at")

    /// - Parameters:
    ///   - usual: collections that are looked at where nothing is said.
    ///   - pattern: what fits where nothing is said.
    init(_ parameters: RuleParameters, usual: [TensorCollection] = [], pattern usualPattern: String? = nil) {
        let names = parameters.text("collection_names"), text = parameters.text("tensor_regex")
        let isSaid = names != nil || text != nil && text != usualPattern
        collections = Set(names?.split(separator: ",").map(String.init) ?? (isSaid ? [] : usual.map(\.rawValue)))
        var fault: String?
        var pattern: TensorPattern?
        if let text = text ?? (isSaid ? nil : usualPattern) {
            do throws(TensorPattern.Fault) { pattern = try TensorPattern(text) } catch {
                fault = "tensor_regex '\(text)' cannot be read: \(error.message)"
            }
        }
        (self.pattern, self.fault) = (pattern, fault)
    }

    /// Whether nothing was said, and nothing is looked at by itself.
    var isEmpty: Bool { collections.isEmpty && pattern == nil }

    /// What was chosen, or all that there is where nothing was said.
    mutating func chosenOrAll(_ tensors: TensorsOfStep) -> [TensorSummary] {
        isEmpty ? tensors.summaries.filter { $0.count > 0 } : chosen(tensors)
    }

    mutating func chosen(_ tensors: TensorsOfStep) -> [TensorSummary] {
        tensors.summaries.filter { tensor in
            if tensor.count == 0 { return false }
            if collections.contains(tensor.collection.rawValue) { return true }
            guard let pattern else { return false }
            if let isChosen = known[tensor.name] { return isChosen }
            let isChosen = pattern.matches(tensor.name)
            if known.count > 10_000 { known = [:] }
            known[tensor.name] = isChosen
            return isChosen
        }
    }
}

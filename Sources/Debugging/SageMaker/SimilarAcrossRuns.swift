import Events
import Glibc
import Hyperparameters

/// SageMaker's rule: a tensor is not the same as in other runs at the same step, though its name sounds like the opposite.
///
/// Of tensors their summaries are compared: count, mean, deviation, length, extremes and zeros, with a relative tolerance of 1e-6, which is
/// the noise of sums in another order. Without collections and pattern all tensors are.
public struct SimilarAcrossRuns: ParameterisedRule {
    public static let name = "SimilarAcrossRuns"
    public static let summary = "a tensor differs from the one of another run at the same step"
    public static let parameters = [
        TensorChoice.collectionNames, TensorChoice.tensorRegex,
        Hyperparameter(
            "other_trials", .text(example: "base,base-2"), words: ["None"], default: "None",
            "the runs to compare with, by name, with commas between"),
    ]

    private static let tolerance = 1e-6
    public let earlierRuns: [String]
    private var choice: TensorChoice
    private var others: [(name: String, steps: [Int: TensorsOfStep])] = []
    private var comparedCount = 0

    public init(_ parameters: RuleParameters) {
        choice = TensorChoice(parameters)
        earlierRuns = parameters.text("other_trials")?.split(separator: ",").map(String.init) ?? []
    }

    public static func wantsTensors(of run: RunRecord) -> Bool { true }

    public var waits: RuleWait? { comparedCount == 0 ? .once("a step that both have tensors of") : nil }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        if earlierRuns.isEmpty { return RuleFinding(.failed("it compares with no run: give it other_trials")) }
        if let fault = choice.fault { return RuleFinding(.failed(fault)) }
        switch input {
        case .earlier(let earlier):
            if let problem = earlier.problem { return RuleFinding(.failed("it cannot compare with \(earlier.name): \(problem)")) }
            let steps = earlier.tensors.filter { $0.mode == .train }.map { ($0.step, $0) }
            others.append((earlier.name, Dictionary(steps, uniquingKeysWith: { $1 })))
            return nil
        case .tensors(let tensors): return look(tensors)
        default: return nil
        }
    }

    private mutating func look(_ tensors: TensorsOfStep) -> RuleFinding? {
        let chosen = choice.chosenOrAll(tensors)
        for (name, steps) in others {
            guard let other = steps[tensors.step] else { continue }
            comparedCount += 1
            for tensor in chosen {
                guard let theirs = other[tensor.name], let difference = Self.difference(tensor, theirs) else { continue }
                return RuleFinding(alert(tensor, name, difference, tensors.step))
            }
        }
        return nil
    }

    private static func difference(_ own: TensorSummary, _ other: TensorSummary) -> (what: String, own: Double, other: Double)? {
        let measures: [(String, Double, Double)] = [
            ("count", Double(own.count), Double(other.count)), ("mean", own.mean, other.mean),
            ("std", own.standardDeviation, other.standardDeviation), ("l2", own.l2, other.l2),
            ("min", own.minimum ?? .nan, other.minimum ?? .nan), ("max", own.maximum ?? .nan, other.maximum ?? .nan),
            ("zeros", Double(own.zeros), Double(other.zeros)),
        ]
        // A mean near zero is a difference of large numbers: its noise is that of the values.
        let scale = max(own.meanMagnitude, other.meanMagnitude)
        return measures.first { what, own, other in
            if own.isNaN || other.isNaN { return own.isNaN != other.isNaN }
            let allowed = tolerance * max(abs(own), abs(other), what == "count" || what == "zeros" ? 0 : scale)
            return abs(own - other) > allowed
        }.map { (what: $0.0, own: $0.1, other: $0.2) }
    }

    private func alert(
        _ tensor: TensorSummary, _ name: String, _ difference: (what: String, own: Double, other: Double), _ step: Int
    ) -> Alert {
        Alert(
            rule: Self.name, severity: .warning, step: step,
            summary:
                "\(difference.what) of \(tensor.name) is \(rounded(difference.own)), and \(rounded(difference.other)) in \(name)",
            evidence: [
                .init(difference.what, difference.own), .init("\(difference.what) in \(name)", difference.other),
                .init("tolerance", Self.tolerance),
            ],
            cause:
                "the runs are not the same: seed, order of rows, data, settings or versions differ, or something is left to chance",
            remedies: [.init("see what differs: descent runs compare, and fix what is left to chance")], tensor: tensor.name,
            sampleSize: tensor.count)
    }
}

import Events
import Hyperparameters

/// One of SageMaker's rules that looks at each tensor by itself and ends when it fires.
protocol SageMakerTensorRule: ParameterisedRule {
    var choice: TensorChoice { get set }

    /// What is wrong with the tensors of a step that were chosen; nil = nothing.
    mutating func fault(in tensors: [TensorSummary], _ step: TensorsOfStep) -> TensorFault?
}

/// What is wrong with a tensor.
struct TensorFault {
    var tensor: TensorSummary
    var summary: String
    var evidence: [Alert.Evidence]
    var cause: String
    var remedies: [Alert.Remedy]
}

extension SageMakerTensorRule {
    public static func wantsTensors(of run: RunRecord) -> Bool { true }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        if let fault = choice.fault { return RuleFinding(.failed(fault)) }
        if choice.isEmpty { return RuleFinding(.failed("it looks at no tensor: give it collection_names or tensor_regex")) }
        guard case .tensors(let tensors) = input else { return nil }
        let chosen = choice.chosen(tensors)
        guard !chosen.isEmpty, let fault = fault(in: chosen, tensors) else { return nil }
        return RuleFinding(
            Alert(
                rule: Self.name, severity: .warning, step: tensors.step, summary: fault.summary, evidence: fault.evidence,
                cause: fault.cause, remedies: fault.remedies, tensor: fault.tensor.name, sampleSize: fault.tensor.sampled))
    }
}

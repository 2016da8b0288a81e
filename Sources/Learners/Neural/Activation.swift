import CLearnerKernels

/// What a layer does to each of its sums.
public enum Activation: String, Sendable, Hashable, Codable, CaseIterable {
    /// max(z, 0).
    case relu
    /// The hyperbolic tangent.
    case tanh
    /// 1 / (1 + e^-z).
    case sigmoid
    /// z Φ(z), in its tanh form.
    ///
    /// - Source: Hendrycks and Gimpel, "Gaussian error linear units" (2016), section 2.
    case gelu
    /// z itself.
    case identity

    var kernel: Int32 {
        switch self {
        case .relu: Int32(DN_RELU)
        case .tanh: Int32(DN_TANH)
        case .sigmoid: Int32(DN_SIGMOID)
        case .gelu: Int32(DN_GELU)
        case .identity: Int32(DN_IDENTITY)
        }
    }

    /// Numbers it keeps for the way back, beside its outputs, for each of them.
    var keptCount: Int { self == .gelu ? 1 : 0 }
}

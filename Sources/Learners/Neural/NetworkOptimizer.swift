import CLearnerKernels
import Glibc

/// Moves a network's parameters along their gradients.
final class NetworkOptimizer {
    /// Penalties and momentum, which may change while training.
    struct Penalties: Hashable, Sendable {
        var l1: Double, l2: Double, weightDecay: Double, momentum: Double
    }

    let first: FloatBuffer, second: FloatBuffer
    private let segments: [(range: Range<Int>, isPenalized: Bool)]
    private let kind: NeuralConfiguration.Optimizer
    private let beta1: Double, beta2: Double, usesNesterov: Bool, clip: Double

    init(_ architecture: NetworkArchitecture, _ configuration: NeuralConfiguration) {
        segments = architecture.segments
        kind = configuration.optimizer
        beta1 = configuration.beta1
        beta2 = configuration.beta2
        usesNesterov = configuration.usesNesterov
        clip = configuration.gradientClip
        first = FloatBuffer(count: architecture.parameterCount)
        second = FloatBuffer(count: kind == .sgd ? 0 : architecture.parameterCount)
    }

    /// What it keeps for each parameter, by the names that PyTorch has for it.
    var state: [(name: String, values: FloatBuffer)] {
        switch kind {
        case .sgd: [("momentum_buffer", first)]
        case .adam, .adamw: [("exp_avg", first), ("exp_avg_sq", second)]
        case .rmsprop: [("square_avg", second)]
        }
    }

    /// One update, the `step`th, counted from 1; returns the gradient's norm, L2 penalty included, after clipping.
    func update(_ workspace: NetworkWorkspace, step: Int, rate: Double, penalties: Penalties) -> Double {
        let parameters = workspace.parameters.base, gradients = workspace.gradients.base
        var squares = 0.0
        for (range, isPenalized) in segments {
            let start = range.lowerBound
            squares += dn_squared_norm(
                parameters + start, gradients + start, range.count, isPenalized ? Float(penalties.l2) : 0)
        }
        let norm = squares.squareRoot()
        let clips = clip > 0 && norm > clip
        var settings = dn_step()
        settings.scale = clips ? Float(clip / norm) : 1
        settings.learning_rate = Float(rate)
        settings.momentum = Float(penalties.momentum)
        settings.beta1 = Float(beta1)
        settings.beta2 = Float(beta2)
        settings.correction1 = Float(1 - pow(beta1, Double(step)))
        settings.correction2 = Float(1 - pow(beta2, Double(step)))
        settings.epsilon = 1e-8
        settings.nesterov = usesNesterov ? 1 : 0
        for (range, isPenalized) in segments {
            settings.l2 = isPenalized ? Float(penalties.l2) : 0
            settings.l1 = isPenalized ? Float(penalties.l1) : 0
            settings.decay = isPenalized ? Float(penalties.weightDecay) : 0
            let start = range.lowerBound, (w, g) = (parameters + start, gradients + start)
            switch kind {
            case .sgd: dn_sgd(w, g, first.base + start, range.count, &settings)
            case .adam, .adamw: dn_adam(w, g, first.base + start, second.base + start, range.count, &settings)
            case .rmsprop: dn_rmsprop(w, g, first.base + start, second.base + start, range.count, &settings)
            }
        }
        return clips ? clip : norm
    }
}

import CLearnerKernels

/// f(γ (x - mean) / √(variance + ε) + β), for each channel over the rows of the batch and, in images, over their pixels.
///
/// While training mean and variance are the batch's; afterwards the running ones.
///
/// - Source: Ioffe and Szegedy, "Batch normalization" (2015), algorithms 1 and 2; running means move by a tenth, as in PyTorch.
package struct BatchNormalizationLayer: NetworkLayer, Hashable, Codable {
    package let channelCount: Int
    /// Pixels that share a channel's statistics; 1 outside images.
    package let positionCount: Int
    package let activation: Activation

    package static let epsilon: Float = 1e-5
    static let pace: Float = 0.1

    var inputWidth: Int { channelCount * positionCount }
    var outputWidth: Int { inputWidth }
    var offsetCount: Int { 2 * channelCount }
    var statisticCount: Int { 2 * channelCount }
    var keptWidth: Int { inputWidth * (1 + activation.keptCount) }
    var keptCount: Int { channelCount }
    var scratchCount: Int { 2 * channelCount }

    func initialize(
        parameters: UnsafeMutablePointer<Float>, statistics: UnsafeMutablePointer<Float>, by method: WeightInitialization
    ) {
        parameters.update(repeating: 1, count: channelCount)
        (parameters + channelCount).update(repeating: 0, count: channelCount)
        statistics.update(repeating: 0, count: channelCount)
        (statistics + channelCount).update(repeating: 1, count: channelCount)
    }

    /// Where the inverse deviations of the batch, the normalised input and the activation's own are kept.
    private func parts(
        _ pass: LayerPass
    ) -> (
        inverse: UnsafeMutablePointer<Float>, normalized: UnsafeMutablePointer<Float>, activation: UnsafeMutablePointer<Float>
    ) {
        let normalized = pass.kept + keptCount
        return (pass.kept, normalized, normalized + pass.rowCount * inputWidth)
    }

    func forward(_ pass: LayerPass) {
        let count = pass.rowCount * positionCount
        let parts = parts(pass)
        var mean = UnsafePointer(pass.statistics)
        if pass.isTraining {
            let variance = pass.scratch + channelCount
            dn_moments(pass.input, count, channelCount, pass.scratch, variance)
            let unbiased = count > 1 ? Float(count) / Float(count - 1) : 1
            for channel in 0..<channelCount {
                parts.inverse[channel] = 1 / (variance[channel] + Self.epsilon).squareRoot()
                pass.statistics[channel] += Self.pace * (pass.scratch[channel] - pass.statistics[channel])
                pass.statistics[channelCount + channel] +=
                    Self.pace * (unbiased * variance[channel] - pass.statistics[channelCount + channel])
            }
            mean = UnsafePointer(pass.scratch)
        } else {
            for channel in 0..<channelCount {
                parts.inverse[channel] = 1 / (pass.statistics[channelCount + channel] + Self.epsilon).squareRoot()
            }
        }
        dn_normalize(
            pass.input, count, channelCount, mean, parts.inverse, pass.parameters, pass.parameters + channelCount,
            pass.isTraining ? parts.normalized : nil, pass.output)
        dn_bias_activation(pass.output, nil, parts.activation, count, channelCount, activation.kernel)
    }

    func backward(
        _ pass: LayerPass, outputGradient: UnsafeMutablePointer<Float>, inputGradient: UnsafeMutablePointer<Float>?
    ) {
        let count = pass.rowCount * positionCount
        let parts = parts(pass)
        dn_activation_gradient(outputGradient, pass.output, parts.activation, count, channelCount, activation.kernel, nil)
        dn_normalize_gradient(
            outputGradient, parts.normalized, count, channelCount, pass.parameters, parts.inverse, inputGradient, pass.gradients,
            pass.gradients + channelCount)
    }
}

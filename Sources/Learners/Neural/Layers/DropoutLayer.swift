import CLearnerKernels

/// Sets each number to 0 with some probability while training, and makes the others larger to match.
///
/// The rate belongs to the pass, not to the layer: it may change while training.
///
/// - Source: Srivastava et al., "Dropout" (2014), in its inverted form.
package struct DropoutLayer: NetworkLayer, Hashable, Codable {
    let inputWidth: Int

    var outputWidth: Int { inputWidth }

    /// Whether this pass goes through it at all; otherwise output and input are the same memory.
    static func acts(isTraining: Bool, rate: Float) -> Bool { isTraining && rate > 0 }

    func forward(_ pass: LayerPass) {
        dn_dropout(pass.input, pass.output, pass.rowCount * inputWidth, pass.dropoutRate, pass.key)
    }

    func backward(
        _ pass: LayerPass, outputGradient: UnsafeMutablePointer<Float>, inputGradient: UnsafeMutablePointer<Float>?
    ) {
        guard let inputGradient else { return }
        dn_dropout(outputGradient, inputGradient, pass.rowCount * inputWidth, pass.dropoutRate, pass.key)
    }
}

import CLearnerKernels
import Numerics

/// f(x W + b).
///
/// - Shape: x [n, inputWidth], W [inputWidth, outputWidth], b [outputWidth].
package struct DenseLayer: NetworkLayer, Hashable, Codable {
    package let inputWidth: Int, outputWidth: Int
    package let activation: Activation
    /// Whether b is there; batch normalisation behind it would take any b out again.
    package let hasBias: Bool

    var weightCount: Int { inputWidth * outputWidth }
    var offsetCount: Int { hasBias ? outputWidth : 0 }
    var keptWidth: Int { outputWidth * activation.keptCount }

    func initialize(
        parameters: UnsafeMutablePointer<Float>, statistics: UnsafeMutablePointer<Float>, by method: WeightInitialization
    ) {
        method.draw(parameters, count: weightCount, inputs: inputWidth, outputs: outputWidth)
    }

    func forward(_ pass: LayerPass) {
        MatrixProduct.multiply(
            .asStored(pass.input), .asStored(pass.parameters), into: pass.output, rows: pass.rowCount, columns: outputWidth,
            inner: inputWidth)
        dn_bias_activation(
            pass.output, hasBias ? pass.parameters + weightCount : nil, pass.kept, pass.rowCount, outputWidth, activation.kernel)
    }

    func backward(
        _ pass: LayerPass, outputGradient: UnsafeMutablePointer<Float>, inputGradient: UnsafeMutablePointer<Float>?
    ) {
        dn_activation_gradient(
            outputGradient, pass.output, pass.kept, pass.rowCount, outputWidth, activation.kernel,
            hasBias ? pass.gradients + weightCount : nil)
        MatrixProduct.multiply(
            .transposed(pass.input), .asStored(outputGradient), into: pass.gradients, rows: inputWidth, columns: outputWidth,
            inner: pass.rowCount)
        if let inputGradient {
            MatrixProduct.multiply(
                .asStored(outputGradient), .transposed(pass.parameters), into: inputGradient, rows: pass.rowCount,
                columns: inputWidth,
                inner: outputWidth)
        }
    }
}

import CLearnerKernels
import Numerics

/// f of 3 × 3 convolutions with zeros beyond the image's edges, so that its size stays.
///
/// Patches of a few images at a time become rows of a matrix, so that the work is a matrix product.
///
/// - Shape: input [n, h, w, c], weights [9 c, filters], output [n, h, w, filters].
/// - Source: Chellapilla et al., "High performance convolutional neural networks for document processing" (2006).
package struct ConvolutionLayer: NetworkLayer, Hashable, Codable {
    package let shape: ImageShape
    package let filterCount: Int
    package let activation: Activation
    /// Whether each filter has a bias; batch normalisation behind it would take any out again.
    package let hasBias: Bool

    var inputWidth: Int { shape.count }
    var outputWidth: Int { shape.pixelCount * filterCount }
    var outputShape: ImageShape { ImageShape(height: shape.height, width: shape.width, channelCount: filterCount) }
    private var patchWidth: Int { 9 * shape.channelCount }
    var weightCount: Int { patchWidth * filterCount }
    var offsetCount: Int { hasBias ? filterCount : 0 }
    var keptWidth: Int { outputWidth * activation.keptCount }
    /// Images whose patches lie in the scratch room together: as many as fit into 256 KB, at least one.
    private var imagesAtOnce: Int { max(1, 65_536 / (shape.pixelCount * patchWidth)) }
    var scratchCount: Int { imagesAtOnce * shape.pixelCount * patchWidth }

    func initialize(
        parameters: UnsafeMutablePointer<Float>, statistics: UnsafeMutablePointer<Float>, by method: WeightInitialization
    ) {
        method.draw(parameters, count: weightCount, inputs: patchWidth, outputs: 9 * filterCount)
    }

    func forward(_ pass: LayerPass) {
        forEachChunk(pass) { first, count in
            MatrixProduct.multiply(
                .asStored(pass.scratch), .asStored(pass.parameters), into: pass.output + first * outputWidth,
                rows: count * shape.pixelCount,
                columns: filterCount, inner: patchWidth)
        }
        dn_bias_activation(
            pass.output, hasBias ? pass.parameters + weightCount : nil, pass.kept, pass.rowCount * shape.pixelCount, filterCount,
            activation.kernel)
    }

    func backward(
        _ pass: LayerPass, outputGradient: UnsafeMutablePointer<Float>, inputGradient: UnsafeMutablePointer<Float>?
    ) {
        dn_activation_gradient(
            outputGradient, pass.output, pass.kept, pass.rowCount * shape.pixelCount, filterCount, activation.kernel,
            hasBias ? pass.gradients + weightCount : nil)
        forEachChunk(pass) { first, count in
            let gradient = outputGradient + first * outputWidth
            MatrixProduct.multiply(
                .transposed(pass.scratch), .asStored(gradient), into: pass.gradients, rows: patchWidth, columns: filterCount,
                inner: count * shape.pixelCount, adding: first > 0)
            guard let inputGradient else { return }
            MatrixProduct.multiply(
                .asStored(gradient), .transposed(pass.parameters), into: pass.scratch, rows: count * shape.pixelCount,
                columns: patchWidth,
                inner: filterCount)
            for index in 0..<count {
                dn_patches_gradient(
                    pass.scratch + index * shape.pixelCount * patchWidth, shape.height, shape.width, shape.channelCount,
                    inputGradient + (first + index) * inputWidth)
            }
        }
    }

    /// Lays the patches of a few images into the scratch room, calls the body, goes on to the next few.
    private func forEachChunk(_ pass: LayerPass, _ body: (_ first: Int, _ count: Int) -> Void) {
        for first in stride(from: 0, to: pass.rowCount, by: imagesAtOnce) {
            let count = min(imagesAtOnce, pass.rowCount - first)
            for index in 0..<count {
                dn_patches(
                    pass.input + (first + index) * inputWidth, shape.height, shape.width, shape.channelCount,
                    pass.scratch + index * shape.pixelCount * patchWidth)
            }
            body(first, count)
        }
    }
}

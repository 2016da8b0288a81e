import CLearnerKernels

/// The largest number of each 2 × 2 window, channel by channel; an odd last row or column is left out.
package struct MaxPoolingLayer: NetworkLayer, Hashable, Codable {
    package let shape: ImageShape

    var inputWidth: Int { shape.count }
    var outputWidth: Int { shape.halved.count }

    func forward(_ pass: LayerPass) {
        dn_max_pool(pass.input, pass.rowCount, shape.height, shape.width, shape.channelCount, pass.output)
    }

    func backward(
        _ pass: LayerPass, outputGradient: UnsafeMutablePointer<Float>, inputGradient: UnsafeMutablePointer<Float>?
    ) {
        guard let inputGradient else { return }
        dn_max_pool_gradient(
            pass.input, pass.output, outputGradient, pass.rowCount, shape.height, shape.width, shape.channelCount, inputGradient)
    }
}

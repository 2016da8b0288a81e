/// A layer's memory in one pass over some rows.
struct LayerPass {
    /// Rows, at most as many as the workspace was made for.
    var rowCount: Int
    /// - Shape: [rowCount, inputWidth].
    var input: UnsafePointer<Float>
    /// - Shape: [rowCount, outputWidth].
    var output: UnsafeMutablePointer<Float>
    /// What forward keeps for backward. - Shape: [rowCount, keptWidth] and `keptCount` more.
    var kept: UnsafeMutablePointer<Float>
    /// Weights, then offsets.
    var parameters: UnsafePointer<Float>
    /// Written by backward, in the order of the parameters.
    var gradients: UnsafeMutablePointer<Float>
    /// What is learned without gradients, such as running means.
    var statistics: UnsafeMutablePointer<Float>
    /// Room whose content nobody keeps.
    var scratch: UnsafeMutablePointer<Float>
    /// Whether this pass is part of training: batch statistics, dropout.
    var isTraining: Bool
    var dropoutRate: Float
    /// Decides which units drop out, alike in forward and backward.
    var key: UInt32
}

/// One stage of a network, as a value: its shapes, how it computes, and how it computes backwards.
protocol NetworkLayer: Sendable {
    /// Numbers a row on the way in and out.
    var inputWidth: Int { get }
    var outputWidth: Int { get }
    /// Parameters that penalties and weight decay act on, and those (biases, batch normalisation's) they leave alone.
    var weightCount: Int { get }
    var offsetCount: Int { get }
    var statisticCount: Int { get }
    /// Numbers kept between forward and backward: so many a row, and so many in all.
    var keptWidth: Int { get }
    var keptCount: Int { get }
    /// Numbers of scratch room.
    var scratchCount: Int { get }

    /// First parameters and statistics.
    func initialize(
        parameters: UnsafeMutablePointer<Float>, statistics: UnsafeMutablePointer<Float>, by method: WeightInitialization)
    /// Writes the output.
    func forward(_ pass: LayerPass)
    /// Writes the parameters' gradients, and the input's if there is room for it.
    ///
    /// - Parameters:
    ///   - outputGradient: [rowCount, outputWidth]; may be overwritten.
    ///   - inputGradient: [rowCount, inputWidth]; nil for the first layer, whose input needs none.
    func backward(
        _ pass: LayerPass, outputGradient: UnsafeMutablePointer<Float>, inputGradient: UnsafeMutablePointer<Float>?)
}

extension NetworkLayer {
    var weightCount: Int { 0 }
    var offsetCount: Int { 0 }
    var statisticCount: Int { 0 }
    var keptWidth: Int { 0 }
    var keptCount: Int { 0 }
    var scratchCount: Int { 0 }
    var parameterCount: Int { weightCount + offsetCount }

    func initialize(
        parameters: UnsafeMutablePointer<Float>, statistics: UnsafeMutablePointer<Float>, by method: WeightInitialization
    ) {}
}

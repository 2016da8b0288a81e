/// A network's parameters and the memory to run it forwards and backwards over up to so many rows; nothing is allocated in a
/// step.
///
/// Confined to one thread.
final class NetworkWorkspace {
    let architecture: NetworkArchitecture
    let rowCapacity: Int
    let parameters: FloatBuffer, statistics: FloatBuffer
    /// Written by `backward`, in the order of the parameters.
    let gradients: FloatBuffer
    /// Where the rows to compute on are put. - Shape: [rowCapacity, inputWidth].
    let input: FloatBuffer
    /// Where the loss's gradient is put before `backward`. - Shape: [rowCapacity, outputWidth].
    var scoreGradient: UnsafeMutablePointer<Float> { flows[0].base }
    /// The last forward pass's scores. - Shape: [rows, outputWidth].
    var scores: UnsafePointer<Float> { UnsafePointer(outputs[layers.count - 1].base) }

    let layers: [any NetworkLayer]
    private let isDropout: [Bool]
    let outputs: [FloatBuffer]
    private let kept: [FloatBuffer]
    /// Gradients flow back through these two in turn.
    private let flows: [FloatBuffer]
    private let scratch: FloatBuffer
    private let parameterStarts: [Int], statisticStarts: [Int]
    /// Where each layer's input lay in the last forward pass.
    private var sources: [UnsafePointer<Float>]

    /// - Parameter trains: whether `backward` will be called.
    init(_ architecture: NetworkArchitecture, rowCapacity: Int, trains: Bool) {
        self.architecture = architecture
        self.rowCapacity = rowCapacity
        layers = architecture.stages.map(\.layer)
        isDropout = architecture.stages.map(\.isDropout)
        parameters = FloatBuffer(count: architecture.parameterCount)
        statistics = FloatBuffer(count: architecture.statisticCount)
        gradients = FloatBuffer(count: trains ? architecture.parameterCount : 0)
        input = FloatBuffer(count: rowCapacity * architecture.inputWidth)
        outputs = architecture.stages.map { stage in
            FloatBuffer(count: stage.isDropout && !trains ? 0 : rowCapacity * stage.layer.outputWidth)
        }
        kept = layers.map { FloatBuffer(count: rowCapacity * $0.keptWidth + $0.keptCount) }
        let widest = trains ? layers.map { max($0.inputWidth, $0.outputWidth) }.max() ?? 0 : 0
        flows = [FloatBuffer(count: rowCapacity * widest), FloatBuffer(count: rowCapacity * widest)]
        scratch = FloatBuffer(count: layers.map(\.scratchCount).max() ?? 0)
        parameterStarts = Self.starts(layers.map(\.parameterCount))
        statisticStarts = Self.starts(layers.map(\.statisticCount))
        sources = [UnsafePointer<Float>](repeating: UnsafePointer(input.base), count: layers.count)
    }

    private static func starts(_ counts: [Int]) -> [Int] {
        var next = 0
        return counts.map { count in
            defer { next += count }
            return next
        }
    }

    /// Draws first weights.
    func initialize(by method: WeightInitialization) {
        for (index, layer) in layers.enumerated() {
            layer.initialize(
                parameters: parameters.base + parameterStarts[index], statistics: statistics.base + statisticStarts[index],
                by: method)
        }
    }

    /// How a pass is to be made.
    struct Mode {
        var isTraining = false
        var dropoutRate: Float = 0
        /// Decides which units drop out.
        var key: UInt32 = 0
    }

    /// Computes the scores of the first rows of `input`.
    func forward(rowCount: Int, _ mode: Mode = Mode()) {
        var source = UnsafePointer(input.base)
        for (index, layer) in layers.enumerated() {
            sources[index] = source
            if isDropout[index], !DropoutLayer.acts(isTraining: mode.isTraining, rate: mode.dropoutRate) { continue }
            layer.forward(pass(index, rowCount, source, mode))
            source = UnsafePointer(outputs[index].base)
        }
    }

    /// Computes the gradients of the last forward pass, made with the same mode, from `scoreGradient`.
    func backward(rowCount: Int, _ mode: Mode) {
        let dropoutActs = DropoutLayer.acts(isTraining: mode.isTraining, rate: mode.dropoutRate)
        var gradient = scoreGradient
        for index in layers.indices.reversed() {
            if isDropout[index], !dropoutActs { continue }
            let next = gradient == flows[0].base ? flows[1].base : flows[0].base
            layers[index].backward(
                pass(index, rowCount, sources[index], mode), outputGradient: gradient, inputGradient: index > 0 ? next : nil)
            gradient = next
        }
    }

    private func pass(_ index: Int, _ rowCount: Int, _ source: UnsafePointer<Float>, _ mode: Mode) -> LayerPass {
        LayerPass(
            rowCount: rowCount, input: source, output: outputs[index].base, kept: kept[index].base,
            parameters: UnsafePointer(parameters.base + parameterStarts[index]),
            gradients: gradients.base + (gradients.count > 0 ? parameterStarts[index] : 0),
            statistics: statistics.base + statisticStarts[index], scratch: scratch.base, isTraining: mode.isTraining,
            dropoutRate: mode.dropoutRate, key: mode.key &+ UInt32(truncatingIfNeeded: index &* 0x9e37_79b9))
    }

    /// The scores of many rows, some at a time.
    ///
    /// - Parameter fill: puts rows `first..<first + count` into `input`.
    /// - Shape: returns [rowCount, outputWidth].
    func scores(rowCount: Int, _ fill: (_ first: Int, _ count: Int) -> Void) -> [Float] {
        let width = architecture.outputWidth
        return [Float](unsafeUninitializedCapacity: rowCount * width) { buffer, initialized in
            for first in stride(from: 0, to: rowCount, by: rowCapacity) {
                let count = min(rowCapacity, rowCount - first)
                fill(first, count)
                forward(rowCount: padded(count))
                if let base = buffer.baseAddress {
                    (base + first * width).initialize(from: scores, count: count * width)
                }
            }
            initialized = rowCount * width
        }
    }

    /// Rows that are predicted together are a multiple of this, as far as there is room.
    static let rowsTogether = 16

    /// Adds rows of zeros to those in `input`. How a product's sums are rounded depends on how many rows there are beyond whole blocks; so
    /// a row gets the same scores whether it is predicted alone or among others.
    private func padded(_ count: Int) -> Int {
        let whole = (count + Self.rowsTogether - 1) / Self.rowsTogether * Self.rowsTogether
        let end = max(count, min(rowCapacity, whole)), width = architecture.inputWidth
        if end > count { (input.base + count * width).update(repeating: 0, count: (end - count) * width) }
        return end
    }
}

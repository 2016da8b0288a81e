import Numerics

/// How first weights are drawn. Confined to one network's making; layers draw one after the other.
final class WeightInitialization {
    /// The ways to choose the spread.
    enum Method: String, Sendable, Hashable, CaseIterable {
        /// Normal, variance 2 / inputs: keeps the variance of sums through relu.
        ///
        /// - Source: He et al., "Delving deep into rectifiers" (2015), equation 10.
        case he
        /// Even within ±√(6 / (inputs + outputs)).
        ///
        /// - Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010),
        ///   equation 16.
        case glorot
        /// Even within ±√(1 / inputs): a third of the spread of `glorot` for square layers, so that first scores are near 0.
        ///
        /// - Source: LeCun et al., "Efficient BackProp" (1998), section 4.6, with the bound that PyTorch's linear layers have.
        case lecun
    }

    private let method: Method
    private var random: RandomSource

    init(method: Method, seed: UInt64) {
        self.method = method
        random = RandomSource(seed: seed)
    }

    func draw(_ weights: UnsafeMutablePointer<Float>, count: Int, inputs: Int, outputs: Int) {
        switch method {
        case .he:
            let deviation = (2 / Double(inputs)).squareRoot()
            for index in 0..<count { weights[index] = Float(random.normal() * deviation) }
        case .lecun:
            let bound = (1 / Double(inputs)).squareRoot()
            for index in 0..<count { weights[index] = Float(random.uniform(in: -bound...bound)) }
        case .glorot:
            let bound = (6 / Double(inputs + outputs)).squareRoot()
            for index in 0..<count { weights[index] = Float(random.uniform(in: -bound...bound)) }
        }
    }
}

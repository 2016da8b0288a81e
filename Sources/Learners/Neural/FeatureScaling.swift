import Numerics

/// What is subtracted from each feature before the network sees it, and what it is then multiplied by.
struct FeatureScaling: Sendable, Hashable {
    private(set) var means: [Float], inverses: [Float]

    /// Learned on training rows: each feature by itself, an image's pixels all alike channel by channel; indicators of
    /// categories are not scaled, and those that become embeddings stay as they are.
    init(_ data: LabelledMatrix, _ configuration: NeuralConfiguration) {
        let features = data.features
        let width = features.columnCount
        let coded = width - configuration.cardinalities.count..<width
        guard configuration.normalizesFeatures else {
            (means, inverses) = ([Float](repeating: 0, count: width), [Float](repeating: 1, count: width))
            return
        }
        if let image = configuration.image {
            (means, inverses) = Self.ofChannels(features, image.channelCount)
            return
        }
        (means, inverses) = Standardization.features(
            features, rowCount: features.rowCount, weights: data.weights, unscaled: configuration.unscaledFeatures)
        for index in Array(configuration.embeddedGroups.joined()) + coded { (means[index], inverses[index]) = (0, 1) }
    }

    private static func ofChannels(_ features: Matrix, _ channelCount: Int) -> (means: [Float], inverses: [Float]) {
        var moments = [Moments](repeating: Moments(), count: channelCount)
        features.elements.withUnsafeBufferPointer { elements in
            for index in elements.indices {
                moments[index % features.columnCount % channelCount].add(Double(elements[index]))
            }
        }
        let means = moments.map { Float($0.mean) }
        let inverses = moments.map { channel in
            let inverse = Float(1 / channel.populationDeviation)
            return channel.populationDeviation > abs(channel.mean) * 1e-7 && inverse.isFinite ? inverse : 1
        }
        let pixels = features.columnCount / channelCount
        return ((0..<pixels).flatMap { _ in means }, (0..<pixels).flatMap { _ in inverses })
    }

    /// What a pixel of zeros looks like to the network.
    func zeroPixel(channelCount: Int) -> [Float] { (0..<min(channelCount, means.count)).map { -means[$0] * inverses[$0] } }
}

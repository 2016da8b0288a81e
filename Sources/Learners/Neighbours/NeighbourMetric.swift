/// How far rows are from each other, by SageMaker's words.
package enum NeighbourMetric: String, Sendable, Hashable, Codable, CaseIterable {
    /// The Euclidean distance.
    case euclidean = "L2"
    /// 1 less the cosine of the angle between two rows.
    case cosine = "COSINE"

    /// How near rows come that are the same, whatever rounding makes of it.
    private static let same = 4 * Double(Float.ulpOfOne)

    /// The distance that orders as the real one does: squared, where it is Euclidean.
    ///
    /// - Shape: first, second [width]; of length 1 where the metric is the cosine.
    @inline(__always)
    func order(_ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, width: Int) -> Double {
        var sum = 0.0
        switch self {
        case .euclidean:
            for column in 0..<width {
                let delta = Double(first[column]) - Double(second[column])
                sum += delta * delta
            }
            return sum
        case .cosine:
            for column in 0..<width { sum += Double(first[column]) * Double(second[column]) }
            return sum > 1 - Self.same ? 0 : 1 - sum
        }
    }

    func distance(ofOrder order: Double) -> Double { self == .euclidean ? order.squareRoot() : order }
}

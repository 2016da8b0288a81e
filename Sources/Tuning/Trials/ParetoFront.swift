/// Which of several points are better than all others in something; smaller is better in every number.
public enum ParetoFront {
    /// Whether a point is at least as good as another in everything, and better in something.
    public static func dominates(_ point: [Double], _ other: [Double]) -> Bool {
        zip(point, other).allSatisfy { $0 <= $1 } && zip(point, other).contains { $0 < $1 }
    }

    /// The places of the points that none dominates, in their order; of equal points the first.
    public static func places(of points: [[Double]]) -> [Int] {
        points.indices.filter { place in
            !points.indices.contains { other in
                dominates(points[other], points[place]) || other < place && points[other] == points[place]
            }
        }
    }
}

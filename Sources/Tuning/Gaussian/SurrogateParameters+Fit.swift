extension SurrogateParameters {
    /// Those that explain values best, climbed to from a start, without warping.
    static func fitted(
        _ space: SurrogateSpace, _ points: [[Double]], _ values: [Double], from start: SurrogateParameters, limit: Int
    ) -> SurrogateParameters {
        let likelihood = SurrogateLikelihood(space, points: points, values: values)
        let (lower, upper) = bounds(dimension: space.dimension, isWarped: space.isWord.map { _ in false }, leastNoise: 1e-6)
        var minimizer = BoundedMinimizer(lower: lower, upper: upper)
        (minimizer.iterationLimit, minimizer.tolerance) = (limit, 1e-2)
        return SurrogateParameters(minimizer.minimum(from: start.logs, likelihood.value).point, dimension: space.dimension)
            ?? start
    }
}

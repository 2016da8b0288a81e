import Events

/// Points as bytes, 28 each: how they lie in the store, and how they travel.
package enum SeriesPoints {
    package static func bytes(_ points: [MetricPoint]) -> [UInt8] { SeriesChunk(points: points).bytes }

    /// - Returns: none where the bytes are no points.
    package static func points(_ bytes: [UInt8]) -> [MetricPoint] {
        var points: [MetricPoint] = []
        bytes.withUnsafeBytes { SeriesChunk.decode($0, into: &points) }
        return points
    }
}

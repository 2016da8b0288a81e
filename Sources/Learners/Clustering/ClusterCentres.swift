import Numerics

/// Distances to centres, first centres, and Lloyd's iteration. Centres are [k, d], one after another.
enum ClusterCentres {
    static func standardised(_ features: Matrix, means: [Float], inverses: [Float]) -> Matrix {
        let width = features.columnCount
        return Matrix(rowCount: features.rowCount, columnCount: width) { target in
            for index in target.indices {
                target[index] = (features.elements[index] - means[index % width]) * inverses[index % width]
            }
        }
    }

    /// Means, and what centred features are then multiplied by. Distances do not change when all rows are shifted, but small
    /// numbers lose fewer digits in products.
    static func scale(
        _ data: LabelledMatrix, normalises: Bool, unscaled: [Range<Int>] = []
    ) -> (means: [Float], inverses: [Float]) {
        let scale = Standardization.features(data.features, rowCount: data.rowCount, weights: data.weights, unscaled: unscaled)
        return (scale.means, normalises ? scale.inverses : scale.inverses.map { _ in 1 })
    }

    static func squaredDistance(
        _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, width: Int
    ) -> Double {
        var sum: Float = 0
        for column in 0..<width {
            let delta = first[column] - second[column]
            sum += delta * delta
        }
        return Double(sum)
    }

    /// The nearest centre of each row, of equally near ones the first, and the squared distance to it.
    static func assign(_ rows: Matrix, to centres: [Float]) -> (clusters: [Int], squares: [Double]) {
        let width = rows.columnCount, count = centres.count / max(1, width)
        var clusters = [Int](repeating: 0, count: rows.rowCount)
        var squares = [Double](repeating: 0, count: rows.rowCount)
        let norms = (0..<count).map { cluster in
            (0..<width).reduce(Float(0)) { $0 + centres[cluster * width + $1] * centres[cluster * width + $1] }
        }
        let block = 256
        rows.elements.withUnsafeBufferPointer { elements in
            centres.withUnsafeBufferPointer { centres in
                withUnsafeTemporaryAllocation(of: Float.self, capacity: block * max(1, count)) { products in
                    guard let elements = elements.baseAddress, let centres = centres.baseAddress, let base = products.baseAddress
                    else { return }
                    for start in stride(from: 0, to: rows.rowCount, by: block) {
                        let some = min(block, rows.rowCount - start)
                        MatrixProduct.multiply(
                            .asStored(elements + start * width), .transposed(centres), into: base, rows: some, columns: count,
                            inner: width)
                        for row in 0..<some {
                            (clusters[start + row], squares[start + row]) = nearest(
                                elements + (start + row) * width, centres, width: width, products: base + row * count, norms)
                        }
                    }
                }
            }
        }
        return (clusters, squares)
    }

    /// |c|² - 2 x·c orders the centres as their distances do, up to rounding of what cancels; those that rounding may have put in
    /// the wrong order are measured one by one, and so is what is returned.
    private static func nearest(
        _ row: UnsafePointer<Float>, _ centres: UnsafePointer<Float>, width: Int, products: UnsafePointer<Float>, _ norms: [Float]
    ) -> (cluster: Int, square: Double) {
        var least = Float.infinity, rowNorm: Float = 0, largestNorm: Float = 0
        for column in 0..<width { rowNorm += row[column] * row[column] }
        norms.withUnsafeBufferPointer { norms in
            for cluster in norms.indices {
                least = min(least, norms[cluster] - 2 * products[cluster])
                largestNorm = max(largestNorm, norms[cluster])
            }
        }
        let doubt = least + Float(width + 4) * .ulpOfOne * (rowNorm + largestNorm)
        var best = (cluster: 0, square: Double.infinity)
        for cluster in norms.indices where !(norms[cluster] - 2 * products[cluster] > doubt) {
            let square = squaredDistance(row, centres + cluster * width, width: width)
            if square < best.square { best = (cluster, square) }
        }
        return best
    }

    /// First centres among the rows: any distinct ones, or each far from those before (k-means++).
    ///
    /// - Parameter weights: how much each row counts in k-means++; nil = all the same. - Shape: [rows].
    /// - Source: Arthur and Vassilvitskii, k-means++, 2007.
    static func first(
        _ rows: Matrix, weights: [Double]? = nil, count: Int, spreads: Bool, random: inout RandomSource
    ) -> [Float] {
        guard spreads else {
            var order = Array(0..<rows.rowCount)
            random.shuffle(&order)
            return (0..<count).flatMap { rows.row(order[$0 % order.count]) }
        }
        let weight = { (row: Int) in weights?[row] ?? 1 }
        func draw(_ shares: [Double]) -> Int {
            var left = random.uniform() * shares.reduce(0, +)
            for row in shares.indices where shares[row] > 0 {
                left -= shares[row]
                if left <= 0 { return row }
            }
            // With fewer distinct rows than centres all distances are 0, and any row does.
            return shares.lastIndex { $0 > 0 } ?? random.integer(below: rows.rowCount)
        }
        var centres = Array(rows.row(draw((0..<rows.rowCount).map(weight))))
        var nearest = assign(rows, to: centres).squares
        for _ in 1..<max(1, count) {
            let centre = Array(rows.row(draw(nearest.indices.map { nearest[$0] * weight($0) })))
            centres += centre
            let distances = assign(rows, to: centre).squares
            for row in nearest.indices { nearest[row] = min(nearest[row], distances[row]) }
        }
        return centres
    }

    /// Sums over the rows of each cluster.
    struct Sums {
        /// - Shape: [k, d] and [k].
        var totals: [Double], counts: [Double]
        /// Summed squared distance.
        var loss = 0.0

        init(centres: [Float], width: Int) {
            totals = [Double](repeating: 0, count: centres.count)
            counts = [Double](repeating: 0, count: centres.count / max(1, width))
        }

        mutating func add(_ rows: Matrix, _ found: (clusters: [Int], squares: [Double]), weights: [Double]? = nil) {
            let width = rows.columnCount
            rows.elements.withUnsafeBufferPointer { elements in
                for (row, cluster) in found.clusters.enumerated() {
                    let weight = weights?[row] ?? 1
                    counts[cluster] += weight
                    loss += weight * found.squares[row]
                    for column in 0..<width {
                        totals[cluster * width + column] += weight * Double(elements[row * width + column])
                    }
                }
            }
        }

        /// The means; a centre without rows stays where it is.
        func means(instead centres: [Float]) -> [Float] {
            let width = centres.count / max(1, counts.count)
            return centres.indices.map { counts[$0 / width] > 0 ? Float(totals[$0] / counts[$0 / width]) : centres[$0] }
        }
    }

    /// Moves centres to the means of their rows until the summed squared distance falls by less than a part `tolerance`.
    ///
    /// - Returns: the centres, and the sum by those before the last move.
    static func lloyd(
        _ rows: Matrix, weights: [Double], from first: [Float], iterations: Int, tolerance: Double
    ) -> (centres: [Float], loss: Double) {
        var centres = first, before = Double.infinity
        for _ in 0..<iterations {
            var sums = Sums(centres: centres, width: rows.columnCount)
            sums.add(rows, assign(rows, to: centres), weights: weights)
            if before - sums.loss <= tolerance * before, before.isFinite { return (centres, sums.loss) }
            before = sums.loss
            centres = sums.means(instead: centres)
        }
        return (centres, before)
    }
}

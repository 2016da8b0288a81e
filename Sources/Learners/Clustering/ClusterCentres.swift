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

    static func squaredDistance(_ rows: [Float], _ row: Int, _ centres: [Float], _ cluster: Int, width: Int) -> Double {
        var sum: Float = 0
        for column in 0..<width {
            let delta = rows[row * width + column] - centres[cluster * width + column]
            sum += delta * delta
        }
        return Double(sum)
    }

    /// The nearest centre of each row, of equally near ones the first, and the squared distance to it.
    static func assign(_ rows: Matrix, to centres: [Float]) -> (clusters: [Int], squares: [Double]) {
        let width = rows.columnCount, count = centres.count / max(1, width)
        var clusters = [Int](repeating: 0, count: rows.rowCount)
        var squares = [Double](repeating: .infinity, count: rows.rowCount)
        for row in 0..<rows.rowCount {
            for cluster in 0..<count {
                let distance = squaredDistance(rows.elements, row, centres, cluster, width: width)
                if distance < squares[row] { (squares[row], clusters[row]) = (distance, cluster) }
            }
        }
        return (clusters, squares)
    }

    /// First centres among the rows: any distinct ones, or each far from those before (k-means++).
    ///
    /// - Source: Arthur and Vassilvitskii, k-means++, 2007.
    static func first(_ rows: Matrix, count: Int, spreads: Bool, random: inout RandomSource) -> [Float] {
        guard spreads else {
            var order = Array(0..<rows.rowCount)
            random.shuffle(&order)
            return (0..<count).flatMap { rows.row(order[$0 % order.count]) }
        }
        var centres = Array(rows.row(random.integer(below: rows.rowCount)))
        var nearest = assign(rows, to: centres).squares
        for _ in 1..<max(1, count) {
            var left = random.uniform() * nearest.reduce(0, +)
            // With fewer distinct rows than centres all distances are 0, and any row does.
            var chosen = nearest.lastIndex { $0 > 0 } ?? random.integer(below: rows.rowCount)
            for row in nearest.indices where nearest[row] > 0 {
                left -= nearest[row]
                if left <= 0 {
                    chosen = row
                    break
                }
            }
            let centre = Array(rows.row(chosen))
            centres += centre
            let distances = assign(rows, to: centre).squares
            for row in nearest.indices { nearest[row] = min(nearest[row], distances[row]) }
        }
        return centres
    }

    /// Moves centres to the means of their rows until the mean squared distance falls by less than a part `tolerance`.
    static func lloyd(_ rows: Matrix, from first: [Float], iterations: Int, tolerance: Double) -> [Float] {
        let width = rows.columnCount, count = first.count / max(1, width)
        var centres = first, before = Double.infinity
        for _ in 0..<iterations {
            let found = assign(rows, to: centres)
            let sum = found.squares.reduce(0, +)
            if before - sum <= tolerance * before, before.isFinite { break }
            before = sum
            var sums = [Double](repeating: 0, count: count * width), counts = [Double](repeating: 0, count: count)
            for (row, cluster) in found.clusters.enumerated() {
                counts[cluster] += 1
                for column in 0..<width { sums[cluster * width + column] += Double(rows.elements[row * width + column]) }
            }
            // A centre without rows stays where it is.
            for index in centres.indices where counts[index / width] > 0 {
                centres[index] = Float(sums[index] / counts[index / width])
            }
        }
        return centres
    }
}

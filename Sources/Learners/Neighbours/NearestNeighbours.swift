import Numerics

/// The rows that lie nearest to others, found by looking at all of them, a block at a time.
///
/// A product of matrices tells nearly how far rows are; those that rounding may have put in the wrong place are measured one by one in double
/// precision. So what is found of a row is the same to the bit whatever rows are asked about with it.
struct NearestNeighbours {
    /// One of the nearest rows.
    struct Neighbour: Hashable {
        var row: Int
        var distance: Double
    }

    /// - Shape: [n, width]; of length 1 where the metric is the cosine.
    private let rows: Matrix
    private let metric: NeighbourMetric
    private let count: Int
    /// Squared lengths of the rows; 0 where all have the same. - Shape: [n].
    private let norms: [Float]

    private static let queryBlock = 64, rowBlock = 2_048

    /// - Parameter count: neighbours that are found, at most as many as there are rows.
    init(_ rows: Matrix, _ metric: NeighbourMetric, count: Int) {
        precondition((1...max(1, rows.rowCount)).contains(count), "\(count) neighbours among \(rows.rowCount) rows")
        (self.rows, self.metric, self.count) = (rows, metric, count)
        norms = metric == .cosine ? [Float](repeating: 0, count: rows.rowCount) : Self.squares(of: rows)
    }

    private static func squares(of rows: Matrix) -> [Float] {
        let width = rows.columnCount
        return rows.elements.withUnsafeBufferPointer { elements in
            (0..<rows.rowCount).map { row in
                var sum = 0.0
                for place in row * width..<(row + 1) * width { sum += Double(elements[place]) * Double(elements[place]) }
                return Float(sum)
            }
        }
    }

    /// Calls `body` with each query's number and its nearest rows, nearest first; of those equally far the first in the table.
    ///
    /// - Shape: queries [m, width], scaled as the rows are.
    func find(_ queries: Matrix, _ body: (_ query: Int, _ neighbours: [Neighbour]) -> Void) {
        let width = rows.columnCount, total = rows.rowCount, furthest = norms.max() ?? 0
        precondition(queries.columnCount == width, "queries of \(queries.columnCount) features among rows of \(width)")
        let lengths = Self.squares(of: queries)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.queryBlock * min(total, Self.rowBlock)) { products in
            queries.elements.withUnsafeBufferPointer { asked in
                rows.elements.withUnsafeBufferPointer { known in
                    guard let asked = asked.baseAddress, let known = known.baseAddress, let base = products.baseAddress else {
                        return
                    }
                    for first in stride(from: 0, to: queries.rowCount, by: Self.queryBlock) {
                        let some = min(Self.queryBlock, queries.rowCount - first)
                        var nearest = (0..<some).map { query in
                            let doubt = Float(width + 8) * .ulpOfOne * (lengths[first + query] + max(furthest, 1))
                            return Shortlist(count: count, doubt: doubt)
                        }
                        for start in stride(from: 0, to: total, by: Self.rowBlock) {
                            let many = min(Self.rowBlock, total - start)
                            MatrixProduct.multiply(
                                .asStored(asked + first * width), .transposed(known + start * width), into: base, rows: some,
                                columns: many, inner: width)
                            norms.withUnsafeBufferPointer { norms in
                                for query in 0..<some {
                                    nearest[query].offer(base + query * many, norms, start..<start + many)
                                }
                            }
                        }
                        for query in 0..<some {
                            body(first + query, measured(nearest[query], asked + (first + query) * width, known))
                        }
                    }
                }
            }
        }
    }

    private func measured(_ list: Shortlist, _ query: UnsafePointer<Float>, _ known: UnsafePointer<Float>) -> [Neighbour] {
        let width = rows.columnCount
        var found = list.rows.map { row in
            Neighbour(row: row, distance: metric.order(query, known + row * width, width: width))
        }
        found.sort { ($0.distance, $0.row) < ($1.distance, $1.row) }
        return found.prefix(count).map { Neighbour(row: $0.row, distance: metric.distance(ofOrder: $0.distance)) }
    }
}

/// Rows that may be among the nearest, as far as rounded distances tell.
private struct Shortlist {
    private let count: Int
    /// How much two rounded distances may differ though their order is the other one.
    private let doubt: Float
    /// The smallest distances so far, the largest of them on top (a heap).
    private var least: [Float] = []
    private var limit = Float.infinity
    private var offered: [(distance: Float, row: Int)] = []

    init(count: Int, doubt: Float) {
        (self.count, self.doubt) = (count, doubt)
        least.reserveCapacity(count)
    }

    var rows: [Int] { offered.lazy.filter { !($0.distance > limit) }.map(\.row) }

    /// - Parameters:
    ///   - products: of the query and the rows of the block, one after another.
    ///   - norms: of all rows.
    mutating func offer(_ products: UnsafePointer<Float>, _ norms: UnsafeBufferPointer<Float>, _ block: Range<Int>) {
        for row in block {
            let distance = norms[row] - 2 * products[row - block.lowerBound]
            if distance > limit { continue }
            offered.append((distance, row))
            keep(distance)
        }
    }

    private mutating func keep(_ distance: Float) {
        if least.count < count {
            least.append(distance)
            var place = least.count - 1
            while place > 0, least[(place - 1) / 2] < least[place] {
                least.swapAt(place, (place - 1) / 2)
                place = (place - 1) / 2
            }
        } else if distance < least[0] {
            least[0] = distance
            var place = 0
            while true {
                var larger = 2 * place + 1
                if larger + 1 < count, least[larger + 1] > least[larger] { larger += 1 }
                guard larger < count, least[larger] > least[place] else { break }
                least.swapAt(place, larger)
                place = larger
            }
        }
        if least.count == count { limit = least[0] + doubt }
    }
}

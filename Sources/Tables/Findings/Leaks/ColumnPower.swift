import CheckedNumbers
import Glibc

/// How much of the target one column tells about rows that it was not learned from.
///
/// The column is cut into bins; what is said of a bin's rows comes from the other four of five parts of the rows. Of classes it is their
/// shares (one row of the whole table's shares counts with them), of a number its mean, or a line where bins hold different numbers.
struct ColumnPower {
    /// 1 less the squared error by a constant's: R² of a number, of classes that of their indicators. 1 tells everything, 0 nothing.
    let power: Double
    /// Log loss of classes, or squares of numbers, by a constant's.
    let lossShare: Double

    private static let foldCount = 5

    /// - Returns: nil where the target is the same in all rows, or too few have it.
    init?(_ column: ColumnBins, _ target: FoundTarget) {
        switch target {
        case .classes(let classes, let count): self.init(column, classes, classCount: count)
        case .numbers(let numbers): self.init(column, numbers)
        }
    }

    /// Which part a row is in: by chance, the same each time.
    private static func fold(_ row: Int) -> Int {
        Int(truncatingIfNeeded: ((UInt64(truncatingIfNeeded: row) &+ 1) &* 0x9e37_79b9_7f4a_7c15) >> 40) % foldCount
    }

    private init?(_ column: ColumnBins, _ classes: [Int32], classCount: Int) {
        let width = classCount, folds = Self.foldCount
        var counts = [Double](repeating: 0, count: column.count * folds * width)
        var prior = [Double](repeating: 0, count: width), present = 0.0
        for row in classes.indices where classes[row] >= 0 {
            counts[(Int(column.bins[row]) * folds + Self.fold(row)) * width + Int(classes[row])] += 1
            prior[Int(classes[row])] += 1
            present += 1
        }
        guard present >= 20, prior.count(where: { $0 > 0 }) >= 2 else { return nil }
        prior = prior.map { $0 / present }
        var loss = 0.0, squares = 0.0, constantLoss = 0.0
        let priorSquares = prior.reduce(0) { $0 + $1 * $1 }
        // All rows of a bin, a part and a class are told the same.
        for bin in 0..<column.count {
            var total = [Double](repeating: 0, count: width)
            for fold in 0..<folds {
                for index in 0..<width { total[index] += counts[(bin * folds + fold) * width + index] }
            }
            for fold in 0..<folds {
                let own = (bin * folds + fold) * width
                let others = (0..<width).reduce(0.0) { $0 + total[$1] - counts[own + $1] }
                let shares = (0..<width).map { (total[$0] - counts[own + $0] + prior[$0]) / (others + 1) }
                let shareSquares = shares.reduce(0) { $0 + $1 * $1 }
                for index in 0..<width where counts[own + index] > 0 {
                    loss -= counts[own + index] * log(shares[index])
                    squares += counts[own + index] * (shareSquares - 2 * shares[index] + 1)
                }
            }
        }
        for index in 0..<width where prior[index] > 0 { constantLoss -= present * prior[index] * log(prior[index]) }
        let constantSquares = present * (1 - priorSquares)
        (power, lossShare) = (1 - squares / constantSquares, loss / constantLoss)
    }

    /// Sums of the rows of a bin and a part.
    private struct Sums {
        var count = 0.0, x = 0.0, y = 0.0, squares = 0.0, products = 0.0, outcomes = 0.0

        mutating func add(_ x: Double, _ y: Double, _ sign: Double = 1) {
            count += sign
            self.x += sign * x
            self.y += sign * y
            squares += sign * x * x
            products += sign * x * y
            outcomes += sign * y * y
        }

        func without(_ other: Sums) -> Sums {
            Sums(
                count: count - other.count, x: x - other.x, y: y - other.y, squares: squares - other.squares,
                products: products - other.products,
                outcomes: outcomes - other.outcomes)
        }

        /// What a line through them says, or their mean where they are few or alike; shrunk by one row of the mean of all, 0.
        func told(_ value: Double, isLine: Bool) -> Double {
            guard count > 0 else { return 0 }
            let mean = y / (count + 1), centre = x / count, spread = squares - x * centre
            guard isLine, count >= 12, spread > 1e-12 * max(1, squares) else { return mean }
            let slope = (products - centre * y) / spread, rest = outcomes - y * y / count - slope * slope * spread
            // A slope that is no more than noise, of three standard errors, only adds to it.
            guard slope * slope * spread * (count - 2) > 9 * rest else { return mean }
            return mean + slope * (value - centre)
        }
    }

    private init?(_ column: ColumnBins, _ target: [Double]) {
        let present = target.indices.filter { target[$0].isFinite }
        guard present.count >= 20 else { return nil }
        let mean = present.reduce(0) { $0 + target[$1] } / Double(present.count)
        let constant = present.reduce(0) { $0 + (target[$1] - mean) * (target[$1] - mean) }
        guard constant > 0, constant.isFinite else { return nil }
        let folds = Self.foldCount
        var sums = [Sums](repeating: Sums(), count: column.count * folds), total = [Sums](repeating: Sums(), count: column.count)
        var least = 0.0, most = 0.0
        for row in present {
            let x = column.numbers?[row] ?? 0, y = target[row] - mean, bin = Int(column.bins[row])
            sums[bin * folds + Self.fold(row)].add(x, y)
            total[bin].add(x, y)
            (least, most) = (min(least, y), max(most, y))
        }
        var squares = 0.0
        for row in present {
            let bin = Int(column.bins[row]), others = total[bin].without(sums[bin * folds + Self.fold(row)])
            let told = others.told(column.numbers?[row] ?? 0, isLine: column.numbers != nil)
            let error = target[row] - mean - max(least, min(most, told))
            squares += error * error
        }
        (power, lossShare) = (1 - squares / constant, squares / constant)
    }
}

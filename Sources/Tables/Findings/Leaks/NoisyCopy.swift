import CheckedNumbers
import Glibc
import Numerics

/// A column with a level for each class that says the class in most rows, and in the others is wrong by chance.
///
/// A column that is right in 80 % of the rows tells less than many an honest feature. What gives a copy away is how it is wrong: as often
/// as a level drawn from all rows, or one as well as the other, would be; and about rows of every kind alike. What was measured is wrong about
/// some kind of rows: whom sex misjudges on the Titanic, class and age tell.
struct NoisyCopy {
    /// The share of the rows in which it says the class.
    let agreement: Double
    /// How unlikely errors like these are by chance, at least.
    let likelihood: Double
    /// Whether it has the names of the classes.
    let hasSameNames: Bool
    /// Of agreement that chance leaves to be had, how much there is.
    private let kappa: Double
    /// Whether it is right, by place in the looked at rows; nil where the row has no class or no level.
    let isRight: [Bool?]

    /// Of agreement that chance leaves to be had, how much there is at least; how unlikely chance may be; most classes.
    private static let leastKappa = 0.5, leastLikelihood = 0.005, classLimit = 50
    private static let leastRows = 50, leastErrors = 5
    /// From which kappa on a copy needs no test of its few errors, and errors that a bin of the other columns should have.
    private static let sureKappa = 0.8, errorsOfBin = 4

    /// - Parameter classes: the class of each row, -1 where it has none.
    /// - Returns: nil where it is no such column.
    init?(_ column: Column, _ target: Column, rows: [Int], classes: [Int32], classCount: Int) {
        guard classCount <= Self.classLimit, let levels = Levels(column, rows), levels.count == classCount else { return nil }
        var counts = [[Double]](repeating: [Double](repeating: 0, count: classCount), count: classCount), present = 0.0
        for (row, level) in zip(classes, levels.values) where row >= 0 && level >= 0 {
            counts[Int(row)][Int(level)] += 1
            present += 1
        }
        guard Int(nearestWithin: present) >= Self.leastRows else { return nil }
        let partners = Self.partners(counts)
        counts = counts.map { row in partners.map { row[$0] } }
        let shares = counts.map { $0.reduce(0, +) / present }
        let own = (0..<classCount).map { level in counts.reduce(0) { $0 + $1[level] } / present }
        let right = (0..<classCount).reduce(0) { $0 + counts[$1][$1] } / present
        let chance = zip(shares, own).reduce(0) { $0 + $1.0 * $1.1 }
        let kappa = (right - chance) / max(1e-12, 1 - chance)
        // Few errors of many rows are what the power of the column speaks of.
        guard kappa >= Self.leastKappa, present * (1 - right) >= Double(Self.leastErrors) else { return nil }
        likelihood = max(
            Self.likelihood(of: counts) { row, level in shares[level] * (1 - kappa) + (row == level ? kappa : 0) },
            Self.likelihood(of: counts) { row, level in row == level ? right : (1 - right) / Double(classCount - 1) })
        guard likelihood >= Self.leastLikelihood else { return nil }
        (agreement, self.kappa) = (right, kappa)
        isRight = zip(classes, levels.values).map { row, level in
            row < 0 || level < 0 ? nil : partners[Int(row)] == Int(level)
        }
        hasSameNames = Self.haveSameNames(column, target, rows, zip(classes, levels.values).map { ($0, $1) }, partners)
    }

    /// Whether the errors have nothing to do with other columns, among rows of the same class.
    ///
    /// - Parameters:
    ///   - classes: the class of each row; `others`: the other features' bins, of the same rows.
    func isWrongByChance(classes: [Int32], beside others: [ColumnBins]) -> Bool {
        var least = 1.0, tests = 0.0
        for bins in others {
            guard let likelihood = likelihood(of: bins, classes) else { continue }
            tests += 1
            least = min(least, likelihood)
        }
        return tests > 0 ? least * tests >= Self.leastLikelihood : kappa >= Self.sureKappa
    }

    /// How unlikely it is by chance that errors are spread over a column's bins as they are.
    private func likelihood(of bins: ColumnBins, _ classes: [Int32]) -> Double? {
        struct Cell: Hashable { var row: Int32, bin: Int }
        // A few bins of many rows each: chi square wants that, and errors in each.
        let wrong = isRight.count { $0 == false }, kept = max(2, min(6, wrong / Self.errorsOfBin))
        let joined = max(1, (bins.count + kept - 1) / kept)
        var counts: [Cell: (right: Double, wrong: Double)] = [:], sums: [Int32: (right: Double, wrong: Double)] = [:]
        for (place, isRight) in isRight.enumerated() {
            guard let isRight else { continue }
            let row = classes[place], cell = Cell(row: row, bin: Int(bins.bins[place]) / joined)
            if isRight {
                counts[cell, default: (0, 0)].right += 1
                sums[row, default: (0, 0)].right += 1
            } else {
                counts[cell, default: (0, 0)].wrong += 1
                sums[row, default: (0, 0)].wrong += 1
            }
        }
        var chi = 0.0, freedom = 0.0
        for (row, sum) in sums where sum.right > 0 && sum.wrong > 0 {
            let all = sum.right + sum.wrong, cells = counts.filter { $0.key.row == row }
            var used = 0.0
            for cell in cells.values {
                let count = cell.right + cell.wrong, expected = count * sum.wrong / all
                guard expected >= 2, count - expected >= 2 else { continue }
                chi += (cell.wrong - expected) * (cell.wrong - expected) / expected
                chi += (cell.wrong - expected) * (cell.wrong - expected) / (count - expected)
                used += 1
            }
            freedom += used < Double(cells.count) ? used : max(0, used - 1)
        }
        return freedom > 0 ? ChiSquare.tail(chi, freedom: freedom) : nil
    }

    /// Which level goes with each class: the fullest cell first.
    private static func partners(_ counts: [[Double]]) -> [Int] {
        let cells = counts.indices.flatMap { row in counts.indices.map { (row, $0) } }
            .sorted { (-counts[$0.0][$0.1], $0.0, $0.1) < (-counts[$1.0][$1.1], $1.0, $1.1) }
        var partners = [Int](repeating: -1, count: counts.count), taken = [Bool](repeating: false, count: counts.count)
        for (row, level) in cells where partners[row] < 0 && !taken[level] {
            partners[row] = level
            taken[level] = true
        }
        return partners
    }

    /// How likely errors are to be spread over classes and levels so unevenly, if a row of a class has a level with this probability.
    private static func likelihood(of counts: [[Double]], _ probability: (Int, Int) -> Double) -> Double {
        var distance = 0.0
        for row in counts.indices {
            let sum = counts[row].reduce(0, +)
            for level in counts.indices where counts[row][level] > 0 {
                distance += 2 * counts[row][level] * log(counts[row][level] / max(1e-9, sum * probability(row, level)))
            }
        }
        let freedom = Double(counts.count * (counts.count - 1) - 1)
        return ChiSquare.tail(distance, freedom: max(1, freedom))
    }

    private static func haveSameNames(
        _ column: Column, _ target: Column, _ rows: [Int], _ pairs: [(Int32, Int32)], _ partners: [Int]
    ) -> Bool {
        var isSeen = [Bool](repeating: false, count: partners.count)
        for (place, pair) in pairs.enumerated() where pair.0 >= 0 && pair.1 >= 0 {
            let row = Int(pair.0)
            guard !isSeen[row], partners[row] == Int(pair.1) else { continue }
            isSeen[row] = true
            guard let name = column.text(at: rows[place]), let wanted = target.text(at: rows[place]),
                name.lowercased() == wanted.lowercased()
            else { return false }
        }
        return isSeen.allSatisfy { $0 }
    }
}

/// The few values of a column, numbered in the order of the rows.
struct Levels {
    /// A level for each row, -1 where it has no value.
    let values: [Int32]
    let count: Int

    /// - Returns: nil where there are more than a hundred.
    init?(_ column: Column, _ rows: [Int]) {
        let labels = Labels(column)
        guard labels.count <= 100 else { return nil }
        var numbers = [Int32](repeating: -1, count: labels.count), count: Int32 = 0
        values = rows.map { row in
            let label = labels.values[row]
            guard label >= 0 else { return -1 }
            if numbers[Int(label)] < 0 {
                numbers[Int(label)] = count
                count += 1
            }
            return numbers[Int(label)]
        }
        self.count = Int(count)
    }
}

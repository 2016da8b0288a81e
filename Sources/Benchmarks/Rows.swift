import Glibc
import Learners
import Numerics
import Tables

/// Rows to measure on, made from a seed.
enum Rows {
    /// A logistic problem: normal features, a linear score with noise.
    static func logistic(rowCount: Int, featureCount: Int) -> LabelledMatrix {
        var random = RandomSource(seed: 7)
        let weights = (0..<featureCount).map { _ in Float(random.normal() * 0.3) }
        var elements = [Float](repeating: 0, count: rowCount * featureCount)
        var targets = [Float](repeating: 0, count: rowCount)
        for row in 0..<rowCount {
            var score: Float = 0
            for feature in 0..<featureCount {
                let value = Float(random.normal())
                elements[row * featureCount + feature] = value
                score += value * weights[feature]
            }
            targets[row] = random.uniform() < 1 / (1 + exp(-Double(score))) ? 1 : 0
        }
        return LabelledMatrix(
            features: Matrix(rowCount: rowCount, columnCount: featureCount, elements: elements), targets: targets)
    }

    /// Writes rows as CSV, label first.
    static func write(_ rows: LabelledMatrix, to path: String) throws {
        let width = rows.features.columnCount
        let columns =
            [Column(name: "y", kind: .integer, storage: .numbers(rows.targets.map { Double($0) }))]
            + (0..<width).map { feature in
                let values = (0..<rows.targets.count).map { Double(rows.features[$0, feature]) }
                return Column(name: "f\(feature)", kind: .numeric, storage: .numbers(values))
            }
        try TableWriter.write(columnsOf: Table(columns: columns), to: path)
    }
}

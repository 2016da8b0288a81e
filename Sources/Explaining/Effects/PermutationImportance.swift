import Numerics
import Tables
import Training

/// How much worse a model is where one column's values are exchanged among rows.
public struct PermutationImportance: Sendable, Hashable {
    /// What the model is measured by, and what it was before.
    public var metric: String, before: Double
    public var columns: [String]
    /// How much worse: positive = the column helps. The mean over repeats, and half the width of its interval of 95 %.
    ///
    /// - Shape: [columns].
    public var losses: [Double], errors: [Double]
    public var rowCount: Int, repeatCount: Int
}

extension ModelExplainer {
    /// Exchanges each column's values among rows that have a target, several times.
    ///
    /// - Parameter metric: one that `evaluate` has, without `test:`; nil = `loss`.
    /// - Throws: `badRequest` for an unknown metric or fewer than two repeats; `badData`, among others when no row has a target.
    /// - Source: Breiman, "Random forests" (2001); Fisher, Rudin and Dominici (2019) for any model.
    public func permutationImportance(
        _ table: Table, metric: String? = nil, repeats: Int = 10, seed: UInt64 = 0
    ) throws(ExplainingError) -> PermutationImportance {
        guard repeats >= 2 else { throw ExplainingError(.badRequest, "\(repeats) repeats show no error: give at least 2") }
        let measured: MeasuredRows
        do throws(TrainingError) { measured = try model.measuredRows(of: table) } catch {
            throw ExplainingError(.badData, "\(error)")
        }
        func value(_ numbers: Matrix) throws(ExplainingError) -> (name: String, value: Double, minimises: Bool) {
            do throws(TrainingError) { return try model.measure(measured.with(numbers), metric: metric) } catch {
                throw ExplainingError(error.code == .badRequest ? .badRequest : .badData, "\(error)")
            }
        }
        let before = try value(measured.numbers)
        var result = PermutationImportance(
            metric: before.name, before: before.value, columns: columns.map(\.name), losses: [], errors: [],
            rowCount: measured.numbers.rowCount, repeatCount: repeats)
        var random = RandomSource(seed: seed), order = Array(0..<measured.numbers.rowCount)
        for column in columns {
            var values: [Double] = []
            for _ in 0..<repeats {
                random.shuffle(&order)
                var numbers = measured.numbers
                for (row, other) in order.enumerated() {
                    for place in column.places { numbers[row, place] = measured.numbers[other, place] }
                }
                values.append((try value(numbers).value - before.value) * (before.minimises ? 1 : -1))
            }
            let mean = values.reduce(0, +) / Double(repeats)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(repeats - 1)
            result.losses.append(mean)
            result.errors.append(SeedSpread.critical(Double(repeats - 1)) * (variance / Double(repeats)).squareRoot())
        }
        return result
    }
}

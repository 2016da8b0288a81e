import Glibc
import Numerics
import Tables
import Learners
import Testing
import Training

/// What holds for every algorithm from a table to its predictions.
@Suite struct AlgorithmContractTests {
    /// Those that can be trained here.
    static let names = Algorithms.all.filter { !$0.takesAnySetting }.map(\.name).filter {
        $0 != "xgboost" || XGBoostLibrary.isAvailable
    }

    private func settings(_ algorithm: String, _ wanted: [String: String] = [:]) -> [String: any CustomStringConvertible] {
        let needed = ["k": "3", "num_components": "2"].merging(wanted) { $1 }
        let names = Set(Algorithms.all.first { $0.name == algorithm }?.hyperparameters.map(\.name) ?? [])
        return needed.filter { names.contains($0.key) }
    }

    private func table(rows: Int, features: Int, gaps: Bool = false) -> Table {
        var random = RandomSource(seed: 7)
        var sums = [Double](repeating: 0, count: rows)
        var columns = (0..<features).map { index in
            let values = (0..<rows).map { row in
                let value = random.uniform()
                sums[row] += index < 5 ? value : 0
                return gaps && row % 7 == index ? Double.nan : value
            }
            return Column(name: "x\(index)", kind: .numeric, storage: .numbers(values))
        }
        let target = sums.map { $0 > 0.5 * Double(min(5, features)) ? Int32(1) : 0 }
        columns.append(Column(name: "y", kind: .text, storage: .codes(target, dictionary: ["no", "yes"])))
        return Table(columns: columns, path: "memory")
    }

    @Test func `what forms show open are a few settings of the algorithm itself`() {
        for algorithm in Algorithms.all {
            let own = algorithm.hyperparameters.filter { !$0.isJobSetting }.map(\.name)
            #expect(algorithm.essentials.allSatisfy(own.contains), "\(algorithm.name)")
            #expect(algorithm.essentials.count <= 6 && algorithm.essentials.isEmpty == own.isEmpty, "\(algorithm.name)")
        }
    }

    private func target(_ algorithm: String) -> String? {
        Algorithms.all.first { $0.name == algorithm }?.needsTarget == true ? "y" : nil
    }

    private func isFinite(_ texts: [String]) -> Bool {
        texts.allSatisfy { text in Double(text).map(\.isFinite) ?? true }
    }

    @Test(arguments: names)
    func missingValuesConstantAndEmptyColumnsAreLearnedFromOrLeftOutWithAWarning(algorithm: String) throws {
        let base = table(rows: 120, features: 4, gaps: true)
        let rows = base.rowCount
        let data = Table(
            columns: base.columns + [
                Column(name: "empty", kind: .numeric, storage: .numbers([Double](repeating: .nan, count: rows))),
                Column(name: "same", kind: .numeric, storage: .numbers([Double](repeating: 5, count: rows))),
            ], path: "memory")
        let job = try Estimator(algorithm, settings(algorithm, ["epochs": "3", "num_round": "3"])).fit(
            data, target: target(algorithm))
        #expect(job.status == .completed)
        for name in ["empty", "same"] { #expect(job.warnings.contains { $0.contains(name) }, "\(job.warnings)") }
        let predictions = try job.model.predict(data)
        #expect(predictions.allSatisfy { $0.texts.count == rows && isFinite($0.texts) })
    }

    private static let isLarge = getenv("DESCENT_LARGE") != nil

    /// A few steps over a million rows, and over ten thousand columns. `make large` runs it.
    @Test(.enabled(if: isLarge, "takes minutes: make large"), arguments: names, [(1_000_000, 6), (400, 10_000)])
    func aMillionRowsAndTenThousandColumnsAreNotTooMany(algorithm: String, shape: (rows: Int, features: Int)) throws {
        let data = table(rows: shape.rows, features: shape.features)
        let wanted = [
            "epochs": "1", "num_round": "2", "max_depth": "3", "hidden_layers": "4", "mini_batch_size": "10000",
            "max_runtime_in_seconds": "60",
        ]
        let job = try Estimator(algorithm, settings(algorithm, wanted)).fit(data, target: target(algorithm))
        #expect(job.metrics["validation:loss"]?.isFinite == true)
        #expect(try job.model.predict(data).allSatisfy { $0.texts.count == shape.rows })
    }
}

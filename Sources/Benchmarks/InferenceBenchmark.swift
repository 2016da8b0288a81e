import Inference
import Numerics
import Tables
import Training

/// What a request of one row costs a model, without a network.
enum InferenceBenchmark {
    /// Prints microseconds a request of 28 numbers, as CSV and as JSON, for a linear model and for 100 trees.
    static func run(requestCount: Int) throws {
        var random = RandomSource(seed: 4)
        let width = 28, rows = 2_000
        let values = (0..<width).map { _ in (0..<rows).map { _ in random.normal() } }
        let sums = (0..<rows).map { row in values.reduce(0) { $0 + $1[row] } }
        let columns = values.enumerated().map { Column(name: "x\($0)", kind: .numeric, storage: .numbers($1)) }
        let target = Column(
            name: "y", kind: .categorical, storage: .codes(sums.map { $0 > 0 ? 1 : 0 }, dictionary: ["no", "yes"]))
        let table = Table(
            columns: columns + [target], path: "memory",
            schema: TableSchema(columns: (columns + [target]).map { ColumnRule(name: $0.name, kind: $0.kind) }))
        let row = values.map { "\($0[0])" }.joined(separator: ",")
        for (algorithm, settings) in [("linear-learner", ["epochs": "3"]), ("xgboost", ["num_round": "100", "max_depth": "6"])] {
            let model = LoadedModel(try Estimator(algorithm, settings).fit(table, target: "y").model)
            for (type, body) in [("text/csv", row), ("application/json", "{\"instances\":[{\"features\":[\(row)]}]}")] {
                let request = InvocationRequest(body: Array(body.utf8), contentType: type)
                for _ in 0..<100 { _ = try model.invoke(request) }
                let wall = Measurement.wallSeconds(), cpu = Measurement.threadSeconds()
                for _ in 0..<requestCount { _ = try model.invoke(request) }
                let count = Double(requestCount)
                Measurement.report(
                    "invoke_\(algorithm)_\(type)",
                    [
                        "wall_us": (Measurement.wallSeconds() - wall) / count * 1e6,
                        "cpu_us": (Measurement.threadSeconds() - cpu) / count * 1e6,
                    ])
            }
        }
    }
}

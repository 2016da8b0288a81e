import Explaining
import Glibc
import Learners
import Numerics

/// Shapley values of an ensemble that XGBoost trained, beside XGBoost's own and shap's: benchmarks/explain.py.
enum ExplainBenchmark {
    /// Prints processor seconds without and with a background, and writes the values as `BASE_ours.f64` and `BASE_ours_background.f64`.
    ///
    /// - Parameters:
    ///   - document: the model in XGBoost's JSON.
    ///   - base: `BASE_X.npy` [rows, features], whose first 100 rows are the background.
    static func run(document path: String, _ base: String) throws {
        let rows = try ArrayFile.matrix(base)
        guard
            let ensemble = TreeEnsemble(xgboostDocument: try ArrayFile.text(path), featureCount: rows.columnCount, scoreCount: 1)
        else { throw ArrayFile.Fault(description: "\(path) is no ensemble of \(rows.columnCount) features") }
        for (name, background) in [("", nil), ("_background", rows.selecting(rows: Array(0..<100)))] {
            let wall = Measurement.wallSeconds(), cpu = Measurement.processSeconds()
            let found = try ensemble.attribution(rows, background: background)
            Measurement.report(
                "explain" + name,
                [
                    "wall_s": Measurement.wallSeconds() - wall, "cpu_s": Measurement.processSeconds() - cpu,
                    "rss_mb": Measurement.peakMegabytes(),
                ])
            found.values.withUnsafeBytes { bytes in
                guard let file = fopen(base + "_ours\(name).f64", "wb") else { return }
                fwrite(bytes.baseAddress, 1, bytes.count, file)
                fclose(file)
            }
        }
    }
}

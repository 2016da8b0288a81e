import JSON
import Spark

/// How Spark stands: what is installed, and on which Java it runs.
struct EngineStatus {
    let place: SparkEnvironment
    let java: JavaRuntime?
    /// Why there is no Java; empty where there is.
    let javaProblem: String

    init(_ place: SparkEnvironment, _ environment: [String: String]) {
        self.place = place
        do {
            (java, javaProblem) = (try JavaRuntime.find(environment), "")
        } catch { (java, javaProblem) = (nil, "\(error)") }
    }

    /// Whether it could run now.
    var isReady: Bool { place.packages != nil && java != nil }

    /// In a few words.
    var words: String {
        guard let packages = place.packages else {
            return place.isPartial ? "not wholly installed: descent engine install spark" : "not installed"
        }
        let version = packages["pyspark"] ?? "?"
        let age = place.isCurrent ? "" : ", an earlier choice of packages: descent engine install spark brings the present one"
        return "Spark \(version), XGBoost \(packages["xgboost-cpu"] ?? "?")\(age)"
    }

    var rows: [[String]] {
        [
            ["spark", words],
            ["folder", place.folder],
            ["Java", java.map { "\($0.version), \($0.path)" } ?? javaProblem],
        ]
    }

    var json: JSONValue {
        .object([
            "kind": .string("engine"), "name": .string("spark"), "installed": .boolean(place.packages != nil),
            "current": .boolean(place.isCurrent), "partial": .boolean(place.isPartial), "folder": .string(place.folder),
            "packages": place.packages.map { JSONValue($0) }, "java": java.map { .string($0.version) },
            "problem": javaProblem.isEmpty ? nil : .string(javaProblem),
        ])
    }
}

/// What MLflow takes, by its own limits.
///
/// - Source: MLflow 3.17, `mlflow.utils.validation`.
enum TrackingLimits {
    static let metrics = 1000, parameters = 100, tags = 100, entities = 1000
    static let keyLength = 250, parameterLength = 6000, tagLength = 8000, experimentLength = 500
    static let pageOfRuns = 1000, largestPage = 50_000
    static let experimentsOfDatasets = 20
    /// Bytes of an artifact that a page uploads.
    static let uploadBytes = 10 << 20

    /// - Throws: `invalidParameter` for a key that cannot be one.
    static func check(key: String, of what: String) throws(TrackingError) {
        guard !key.isEmpty else { throw .missing("key") }
        guard key.unicodeScalars.count <= keyLength else {
            throw TrackingError(
                .invalidParameter,
                "\(what) name '\(key.prefix(keyLength))' had length \(key.count), which exceeded length limit of \(keyLength)")
        }
        let isPlain = key.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || $0.properties.numericType != nil || "_-. :/".unicodeScalars.contains($0)
        }
        guard isPlain else {
            throw TrackingError(
                .invalidParameter,
                "Invalid \(what) name: '\(key)'. Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/)."
            )
        }
        // A name that says a path would be a file elsewhere.
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
            throw TrackingError(
                .invalidParameter,
                "Invalid \(what) name: '\(key)'. Names may be treated as files in certain cases, and must not resolve to other names when treated as such."
            )
        }
    }

    static func check(_ value: String, atMost limit: Int, of what: String, _ key: String) throws(TrackingError) {
        guard value.unicodeScalars.count <= limit else {
            throw TrackingError(
                .invalidParameter,
                "\(what) value of '\(key)' had length \(value.unicodeScalars.count), which exceeded length limit of \(limit)")
        }
    }
}

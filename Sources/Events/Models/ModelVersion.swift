import JSON

/// What somebody decided about a version of a model, in SageMaker's words.
public enum ModelApproval: String, Sendable, Hashable, CaseIterable {
    case pending = "PendingManualApproval"
    case approved = "Approved"
    case rejected = "Rejected"
}

/// A version of a model that is kept under a name: what it is, and where it comes from.
///
/// Versions of one name are a group. A version's file never changes, whatever becomes of the run that it is of.
public struct ModelVersion: Hashable, Sendable {
    /// Where a model comes from.
    public enum Source: String, Sendable, Hashable, CaseIterable {
        case run, automl
        case imported = "import"
        /// Registered by a client of MLflow; its files are where that said.
        case mlflow
    }

    /// Unique in the workspace, and the name of its folder there.
    public var id: String
    /// The group.
    public var name: String
    /// From 1 in its group; a number is never given twice.
    public var version: Int
    public var approval: ModelApproval
    public var note: String
    public var source: Source
    /// The run's or the job's id and name, or the file that was imported.
    public var sourceID: String, sourceName: String
    /// What it was trained with; for a model from elsewhere what is known of it.
    public var request: JobRequest
    /// All settings that it was trained with.
    public var hyperparameters: [String: String]
    /// The data's fingerprint; empty where it is not known.
    public var dataFingerprint: String
    /// What the model reached, by metric.
    public var metrics: [MetricName: Double]
    /// The bytes of its file.
    public var byteCount: Int
    /// Seconds since 1970.
    public var createdAt: Double
    public var approvedAt: Double?

    public init(
        id: String, name: String, source: Source, sourceID: String, sourceName: String, request: JobRequest, createdAt: Double
    ) {
        (self.id, self.name, self.source, self.sourceID) = (id, name, source, sourceID)
        (self.sourceName, self.request, self.createdAt) = (sourceName, request, createdAt)
        (version, approval, note, hyperparameters, dataFingerprint) = (0, .pending, "", [:], "")
        (metrics, byteCount) = ([:], 0)
    }

    /// How a command line names it, such as `churn:3`.
    public var title: String { "\(name):\(version)" }

    /// Why it cannot be loaded here; nil = it can.
    public var loadedElsewhere: String? {
        guard source == .mlflow else { return nil }
        return "\(title) was registered by a client of MLflow, and only MLflow can load it: "
            + "mlflow.pyfunc.load_model(\"models:/\(name)/\(version)\")"
    }
}

extension ModelVersion {
    /// Whether a text can be a group's name: letters and digits with single or several hyphens between, at most 63.
    ///
    /// - Source: SageMaker's pattern of `ModelPackageGroupName`, `[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}`.
    public static func isName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"):
                true
            default: false
            }
        }
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last) && bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }

    /// A line about it.
    public var json: JSONValue {
        .object([
            "kind": .string("model"), "model": .string(name), "version": .integer(version), "status": .string(approval.rawValue),
            "id": .string(id), "algorithm": .string(request.algorithm), "target": request.target.map { .string($0) },
            "source": .string(source.rawValue), "sourceId": .string(sourceID), "sourceName": .string(sourceName),
            "data": .string(request.datasetPath), "dataFingerprint": .string(dataFingerprint),
            "hyperparameters": JSONValue(hyperparameters),
            "metrics": .object(sorted: Dictionary(uniqueKeysWithValues: metrics.map { ($0.key.text, .number($0.value)) })),
            "bytes": .integer(byteCount), "note": .string(note), "createdAt": .number(createdAt),
            "approvedAt": approvedAt.map { .number($0) },
        ])
    }
}

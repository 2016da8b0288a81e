import Numerics

/// A trained ensemble, kept as XGBoost's own JSON.
public struct XGBoostModel: LearnedModel, Hashable {
    /// How the importance of a feature is measured.
    public enum Importance: String, Sendable, Hashable, CaseIterable {
        /// Mean gain of the splits on it.
        case gain
        /// Number of splits on it; a linear booster's coefficient.
        case weight
        /// Mean number of rows its splits decide on.
        case cover
    }

    public let task: LearningTask
    public let featureCount: Int
    public let scoreCount: Int
    public var threshold: Float = 0.5
    /// Boosting rounds.
    public let roundCount: Int
    /// Release of XGBoost that wrote the document; older ones may misread it and are refused.
    public let version: XGBoostLibrary.Version
    /// The model in XGBoost's JSON: Python's `Booster.load_model` reads it from a file.
    public let document: String

    /// The name of the file with XGBoost's JSON in a run's folder.
    public static let fileName = "model.xgb.json"

    /// Each split sends rows without a value the way that was better in training.
    public var takesMissing: Bool { true }

    public var attachments: [String: [UInt8]] { [Self.fileName: Array(document.utf8)] }

    /// A regressor's predictions as XGBoost gives them; a classifier's margins.
    ///
    /// - Shape: features [n, featureCount], returns [n, scoreCount].
    /// - Throws: `shapeMismatch`, `nonFiniteFeature`; `libraryMissing`; `unsupported` with an XGBoost older than the writer's;
    ///   `libraryFailed`.
    /// - Complexity: reads the document at each call: predict many rows at a time.
    public func predictScores(_ features: Matrix) throws(LearnerError) -> Matrix {
        guard features.columnCount == featureCount else {
            throw LearnerError(
                .shapeMismatch, "the model takes \(featureCount) features, the rows have \(features.columnCount)")
        }
        if let column = features.firstInfiniteColumn {
            throw LearnerError(.nonFiniteFeature, "feature \(column) (from 0) holds an infinite value: replace it")
        }
        guard features.rowCount > 0 else { return Matrix(rowCount: 0, columnCount: scoreCount) }
        let library = try XGBoostLibrary.shared()
        let rows = try BoosterMatrix(features, threads: 1, library: library)
        let scores = try booster(library).predict(rows, margins: task != .regressor)
        guard scores.count == features.rowCount * scoreCount else {
            throw LearnerError(.invalidModel, "the model gives \(scores.count) scores for \(features.rowCount) rows: train again")
        }
        return Matrix(rowCount: features.rowCount, columnCount: scoreCount, elements: scores)
    }

    /// How much each feature matters, features that no tree uses 0.
    ///
    /// - Shape: [featureCount].
    /// - Throws: `libraryMissing`, `unsupported`, `libraryFailed`, as for gain and cover of a linear booster.
    public func importance(_ kind: Importance) throws(LearnerError) -> [Float] {
        var scores = [Float](repeating: 0, count: featureCount)
        for (name, score) in try booster(XGBoostLibrary.shared()).featureScores(kind.rawValue) {
            if let index = Int(name.dropFirst()), scores.indices.contains(index) { scores[index] = score }
        }
        return scores
    }

    private func booster(_ library: XGBoostLibrary) throws(LearnerError) -> Booster {
        try library.checkReads(version)
        let booster = try Booster(matrices: [], parameters: [("nthread", "1")], library: library)
        try booster.load(document: document)
        return booster
    }
}

import CheckedNumbers
import Numerics
import Synchronization

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
    /// What the document's predictions are to be divided by; nil = 1.
    public var targetScale: Float?
    /// The trees as they are walked without the library; see `readied`.
    var walk = ReadyWalk()

    /// The name of the file with XGBoost's JSON in a run's folder.
    public static let fileName = "model.xgb.json"

    /// Each split sends rows without a value the way that was better in training.
    public var takesMissing: Bool { true }

    public var attachments: [String: [UInt8]] { [Self.fileName: Array(document.utf8)] }

    /// A regressor's predictions as XGBoost gives them, in the target's own units; a classifier's margins.
    ///
    /// - Shape: features [n, featureCount], returns [n, scoreCount].
    /// - Throws: `shapeMismatch`, `nonFiniteFeature`; `libraryMissing`; `unsupported` with an XGBoost older than the writer's;
    ///   `libraryFailed`.
    /// - Complexity: reads the document unless it is that of the call before.
    public func predictScores(_ features: Matrix) throws(LearnerError) -> Matrix { try predictScores(features, rounds: 0) }

    /// The same after its first rounds only.
    ///
    /// - Parameter rounds: from 1 to `roundCount`; 0 = all.
    public func predictScores(_ features: Matrix, rounds: Int) throws(LearnerError) -> Matrix {
        try predict(features, margins: task != .regressor, rounds: rounds)
    }

    /// The sums of what the trees give, before a regressor's objective makes predictions of them.
    ///
    /// - Shape: features [n, featureCount], returns [n, scoreCount].
    /// - Throws: as `predictScores`.
    public func predictMargins(_ features: Matrix) throws(LearnerError) -> Matrix {
        try predict(features, margins: true, rounds: 0)
    }

    private func predict(_ features: Matrix, margins: Bool, rounds: Int) throws(LearnerError) -> Matrix {
        guard features.columnCount == featureCount else {
            throw LearnerError(
                .shapeMismatch, "the model takes \(featureCount) features, the rows have \(features.columnCount)")
        }
        if let column = features.firstInfiniteColumn {
            throw LearnerError(.nonFiniteFeature, "feature \(column) (from 0) holds an infinite value: replace it")
        }
        guard features.rowCount > 0 else { return Matrix(rowCount: 0, columnCount: scoreCount) }
        if rounds == 0, let walk = walk.trees, margins || walk.givesPredictions {
            return Matrix(
                rowCount: features.rowCount, columnCount: scoreCount, elements: scaled(walk.margins(features)))
        }
        let scores = try withBooster { booster, library throws(LearnerError) in
            try booster.predict(try BoosterMatrix(features, threads: 1, library: library), margins: margins, rounds: rounds)
        }
        guard scores.count == features.rowCount * scoreCount else {
            throw LearnerError(.invalidModel, "the model gives \(scores.count) scores for \(features.rowCount) rows: train again")
        }
        return Matrix(
            rowCount: features.rowCount, columnCount: scoreCount, elements: scaled(scores))
    }

    private func scaled(_ scores: [Float]) -> [Float] { targetScale.map { scale in scores.map { $0 / scale } } ?? scores }

    /// The same model, whose trees are walked here where that gives what the library gives: without its matrices and its lock a row
    /// costs microseconds.
    public func readied() -> XGBoostModel {
        var ready = self
        ready.walk.trees = TreeWalk(of: self)
        return ready
    }

    /// The library's own sums, of a model that may be larger than what it gives is divided by.
    func libraryScores(_ features: Matrix, margins: Bool) throws(LearnerError) -> [Float] {
        try withBooster { booster, library throws(LearnerError) in
            try booster.predict(try BoosterMatrix(features, threads: 1, library: library), margins: margins)
        }
    }

    /// How much each feature matters, features that no tree uses 0.
    ///
    /// - Shape: [featureCount].
    /// - Throws: `libraryMissing`, `unsupported`, `libraryFailed`, as for gain and cover of a linear booster.
    public func importance(_ kind: Importance) throws(LearnerError) -> [Float] {
        var scores = [Float](repeating: 0, count: featureCount)
        let found = try withBooster { booster, _ throws(LearnerError) in try booster.featureScores(kind.rawValue) }
        for (name, score) in found {
            if let index = Int(name.dropFirst()), scores.indices.contains(index) { scores[index] = score }
        }
        return scores
    }

    /// Each feature's share of the splits' mean gains; of a linear booster, of its coefficients' sizes.
    ///
    /// - Shape: [featureCount], together 1, or all 0 when nothing was learned.
    /// - Throws: as `importance`.
    public func relativeGains() throws(LearnerError) -> [Double] {
        let isLinear = document.contains("\"gblinear\"")
        let gains = try importance(isLinear ? .weight : .gain).map { abs(Double($0)) }, sum = gains.reduce(0, +)
        return sum > 0 ? gains.map { $0 / sum } : gains
    }

    /// The ensemble that was read last, kept so that a model that predicts again and again is read once.
    private struct Loaded {
        let document: String
        let booster: Booster
    }

    private static let last = Mutex<Loaded?>(nil)

    private func withBooster<Result: Sendable>(
        _ body: (Booster, XGBoostLibrary) throws(LearnerError) -> Result
    ) throws(LearnerError) -> Result {
        let library = try XGBoostLibrary.shared()
        try library.checkReads(version)
        let document = document
        return try Self.last.withLock { last throws(LearnerError) in
            if let last, last.document == document { return try body(last.booster, library) }
            let booster = try Booster(matrices: [], parameters: [("nthread", "1")], library: library)
            try booster.load(document: document)
            last = Loaded(document: document, booster: booster)
            return try body(booster, library)
        }
    }
}

extension XGBoostModel {
    private enum CodingKeys: String, CodingKey {
        case task, featureCount, scoreCount, threshold, roundCount, version, document, targetScale
    }

    /// Reads a model and checks that its parts fit together.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        task = try container.decode(LearningTask.self, forKey: .task)
        featureCount = try container.decode(Int.self, forKey: .featureCount)
        scoreCount = try container.decode(Int.self, forKey: .scoreCount)
        threshold = try container.decode(Float.self, forKey: .threshold)
        roundCount = try container.decode(Int.self, forKey: .roundCount)
        version = try container.decode(XGBoostLibrary.Version.self, forKey: .version)
        document = try container.decode(String.self, forKey: .document)
        targetScale = try container.decodeIfPresent(Float.self, forKey: .targetScale)
        try decoder.check(
            targetScale.map { $0.isNormal && $0 > 0 && task == .regressor } ?? true, "the target's scale is none")
        try decoder.check(task.needsTarget, "trees predict no \(task.rawValue)")
        try decoder.check(
            task == .multiclassClassifier ? (2...1 << 24).contains(scoreCount) : scoreCount == 1,
            "a \(task.rawValue) of \(scoreCount) scores")
        try decoder.check((1...1 << 30).contains(featureCount), "\(featureCount) features")
        try decoder.check(roundCount >= 0, "\(roundCount) boosting rounds")
        // There is none after a failure of the library: such a model says so when it is asked.
        if document.isEmpty { return }
        if let fault = XGBoostDocument.fault(document, featureCount: featureCount, scoreCount: scoreCount) {
            try decoder.check(false, fault)
        }
    }
}

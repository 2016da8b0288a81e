extension XGBoostModel {
    /// A model that another program's XGBoost wrote.
    public struct Imported: Sendable {
        public var model: XGBoostModel
        /// What the document calls its features; empty where it does not.
        public var featureNames: [String]
        /// Such as `binary:logistic`.
        public var objective: String
    }

    /// Reads XGBoost's own JSON.
    ///
    /// - Throws: `invalidModel` for what is no such model, or does not fit together; `unsupported` for one that does something else than
    ///   predict a number or classes from numbers; `libraryMissing`; `libraryFailed`.
    public static func importing(_ text: String) throws(LearnerError) -> Imported {
        // The text is held to what it says before the library reads it, and so is what the library makes of it.
        _ = try outline(text)
        let library = try XGBoostLibrary.shared()
        let booster = try Booster(matrices: [], parameters: [("nthread", "1")], library: library)
        try booster.load(document: text)
        let document = try booster.document(), found = try outline(document), rounds = try booster.roundCount()
        guard let objective = XGBoostObjective(rawValue: found.objective) else {
            throw LearnerError(
                .unsupported,
                "its objective is '\(found.objective)', which is not known here: \(XGBoostObjective.allCases.map(\.rawValue).joined(separator: ", ")) are"
            )
        }
        let model = XGBoostModel(
            task: objective.task, featureCount: found.featureCount, scoreCount: found.scoreCount,
            threshold: objective == .hinge ? 0 : 0.5, roundCount: rounds, version: library.version, document: document,
            targetScale: nil)
        return Imported(model: model, featureNames: found.featureNames, objective: found.objective)
    }

    private static func outline(_ document: String) throws(LearnerError) -> XGBoostDocument.Outline {
        guard let outline = XGBoostDocument.outline(document) else {
            throw LearnerError(
                .invalidModel, "it is no model in XGBoost's JSON: save it with Booster.save_model('model.json')")
        }
        if let fault = XGBoostDocument.fault(
            document, featureCount: outline.featureCount, scoreCount: outline.scoreCount)
        {
            throw LearnerError(.invalidModel, "\(fault): save it again")
        }
        return outline
    }
}

extension XGBoostDocument {
    /// What a document says that it is of.
    struct Outline {
        var featureCount: Int, scoreCount: Int
        var featureNames: [String]
        var objective: String
    }

    static func outline(_ document: String) -> Outline? {
        guard let learner = read(document)?.learner, let featureCount = Int(learner.learnerModelParam.numFeature),
            (1...1 << 20).contains(featureCount), let classCount = Int(learner.learnerModelParam.numClass),
            (0...1 << 20).contains(classCount)
        else { return nil }
        return Outline(
            featureCount: featureCount, scoreCount: max(1, classCount), featureNames: learner.featureNames ?? [],
            objective: learner.objective?.name ?? "")
    }
}

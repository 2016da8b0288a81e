import Numerics

extension XGBoostModel {
    /// What the model's margins are made of.
    ///
    /// - Throws: `invalidModel` after a failure of the library; as `predictMargins`.
    public func parts() throws(LearnerError) -> MarginParts {
        guard let parts = XGBoostDocument.parts(document, featureCount: featureCount, scoreCount: scoreCount) else {
            throw LearnerError(.invalidModel, "the model's trees cannot be read: train again")
        }
        // Where all rows begin follows from objective and version; the difference to one row's margin is the same.
        let row = [Float](repeating: 0, count: featureCount)
        let margins = try predictMargins(Matrix(rows: [row])).elements.map(Double.init), unit = 1 / Double(targetScale ?? 1)
        switch parts {
        case .trees(var ensemble, _):
            if unit != 1 { ensemble.scale(by: unit) }
            return .trees(ensemble, begin: zip(margins, ensemble.sums(row)).map { $0 - $1 })
        case .linear(let slopes, _): return .linear(slopes: slopes.map { $0 * unit }, intercepts: margins)
        }
    }
}

extension XGBoostModel {
    /// What was minimised, which decides what predictions are made of margins; nil where the document does not say, or says another.
    package var objective: XGBoostObjective? {
        XGBoostDocument.outline(document).flatMap { XGBoostObjective(rawValue: $0.objective) }
    }
}

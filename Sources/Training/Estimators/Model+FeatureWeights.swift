import Events
import Learners
import Tables

extension Model {
    /// What the model makes of its features, by name; nil for models that say nothing of single features.
    ///
    /// - Throws: `badData` when XGBoost's library, which knows the gains, is not here.
    public func featureWeights() throws(TrainingError) -> FeatureWeights? {
        switch learned {
        case let linear as LinearModel: return coefficients(linear)
        case let trees as XGBoostModel where !trees.document.isEmpty:
            do throws(LearnerError) { return gains(try trees.relativeGains()) } catch {
                throw TrainingError(.badData, error.message, operation: "read importances")
            }
        default: return nil
        }
    }

    /// One name a weight of a linear model.
    private var weightNames: [String] { (stepNames ?? pipeline.weightNames) + baseNames }

    private func coefficients(_ model: LinearModel) -> FeatureWeights {
        let (intercepts, slopes) = model.coefficients, names = weightNames, classes = target?.classes ?? []
        // Features may be in units of their own, and the target less an origin.
        let units = stepNames == nil ? pipeline.units : []
        var own = intercepts.map { $0 + (target?.origin ?? 0) }
        var rows: [FeatureWeights.Row] = []
        for score in 0..<model.scoreCount {
            for (index, name) in names.prefix(model.weightCount).enumerated() {
                let place = score * model.weightCount + index
                let isNumber = index < model.featureCount - model.cardinalities.count
                let unit = isNumber && units.indices.contains(index) ? units[index] : NumberUnit()
                own[score] -= slopes[place] * unit.scale * unit.origin
                rows.append(
                    FeatureWeights.Row(
                        feature: name, className: model.scoreCount > 1 ? classes[score] : nil,
                        value: Double(model.weights[place]) * model.targetDeviation, perUnit: slopes[place] * unit.scale,
                        // What is left at its own scale is divided by 1.
                        isScaled: isNumber && model.featureInverses[index] != 1))
            }
        }
        return FeatureWeights(
            kind: .coefficients, rows: rows, intercepts: own,
            favoured: model.scoreCount == 1 && classes.count == 2 ? classes[1] : nil)
    }

    private func gains(_ shares: [Double]) -> FeatureWeights {
        let names = (stepNames ?? pipeline.featureNames) + baseNames
        return FeatureWeights(
            kind: .gain, rows: zip(names, shares).map { FeatureWeights.Row(feature: $0, value: $1) })
    }
}

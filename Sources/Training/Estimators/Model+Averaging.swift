import Learners
import Tables

extension Model {
    /// One model that averages the predictions of several of the same target.
    ///
    /// - Parameter models: with how much each counts, none negative; one counts at least.
    /// - Throws: `badModel` where they cannot be averaged: they predict different things, or do something with their features.
    package static func average(_ models: [(model: Model, weight: Double)]) throws(TrainingError) -> Model {
        let counted = models.filter { $0.weight > 0 }, total = counted.reduce(0) { $0 + $1.weight }
        guard let first = counted.first?.model, total.isFinite else {
            throw TrainingError(.badModel, "no model counts in the average", operation: "average models")
        }
        for (model, _) in counted {
            guard model.target?.column == first.target?.column, model.target?.classes == first.target?.classes,
                model.learned.task == first.learned.task, model.learned.task.needsTarget
            else { throw TrainingError(.badModel, "the models predict different things", operation: "average models") }
            guard model.steps.isEmpty else {
                throw TrainingError(
                    .badModel, "a model whose features are prepared is none to average", operation: "average models")
            }
            guard model.learned.task == .regressor || model.learned.givesProbabilities else {
                throw TrainingError(
                    .badModel, "a model of \(model.algorithm) has no probabilities to average", operation: "average models")
            }
        }
        let (pipeline, places) = FeaturePipeline.joined(counted.map(\.model.pipeline))
        let origin = first.target?.origin ?? 0
        var members: [AveragedModel.Member] = []
        for (index, (model, weight)) in counted.enumerated() {
            let shift = (model.target?.origin ?? 0) - origin
            // An average of averages is one of their members.
            let own =
                (model.learned as? AveragedModel)?.members
                ?? [
                    .init(
                        algorithm: model.algorithm, model: model.learned, places: Array(0..<model.pipeline.featureCount),
                        weight: 1)
                ]
            for var member in own {
                member.places = member.places.map { places[index][$0] }
                member.weight *= weight / total
                member.shift += shift
                members.append(member)
            }
        }
        return Model(
            averaging: first, pipeline: pipeline, learned: AveragedModel(members, featureCount: pipeline.featureCount),
            schema: schema(of: counted.map(\.model)))
    }

    /// What is said of any of the columns that the models use.
    private static func schema(of models: [Model]) -> TableSchema? {
        guard var schema = models.first?.schema else { return nil }
        for model in models.dropFirst() {
            guard let other = model.schema else { return nil }
            schema.columns += other.columns.filter { schema.rule(for: $0.name) == nil }
        }
        return schema
    }

    /// Models that an average is made of; 1 for any other.
    package var memberCount: Int { (learned as? AveragedModel)?.members.count ?? 1 }
}

extension Model {
    /// Whether it can be a part of an average.
    package var canBeAveraged: Bool {
        steps.isEmpty && learned.task.needsTarget && (learned.task == .regressor || learned.givesProbabilities)
    }
}

import Learners
import Preparing
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
        for (model, _) in counted { try model.checkAverages(with: first) }
        let (pipeline, places, preparation) = joined(counted.map(\.model))
        let origin = first.target?.origin ?? 0
        let members = counted.indices.flatMap { index in
            counted[index].model.members(at: places[index], share: counted[index].weight / total, origin: origin)
        }
        return Model(
            joining: first, algorithm: AveragedModel.name, pipeline: pipeline, preparation: preparation,
            learned: AveragedModel(members, featureCount: pipeline.featureCount), schema: schema(of: counted.map(\.model)))
    }

    /// - Throws: `badModel` where it predicts something else, or something that cannot be averaged.
    func checkAverages(with first: Model) throws(TrainingError) {
        guard target?.column == first.target?.column, target?.classes == first.target?.classes,
            learned.task == first.learned.task, learned.task.needsTarget
        else { throw TrainingError(.badModel, "the models predict different things", operation: "average models") }
        guard (preparation == nil) == (first.preparation == nil) else {
            throw TrainingError(
                .badModel, "some of the models have a pipeline of their own and some have none, which are none to average",
                operation: "average models")
        }
        guard steps.isEmpty else {
            throw TrainingError(.badModel, "a model whose features are prepared is none to average", operation: "average models")
        }
        guard learned.task == .regressor || learned.givesProbabilities else {
            throw TrainingError(
                .badModel, "a model of \(algorithm) has no probabilities to average", operation: "average models")
        }
    }

    /// The models that it is in an average: itself, or, since an average of averages is one of their members, its own.
    ///
    /// - Parameters:
    ///   - places: of its features among those of the average.
    ///   - origin: what the average's numbers are less by.
    func members(at places: [Int], share: Double, origin: Double) -> [AveragedModel.Member] {
        let own =
            (learned as? AveragedModel)?.members
            ?? [.init(algorithm: algorithm, model: learned, places: Array(places.indices), weight: 1)]
        return own.map { member in
            var member = member
            member.places = member.places.map { places[$0] }
            member.weight *= share
            member.shift += (target?.origin ?? 0) - origin
            return member
        }
    }

    /// How columns become the features of several models: those of each where it has a pipeline of its own, what is the same once.
    static func joined(
        _ models: [Model]
    ) -> (pipeline: FeaturePipeline, places: [[Int]], preparation: FittedPipeline?) {
        let preparations = models.compactMap(\.preparation)
        guard preparations.count == models.count else {
            let (pipeline, places) = FeaturePipeline.joined(models.map(\.pipeline))
            return (pipeline, places, nil)
        }
        let (preparation, names) = FittedPipeline.joined(preparations)
        let (pipeline, places) = FeaturePipeline.joined(zip(models, names).map { $0.pipeline.renamingColumns($1) })
        return (pipeline, places, preparation)
    }

    /// What is said of any of the columns that the models use.
    static func schema(of models: [Model]) -> TableSchema? {
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

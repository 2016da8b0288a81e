import Learners
import Tables

extension Model {
    /// One model of models that learned from others' predictions too, and of those others.
    ///
    /// - Parameter tops: which see what the bases predict behind their own features; they count the same.
    /// - Throws: as `average`.
    static func stacked(_ tops: [Model], on bases: [Model]) throws(TrainingError) -> Model {
        guard let first = tops.first, !bases.isEmpty else {
            throw TrainingError(.badModel, "there are no models to stack", operation: "stack models")
        }
        for model in tops + bases { try model.checkAverages(with: first) }
        let (pipeline, places, preparation) = joined(tops + bases)
        let width = pipeline.featureCount, told = bases.reduce(0) { $0 + $1.scoreCount }
        let origin = first.target?.origin ?? 0
        let above = tops.indices.flatMap { index in
            tops[index].members(at: places[index] + Array(width..<width + told), share: 1 / Double(tops.count), origin: origin)
        }
        let below = bases.indices.map { index in
            AveragedModel(bases[index].members(at: places[tops.count + index], share: 1, origin: origin), featureCount: width)
        }
        return Model(
            joining: first, algorithm: StackedModel.name, pipeline: pipeline, preparation: preparation,
            learned: StackedModel(below, top: AveragedModel(above, featureCount: width + told)),
            schema: schema(of: tops + bases))
    }
}

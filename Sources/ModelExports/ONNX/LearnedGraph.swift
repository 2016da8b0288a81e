import Learners

/// What a learned model does with features, as steps of a graph.
enum LearnedGraph {
    /// What a model gives for each row.
    struct Answer {
        /// - Shape: [n, scores].
        var values: String
        var type = ONNXType.float
        /// Whether they are probabilities already, and not what these follow from.
        var areProbabilities = false
    }

    /// Adds the steps.
    ///
    /// - Parameter features: [n, model.featureCount], single precision.
    /// - Throws: `unsupported`, `badModel`.
    static func build(
        _ model: any LearnedModel, _ features: String, _ builder: inout GraphBuilder
    ) throws(ModelExportError) -> Answer {
        switch model {
        case let model as LinearModel: return linear(model, features, &builder)
        case let model as NeuralModel: return Answer(values: NetworkGraph(model).build(features, &builder))
        case let model as XGBoostModel: return Answer(values: try TreeGraph(model).build(features, &builder))
        case let model as KMeansModel: return Answer(values: distances(model, features, &builder))
        case let model as PCAModel: return Answer(values: projections(model, features, &builder))
        case let model as NeighboursModel: return NeighboursGraph(model).build(features, &builder)
        case let model as ConstantModel: return constant(model, features, &builder)
        case let model as AveragedModel: return try average(model, features, &builder)
        case let model as StackedModel: return try stack(model, features, &builder)
        default:
            throw ModelExportError(
                .unsupported, "a model of this kind has no form in ONNX: serve it with descent endpoint create")
        }
    }

    /// A classifier's probabilities. - Shape: returns [n, scores]: of the second of two classes, or of each.
    static func probabilities(_ answer: Answer, scoreCount: Int, _ builder: inout GraphBuilder) -> String {
        if answer.areProbabilities { return answer.values }
        return scoreCount == 1
            ? builder.add("Sigmoid", answer.values)
            : builder.add("Softmax", answer.values, attributes: [.init("axis", .integer(1))])
    }

    // MARK: - Learners

    private static func linear(_ model: LinearModel, _ features: String, _ builder: inout GraphBuilder) -> Answer {
        let scores = model.scoreCount, plain = model.featureCount - model.cardinalities.count
        let isRegressor = model.task == .regressor, unit = isRegressor ? Float(model.targetDeviation) : 1
        let offset =
            isRegressor ? model.biases.map { Float(Double($0) * model.targetDeviation + model.targetMean) } : model.biases
        func table(_ places: Range<Int>) -> String {
            let weights = places.flatMap { place in
                (0..<scores).map { model.weights[$0 * model.weightCount + place] * unit }
            }
            return builder.constant(.floats(weights), [places.count, scores])
        }
        var sum = builder.row(offset)
        if plain > 0 {
            let own = plain == model.featureCount ? features : builder.columns(features, Array(0..<plain))
            let scaled = builder.scaled(
                own, less: Array(model.featureMeans.prefix(plain)), times: Array(model.featureInverses.prefix(plain)))
            sum = builder.add("Add", builder.add("MatMul", scaled, table(0..<plain)), sum)
        }
        var start = plain
        for (index, count) in model.cardinalities.enumerated() {
            let code = builder.code(features, at: plain + index)
            sum = builder.add("Add", sum, builder.add("Gather", table(start..<start + count), code))
            start += count
        }
        return Answer(values: sum)
    }

    private static func distances(_ model: KMeansModel, _ features: String, _ builder: inout GraphBuilder) -> String {
        let rows = builder.scaled(features, less: model.featureMeans, times: model.featureInverses)
        let centres = builder.constant(.floats(model.centres), [1, model.clusterCount, model.featureCount])
        let differences = builder.add("Sub", builder.reshaped(rows, [0, 1, -1]), centres)
        let squares = builder.add(
            "ReduceSumSquare", differences, attributes: [.init("axes", .integers([2])), .init("keepdims", .integer(0))])
        return builder.add("Sqrt", squares)
    }

    private static func projections(_ model: PCAModel, _ features: String, _ builder: inout GraphBuilder) -> String {
        let wide = builder.cast(features, to: .double)
        let centred = builder.add("Sub", wide, builder.row(model.featureMeans))
        let scaled = builder.add("Mul", centred, builder.row(model.featureInverses))
        let turned = (0..<model.featureCount).flatMap { feature in
            (0..<model.scoreCount).map { model.components[$0 * model.featureCount + feature] }
        }
        let product = builder.add(
            "MatMul", scaled, builder.constant(.doubles(turned), [model.featureCount, model.scoreCount]))
        return builder.cast(product, to: .float)
    }

    /// The same for every row; how many there are is read off the features.
    private static func constant(_ model: ConstantModel, _ features: String, _ builder: inout GraphBuilder) -> Answer {
        let first = builder.columns(features, [0])
        let nothing = builder.add("Where", builder.add("IsNaN", first), builder.row([Float(0)]), builder.row([Float(0)]))
        return Answer(values: builder.add("Add", nothing, builder.row(model.scores.map { Float($0) })))
    }

    // MARK: - Models of models

    /// Weighted sums in double precision, as `AveragedModel` has them.
    private static func average(
        _ model: AveragedModel, _ features: String, _ builder: inout GraphBuilder
    ) throws(ModelExportError) -> Answer {
        var sum: String?, seen: [[Int]: String] = [:]
        for member in model.members where member.weight > 0 {
            let own =
                member.places == Array(0..<model.featureCount)
                ? features : seen[member.places] ?? builder.columns(features, member.places)
            seen[member.places] = own
            let answer = try build(member.model, own, &builder)
            var values = answer.values
            if model.task != .regressor { values = probabilities(answer, scoreCount: model.scoreCount, &builder) }
            if model.task != .regressor || answer.type != .double { values = builder.cast(values, to: .double) }
            if member.shift != 0 { values = builder.add("Add", values, builder.row([member.shift])) }
            if member.weight != 1 { values = builder.add("Mul", values, builder.row([member.weight])) }
            sum = sum.map { builder.add("Add", $0, values) } ?? values
        }
        guard let sum else { throw ModelExportError(.badModel, "no model counts in the average: train again") }
        return Answer(values: builder.cast(sum, to: .float), areProbabilities: model.task != .regressor)
    }

    private static func stack(
        _ model: StackedModel, _ features: String, _ builder: inout GraphBuilder
    ) throws(ModelExportError) -> Answer {
        var seen = [features]
        for base in model.bases { seen.append(try average(base, features, &builder).values) }
        return try average(model.top, builder.concatenated(seen), &builder)
    }
}

extension GraphBuilder {
    /// A feature that is a category's number. - Shape: features [n, d], returns [n].
    mutating func code(_ features: String, at place: Int) -> String {
        cast(reshaped(columns(features, [place]), [-1]), to: .int64)
    }
}

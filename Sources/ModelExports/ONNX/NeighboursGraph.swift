import Learners

/// The nearest of known rows, and what they say, as steps of a graph.
///
/// A product of matrices finds those that may be nearest; their distances are then measured one by one, so that rows that are equally far
/// are told apart as `NearestNeighbours` does: by their place.
struct NeighboursGraph {
    private let model: NeighboursModel
    /// Rows that are measured beside those that are asked.
    private static let spare = 64
    /// How near rows come that are the same, whatever rounding makes of it; see `NeighbourMetric`.
    private static let same = 4 * Double(Float.ulpOfOne)

    init(_ model: NeighboursModel) { self.model = model }

    private var rowCount: Int { model.targets.count }

    /// Adds the steps. - Shape: features [n, featureCount], returns [n, scoreCount].
    func build(_ features: String, _ builder: inout GraphBuilder) -> LearnedGraph.Answer {
        let queries = scaled(features, &builder)
        let rows = builder.constant(.doubles(model.rows.map(Double.init)), [rowCount, model.featureCount])
        let candidates = self.candidates(queries, &builder)
        let measured = distances(queries, rows, candidates, &builder)
        let found = builder.add(
            "TopK", [measured, builder.constant(.integers([model.count]), [1])],
            attributes: [.init("axis", .integer(1)), .init("largest", .integer(0)), .init("sorted", .integer(1))], outputs: 2)
        let nearest = builder.add(
            "GatherElements", candidates, found[1], attributes: [.init("axis", .integer(1))])
        let counts = self.counts(found[0], nearest, &builder)
        let answers = builder.cast(answers(nearest, counts, &builder), to: .float)
        return LearnedGraph.Answer(values: answers, areProbabilities: model.task != .regressor)
    }

    /// Double precision; of length 1 where the metric is the cosine.
    private func scaled(_ features: String, _ builder: inout GraphBuilder) -> String {
        let rows = builder.scaled(features, less: model.featureMeans, times: model.featureInverses)
        let wide = builder.cast(rows, to: .double)
        guard model.metric == .cosine else { return wide }
        let length = builder.add(
            "Sqrt", builder.add("ReduceSumSquare", wide, attributes: [.init("axes", .integers([1]))]))
        let isNothing = builder.add("Equal", length, builder.row([0.0]))
        let unit = builder.add("Div", wide, builder.add("Where", isNothing, builder.row([1.0]), length))
        // The known rows were rounded, too.
        return builder.cast(builder.cast(unit, to: .float), to: .double)
    }

    /// Rows that may be among the nearest, in the order of the table. - Shape: [n, as many].
    private func candidates(_ queries: String, _ builder: inout GraphBuilder) -> String {
        let width = model.featureCount, count = min(rowCount, model.count + Self.spare)
        var turned = [Double](repeating: 0, count: model.rows.count), norms = [Double](repeating: 0, count: rowCount)
        for row in 0..<rowCount {
            for column in 0..<width {
                let value = Double(model.rows[row * width + column])
                turned[column * rowCount + row] = -2 * value
                if model.metric == .euclidean { norms[row] += value * value }
            }
        }
        let products = builder.add("MatMul", queries, builder.constant(.doubles(turned), [width, rowCount]))
        let orders = builder.add("Add", products, builder.row(norms))
        let least = [ONNXGraph.Attribute("axis", .integer(1)), .init("largest", .integer(0)), .init("sorted", .integer(1))]
        let some = builder.add("TopK", [orders, builder.constant(.integers([count]), [1])], attributes: least, outputs: 2)
        return builder.add("TopK", [some[1], builder.constant(.integers([count]), [1])], attributes: least, outputs: 2)[0]
    }

    /// - Shape: queries [n, d], rows [m, d], candidates [n, c]; returns [n, c].
    private func distances(
        _ queries: String, _ rows: String, _ candidates: String, _ builder: inout GraphBuilder
    ) -> String {
        let known = builder.add("Gather", rows, candidates, attributes: [.init("axis", .integer(0))])
        let asked = builder.reshaped(queries, [0, 1, -1])
        let along = [ONNXGraph.Attribute("axes", .integers([2])), .init("keepdims", .integer(0))]
        guard model.metric == .cosine else {
            let squares = builder.add("ReduceSumSquare", builder.add("Sub", known, asked), attributes: along)
            return builder.add("Sqrt", squares)
        }
        let products = builder.add("Mul", known, asked)
        let cosines = builder.add(
            "ReduceSum", products, builder.constant(.integers([2]), [1]), attributes: [.init("keepdims", .integer(0))])
        let distance = builder.add("Sub", builder.row([1.0]), cosines)
        let isSame = builder.add("Less", distance, builder.row([Self.same]))
        return builder.add("Where", isSame, builder.row([0.0]), distance)
    }

    /// How much each neighbour counts, all together 1. - Shape: distances and nearest [n, k], returns [n, k].
    private func counts(_ distances: String, _ nearest: String, _ builder: inout GraphBuilder) -> String {
        let zero = builder.row([0.0]), one = builder.row([1.0])
        let isMet = builder.add("Equal", distances, zero), met = builder.cast(isMet, to: .double)
        var counts = builder.add("Add", builder.add("Mul", distances, zero), one)
        if model.weighsByDistance {
            let inverse = builder.add("Div", one, builder.add("Where", isMet, one, distances))
            let anyMet = builder.add("ReduceMax", met, attributes: [.init("axes", .integers([1]))])
            counts = builder.add("Where", builder.add("Equal", anyMet, zero), inverse, met)
        }
        if let weights = model.weights {
            let own = builder.add("Gather", builder.constant(.doubles(weights.map(Double.init)), [rowCount]), nearest)
            counts = builder.add("Mul", counts, own)
        }
        let total = builder.add("ReduceSum", counts, builder.constant(.integers([1]), [1]))
        return builder.add("Div", counts, total)
    }

    /// - Shape: nearest and counts [n, k], returns [n, scoreCount].
    private func answers(_ nearest: String, _ counts: String, _ builder: inout GraphBuilder) -> String {
        let known: [Double]
        switch model.task {
        case .multiclassClassifier:
            known = model.targets.flatMap { target in (0..<model.classCount).map { Float($0) == target ? 1.0 : 0 } }
        default: known = model.targets.map(Double.init)
        }
        let table = builder.constant(.doubles(known), [rowCount, known.count / rowCount])
        let said = builder.add("Gather", table, nearest, attributes: [.init("axis", .integer(0))])
        let counted = builder.add("Mul", said, builder.reshaped(counts, [0, 0, 1]))
        return builder.add(
            "ReduceSum", counted, builder.constant(.integers([1]), [1]), attributes: [.init("keepdims", .integer(0))])
    }
}

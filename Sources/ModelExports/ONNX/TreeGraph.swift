import Learners

/// Boosted trees as one step that sums their leaves.
struct TreeGraph {
    private let model: XGBoostModel

    init(_ model: XGBoostModel) { self.model = model }

    /// Adds the steps.
    ///
    /// - Shape: features [n, featureCount], NaN = missing; returns [n, scoreCount].
    /// - Throws: `badModel` where the library that knows what sums begin with is not here; `unsupported` for an objective that is not known.
    func build(_ features: String, _ builder: inout GraphBuilder) throws(ModelExportError) -> String {
        let parts: MarginParts
        do throws(LearnerError) { parts = try model.parts() } catch { throw ModelExportError(.badModel, error.message) }
        let margins: String
        switch parts {
        case .trees(let ensemble, let begin):
            let start = builder.row(begin.map { Float($0) })
            margins =
                ensemble.trees.isEmpty
                ? everyRow(start, features, &builder) : builder.add("Add", sum(ensemble, features, &builder), start)
        case .linear(let slopes, let intercepts):
            let known = builder.add("Where", builder.add("IsNaN", features), builder.row([Float(0)]), features)
            let turned = (0..<model.featureCount).flatMap { feature in
                (0..<model.scoreCount).map { Float(slopes[$0 * model.featureCount + feature]) }
            }
            let product = builder.add(
                "MatMul", known, builder.constant(.floats(turned), [model.featureCount, model.scoreCount]))
            margins = builder.add("Add", product, builder.row(intercepts.map { Float($0) }))
        }
        return model.task == .regressor ? try linked(margins, &builder) : margins
    }

    private func everyRow(_ start: String, _ features: String, _ builder: inout GraphBuilder) -> String {
        let first = builder.columns(features, [0]), zero = builder.row([Float(0)])
        return builder.add("Add", builder.add("Where", builder.add("IsNaN", first), zero, zero), start)
    }

    /// What a regressor's objective makes of its margins.
    private func linked(_ margins: String, _ builder: inout GraphBuilder) throws(ModelExportError) -> String {
        guard let objective = model.objective else {
            throw ModelExportError(.unsupported, "the trees were trained for something that is not known here: export as xgboost")
        }
        // Margins come divided by the scale, and the link is one of what is not.
        let scale = model.targetScale ?? 1
        let link: String
        switch objective {
        case .regressionLogistic: link = "Sigmoid"
        case .gamma, .tweedie, .poisson: link = "Exp"
        default: return margins
        }
        let own = scale == 1 ? margins : builder.add("Mul", margins, builder.row([scale]))
        let predicted = builder.add(link, own)
        return scale == 1 ? predicted : builder.add("Div", predicted, builder.row([scale]))
    }

    /// Rows below a split go to the left, and those without a value where training sent them.
    private func sum(_ ensemble: TreeEnsemble, _ features: String, _ builder: inout GraphBuilder) -> String {
        var trees: [Int] = [], nodes: [Int] = [], asked: [Int] = [], values: [Float] = [], modes: [String] = []
        var yes: [Int] = [], no: [Int] = [], missing: [Int] = []
        var leafTrees: [Int] = [], leaves: [Int] = [], scores: [Int] = [], weights: [Float] = []
        for (number, tree) in ensemble.trees.enumerated() {
            for node in tree.left.indices {
                let isLeaf = tree.left[node] < 0
                trees.append(number)
                nodes.append(node)
                asked.append(isLeaf ? 0 : Int(tree.feature[node]))
                values.append(isLeaf ? 0 : tree.split[node])
                modes.append(isLeaf ? "LEAF" : "BRANCH_LT")
                yes.append(isLeaf ? 0 : Int(tree.left[node]))
                no.append(isLeaf ? 0 : Int(tree.right[node]))
                missing.append(isLeaf ? 0 : Int(tree.defaultLeft[node]))
                guard isLeaf else { continue }
                leafTrees.append(number)
                leaves.append(node)
                scores.append(tree.score)
                weights.append(Float(tree.value[node]))
            }
        }
        return builder.add(
            "TreeEnsembleRegressor", features,
            attributes: [
                .init("n_targets", .integer(ensemble.scoreCount)),
                .init("nodes_treeids", .integers(trees)), .init("nodes_nodeids", .integers(nodes)),
                .init("nodes_featureids", .integers(asked)), .init("nodes_values", .floats(values)),
                .init("nodes_modes", .texts(modes)), .init("nodes_truenodeids", .integers(yes)),
                .init("nodes_falsenodeids", .integers(no)),
                .init("nodes_missing_value_tracks_true", .integers(missing)),
                .init("target_treeids", .integers(leafTrees)), .init("target_nodeids", .integers(leaves)),
                .init("target_ids", .integers(scores)), .init("target_weights", .floats(weights)),
                .init("aggregate_function", .text("SUM")), .init("post_transform", .text("NONE")),
            ], domain: .learning)
    }
}

import Learners
import Numerics
import Tables
import Training

/// A row that models see differently, and which columns make them do so.
public struct ModelDisagreement: Sendable, Hashable {
    /// A column that adds other amounts in one model than in another.
    public struct Cause: Sendable, Hashable {
        public var column: String
        /// What it adds to each model's margin, beside the same background; 0 where a model does not use it.
        ///
        /// - Shape: [models].
        public var values: [Double]

        /// How far the values lie apart.
        public var spread: Double { (values.max() ?? 0) - (values.min() ?? 0) }
    }

    /// The row's place in its table, from 0.
    public var row: Int
    /// The output that the causes are of: of several classes the one whose probabilities lie farthest apart.
    public var output: Int
    /// Columns whose values lie apart, those farthest first.
    public var causes: [Cause]
}

/// Models that predict the same thing, looked at side by side.
public struct ModelsBeside: Sendable {
    let explainers: [ModelExplainer]
    /// Each model's reading of the same rows.
    let tables: [Table]

    /// - Parameters:
    ///   - explainers: of at least two models, all with the same background rows, so that their values can be compared.
    ///   - tables: the same rows as each model reads them.
    /// - Throws: `badRequest` where the models do not predict the same, or the tables differ.
    public init(_ explainers: [ModelExplainer], _ tables: [Table]) throws(ExplainingError) {
        precondition(
            explainers.count == tables.count && explainers.count > 1, "\(explainers.count) models of \(tables.count) tables")
        guard let target = explainers[0].model.target,
            explainers.allSatisfy({ $0.model.target?.predictsSame(as: target) == true })
        else {
            throw ExplainingError(
                .badRequest, "the models do not predict the same column with the same classes: compare such that do")
        }
        guard tables.allSatisfy({ $0.rowCount == tables[0].rowCount }) else {
            throw ExplainingError(.badData, "the models read different numbers of rows from the same file: give a plainer one")
        }
        (self.explainers, self.tables) = (explainers, tables)
    }

    /// Places of the rows whose predictions lie farthest apart, and how far: probabilities of a class, or a regressor's predictions. Rows
    /// on which all models agree are left out.
    ///
    /// - Throws: `badData`.
    public func mostDifferent(_ count: Int) throws(ExplainingError) -> [(row: Int, difference: Double)] {
        var said: [[Double]] = []
        for (explainer, table) in zip(explainers, tables) { said.append(try explainer.comparable(table)) }
        let rowCount = tables[0].rowCount, width = rowCount > 0 ? said[0].count / rowCount : 0
        let differences = (0..<rowCount).map { row in
            (0..<width).reduce(0.0) { most, place in
                let values = said.map { $0[row * width + place] }
                return max(most, (values.max() ?? 0) - (values.min() ?? 0))
            }
        }
        return differences.indices.filter { differences[$0] > 0 }.sorted { (differences[$1], $0) < (differences[$0], $1) }
            .prefix(count).map { ($0, differences[$0]) }
    }

    /// Which columns make the models say different things of rows.
    ///
    /// - Parameters:
    ///   - samples: coalitions a row, of models that are asked by samples.
    ///   - most: causes a row at most.
    /// - Returns: one a row, in the order of the rows; and how each model was asked.
    /// - Throws: as `ModelExplainer.explain`.
    public func causes(
        of rows: [Int], samples: Int? = nil, most: Int = 5, isWanted: () -> Bool = { true }
    ) throws(ExplainingError) -> (rows: [ModelDisagreement], methods: [Explanation.Method]) {
        var found: [Explanation] = []
        for (explainer, table) in zip(explainers, tables) {
            var options = ModelExplainer.Options()
            options.samples = samples
            if explainer.isLayered, explainer.method(options) == .kernel { options.method = .deep }
            found.append(try explainer.explain(table, rows: rows, options) { _ in isWanted() })
        }
        let outputCount = found[0].outputs.count
        let chances = found.map { explanation in
            outputCount > 1
                ? Probabilities.from(scores: explanation.predicted.map(Float.init), scoreCount: outputCount).map(Double.init)
                : explanation.predicted
        }
        var names: [String] = []
        for explanation in found { names += explanation.columns.filter { !names.contains($0) } }
        let result = rows.indices.map { place -> ModelDisagreement in
            let output =
                (0..<outputCount).max { first, second in
                    func spread(_ output: Int) -> Double {
                        let values = chances.map { $0[place * outputCount + output] }
                        return (values.max() ?? 0) - (values.min() ?? 0)
                    }
                    return (spread(first), second) < (spread(second), first)
                } ?? 0
            let causes = names.map { name in
                ModelDisagreement.Cause(
                    column: name,
                    values: found.map { explanation in
                        explanation.columns.firstIndex(of: name).map {
                            explanation.values[(place * outputCount + output) * explanation.columns.count + $0]
                        } ?? 0
                    })
            }
            let order = causes.indices.filter { causes[$0].spread > 0 }
                .sorted { (causes[$1].spread, $0) < (causes[$0].spread, $1) }
            return ModelDisagreement(row: rows[place], output: output, causes: order.prefix(most).map { causes[$0] })
        }
        return (result, found.map(\.method))
    }
}

extension ModelExplainer {
    /// What predictions are compared by: probabilities where there are some, else margins of classes; a regressor's predictions.
    ///
    /// - Shape: [rows, outputs].
    fileprivate func comparable(_ table: Table) throws(ExplainingError) -> [Double] {
        guard model.task == .regressor else {
            return try outputs(of: try numbers(table, nil), model.givesProbabilities ? .probability : .margin)
        }
        let predicted: OutputColumn?
        do { predicted = try model.predict(table).first } catch { throw ExplainingError(.badData, "\(error)") }
        switch predicted?.values {
        case .numbers(let numbers): return numbers.map(Double.init)
        case .doubles(let numbers): return numbers
        case .labels, nil: throw ExplainingError(.badData, "the model predicts no numbers")
        }
    }
}

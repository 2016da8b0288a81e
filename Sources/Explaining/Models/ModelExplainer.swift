import CheckedNumbers
import Learners
import Numerics
import Tables
import Training

/// Says of a model what each column did.
public struct ModelExplainer: Sendable {
    public struct Options: Sendable {
        /// nil = the exact one that the model has, else every coalition of few columns, else some.
        public var method: Explanation.Method?
        public var space: Explanation.Space = .margin
        /// Coalitions a row; nil = Clarify's default.
        public var samples: Int?
        public var seed: UInt64 = 0
        public var interactions = false
        public init() {}
    }

    /// Columns up to which every coalition is tried without being asked to.
    public static let mostTriedWhole = 10
    /// Columns up to which a network's coalitions are sampled without being asked to; of more, its differences are led back.
    public static let mostSampled = 200

    let model: Model
    let columns: [(name: String, places: [Int])]
    let background: Background?
    private let parts: Parts

    /// What the margins of a model are made of, where that can be said.
    private enum Parts: Sendable {
        case trees(TreeEnsemble, begin: [Double])
        /// Slopes [scores, features], of which the last `cardinalities.count` are codes that choose one of the slopes behind.
        case linear(slopes: [Double], cardinalities: [Int])
        /// Layers whose differences can be led back to features.
        case layers(NeuralModel)
        case unknown
    }

    /// - Parameter background: nil where only trees' own way is asked for.
    /// - Throws: `unsupported` for a model that predicts nothing; `badData` where XGBoost is missing.
    public init(_ model: Model, background: Background?) throws(ExplainingError) {
        guard model.task.needsTarget else {
            throw ExplainingError(
                .unsupported, "a \(model.algorithm) model predicts no column: explain one that does")
        }
        guard !model.hasSeveralPipelines else {
            throw ExplainingError(
                .unsupported,
                "the models that it averages have each a pipeline of their own, so that there is no one set of columns to explain: explain the "
                    + "run of one of them")
        }
        self.model = model
        self.background = background
        columns = model.decidingColumns
        parts = try Self.parts(model)
    }

    private static func parts(_ model: Model) throws(ExplainingError) -> Parts {
        do throws(LearnerError) {
            switch model.direct {
            case let trees as XGBoostModel:
                switch try trees.parts() {
                case .trees(let ensemble, let begin): return .trees(ensemble, begin: begin)
                case .linear(let slopes, _): return .linear(slopes: slopes, cardinalities: [])
                }
            case let linear as LinearModel:
                return .linear(slopes: linear.coefficients.coefficients, cardinalities: linear.cardinalities)
            case let network as NeuralModel where network.hasContributions: return .layers(network)
            default: return .unknown
            }
        } catch {
            throw ExplainingError(.badData, error.message)
        }
    }

    /// What `options` come to.
    public func method(_ options: Options) -> Explanation.Method {
        if let method = options.method { return method }
        switch parts {
        case .trees where options.space == .margin: return .tree
        case .linear where options.space == .margin: return .linear
        default: break
        }
        if columns.count <= Self.mostTriedWhole { return .exact }
        return isLayered && options.space == .margin && columns.count > Self.mostSampled ? .deep : .kernel
    }

    /// Whether `deep` can be asked for.
    public var isLayered: Bool { if case .layers = parts { true } else { false } }

    /// Where absent columns take their values from, in words.
    public var backgroundWords: String { background?.words ?? "the training rows, by their ways through each tree" }

    /// Whether what pairs of columns do together is found about as quickly as what each does.
    public var interactionsAreCheap: Bool {
        guard case .trees(let ensemble, _) = parts else { return false }
        return ensemble.featureCount <= 60 && ensemble.trees.reduce(0) { $0 + $1.left.count } * ensemble.scoreCount < 200_000
    }

    /// Whether absent columns need rows to take their values from.
    public func needsBackground(_ options: Options) -> Bool { method(options) != .tree }

    /// Explains rows of a table.
    ///
    /// - Parameter progress: hears how many rows are done and says whether to go on.
    /// - Throws: `unsupported` where the model or the space has no such method; `badRequest`, `badData`.
    public func explain(
        _ table: Table, rows: [Int], _ options: Options = Options(), progress: (Int) -> Bool = { _ in true }
    ) throws(ExplainingError) -> Explanation {
        let method = method(options)
        try check(method, options)
        let numbers = try numbers(table, rows)
        var result = Explanation(
            method: method, space: options.space,
            background: backgroundWords,
            columns: columns.map(\.name), outputs: outputNames, expected: [], rows: rows, values: [], errors: nil,
            predicted: try outputs(of: numbers, options.space), interactions: nil)
        switch method {
        case .tree: try explainTrees(numbers, options, into: &result)
        case .linear: explainSums(numbers, into: &result)
        case .deep: try explainLayers(numbers, into: &result)
        case .exact, .kernel: try explainCoalitions(numbers, method, options, into: &result, progress)
        }
        return result
    }

    private func check(_ method: Explanation.Method, _ options: Options) throws(ExplainingError) {
        if options.space == .probability, !model.givesProbabilities {
            throw ExplainingError(.unsupported, "this model has no probabilities: leave out --space probability")
        }
        let isOfMargin = method == .tree || method == .linear || method == .deep
        if isOfMargin, options.space != .margin {
            throw ExplainingError(
                .unsupported, "\(method.rawValue) explains the margin, not the probability: say --method exact or kernel")
        }
        switch (method, parts) {
        case (.tree, .trees), (.linear, .linear), (.deep, .layers), (.exact, _), (.kernel, _): break
        case (.deep, _):
            throw ExplainingError(
                .unsupported, "the model is no network of plain layers whose differences can be led back: leave out --method deep"
            )
        case (.tree, _):
            throw ExplainingError(.unsupported, "the model has no trees whose ways can be followed: leave out --method tree")
        default: throw ExplainingError(.unsupported, "the model is no weighted sum of its columns: leave out --method linear")
        }
        if options.interactions, method != .tree {
            throw ExplainingError(.unsupported, "interactions are known of trees alone: leave them out")
        }
        guard method == .tree || background != nil else {
            throw ExplainingError(.badRequest, "\(method.rawValue) needs rows for absent columns: give --baseline")
        }
    }

    private func training<Result>(_ body: () throws(TrainingError) -> Result) throws(ExplainingError) -> Result {
        do throws(TrainingError) { return try body() } catch { throw ExplainingError(.badData, "\(error)") }
    }

    /// The classes that outputs are of; one without a name where there is one output.
    var outputNames: [String] {
        guard model.scoreCount > 1, let classes = model.target?.classes else { return [""] }
        return classes
    }

    /// The numbers that rows become.
    func numbers(_ table: Table, _ rows: [Int]?) throws(ExplainingError) -> Matrix {
        try training { () throws(TrainingError) in try model.numbers(of: table, rows: rows) }
    }

    /// - Shape: [rows, outputs].
    func outputs(of numbers: Matrix, _ space: Explanation.Space) throws(ExplainingError) -> [Double] {
        let margins = try training { () throws(TrainingError) in try model.margins(of: numbers) }
        guard space == .probability else { return margins }
        return Probabilities.from(scores: margins.map(Float.init), scoreCount: model.scoreCount).map(Double.init)
    }

    // MARK: - Trees

    private func explainTrees(
        _ numbers: Matrix, _ options: Options, into result: inout Explanation
    ) throws(ExplainingError) {
        guard case .trees(let ensemble, let begin) = parts else { return }
        let found = try ensemble.attribution(
            numbers, background: background?.numbers, interactions: options.interactions)
        let width = ensemble.featureCount, count = numbers.rowCount, scores = ensemble.scoreCount
        result.expected = (0..<scores).map { begin[$0] + found.expected[$0] + model.scoreOrigin }
        result.values = grouped(rowCount: count, outputs: scores) { row, score, place in
            found.values[(score * width + place) * count + row]
        }
        guard let pairs = found.interactions else { return }
        var sums: [Double] = []
        sums.reserveCapacity(count * scores * columns.count * columns.count)
        for row in 0..<count {
            for score in 0..<scores {
                for first in columns {
                    for second in columns {
                        var sum = 0.0
                        for place in first.places {
                            let line = (score * width + place) * width
                            for other in second.places { sum += pairs[(line + other) * count + row] }
                        }
                        sums.append(sum)
                    }
                }
            }
        }
        result.interactions = sums
    }

    private func grouped(
        rowCount: Int, outputs: Int, _ value: (_ row: Int, _ output: Int, _ place: Int) -> Double
    ) -> [Double] {
        var values: [Double] = []
        values.reserveCapacity(rowCount * outputs * columns.count)
        for row in 0..<rowCount {
            for output in 0..<outputs {
                for column in columns { values.append(column.places.reduce(0) { $0 + value(row, output, $1) }) }
            }
        }
        return values
    }

    // MARK: - Weighted sums

    private func explainSums(_ numbers: Matrix, into result: inout Explanation) {
        guard case .linear(let slopes, let cardinalities) = parts, let background else { return }
        let scores = model.scoreCount, width = slopes.count / scores, plain = numbers.columnCount - cardinalities.count
        let starts = cardinalities.indices.map { plain + cardinalities[..<$0].reduce(0, +) }
        func part(_ matrix: Matrix, _ row: Int, _ score: Int, _ place: Int) -> Double {
            let value = matrix[row, place]
            guard place >= plain else { return value.isNaN ? 0 : Double(value) * slopes[score * width + place] }
            return slopes[score * width + starts[place - plain] + Int(nearestWithin: value)]
        }
        let means = (0..<scores).map { score in
            (0..<numbers.columnCount).map { place in
                (0..<background.rowCount).reduce(0.0) { $0 + part(background.numbers, $1, score, place) }
                    / Double(background.rowCount)
            }
        }
        result.values = grouped(rowCount: numbers.rowCount, outputs: scores) { row, score, place in
            part(numbers, row, score, place) - means[score][place]
        }
        // What the sums leave of a row's margin is the same for every row but for rounding.
        let rowCount = max(1, numbers.rowCount)
        result.expected = (0..<scores).map { score in
            (0..<numbers.rowCount).reduce(0.0) { sum, row in
                sum + result.predicted[row * scores + score] - result.values(row: row, output: score).reduce(0, +)
            } / Double(rowCount)
        }
    }

    // MARK: - Layers

    private func explainLayers(_ numbers: Matrix, into result: inout Explanation) throws(ExplainingError) {
        guard case .layers(let network) = parts, let background else { return }
        let found: NetworkContributions
        do throws(LearnerError) { found = try network.contributions(numbers, background: background.numbers) } catch {
            throw ExplainingError(.badData, error.message)
        }
        let width = network.featureCount, scores = network.scoreCount
        result.expected = found.expected.map { $0 + model.scoreOrigin }
        result.values = grouped(rowCount: numbers.rowCount, outputs: scores) { row, score, place in
            found.values[(row * scores + score) * width + place]
        }
    }

    // MARK: - Coalitions

    private func explainCoalitions(
        _ numbers: Matrix, _ method: Explanation.Method, _ options: Options, into result: inout Explanation,
        _ progress: (Int) -> Bool
    ) throws(ExplainingError) {
        guard let background else { return }
        var errors: [Double] = [], isExact = true
        for row in 0..<numbers.rowCount {
            let game = game(numbers.row(row), background, options.space)
            let found =
                try method == .exact
                ? game.exactValues()
                : game.kernelValues(samples: options.samples, seed: options.seed &+ UInt64(row))
            result.values += found.values
            errors += found.errors ?? [Double](repeating: 0, count: found.values.count)
            isExact = isExact && found.errors == nil
            if row == 0 { result.expected = found.expected }
            guard progress(row + 1) else { throw ExplainingError(.badRequest, "stopped") }
        }
        result.errors = isExact ? nil : errors
    }

    /// Rows at once that a coalition's rows are predicted in.
    private static let rowsAtOnce = 8192

    /// The game of a row: a coalition is worth what is predicted on average for the background with the coalition's columns the row's.
    func game(_ row: ArraySlice<Float>, _ background: Background, _ space: Explanation.Space) -> CoalitionGame {
        let row = Array(row), width = row.count, rows = background.rowCount, outputCount = model.scoreCount
        let atOnce = max(1, Self.rowsAtOnce / rows)
        return CoalitionGame(playerCount: columns.count, outputCount: outputCount) { memberships throws(ExplainingError) in
            let count = memberships.count / columns.count
            var worths = [Double](repeating: 0, count: count * outputCount)
            for first in stride(from: 0, to: count, by: atOnce) {
                let last = min(count, first + atOnce)
                var elements: [Float] = []
                elements.reserveCapacity((last - first) * rows * width)
                for coalition in first..<last {
                    let start = elements.count
                    elements += background.numbers.elements
                    for (player, column) in columns.enumerated() where memberships[coalition * columns.count + player] {
                        for place in column.places {
                            for other in 0..<rows { elements[start + other * width + place] = row[place] }
                        }
                    }
                }
                let predicted = try outputs(
                    of: Matrix(rowCount: (last - first) * rows, columnCount: width, elements: elements), space)
                for coalition in first..<last {
                    for other in 0..<rows {
                        for output in 0..<outputCount {
                            worths[coalition * outputCount + output] +=
                                predicted[((coalition - first) * rows + other) * outputCount + output] / Double(rows)
                        }
                    }
                }
            }
            return worths
        }
    }
}

import Numerics

/// Rows with known outcomes.
public struct LabelledMatrix: Sendable, Hashable {
    /// - Shape: [n, d].
    public var features: Matrix
    /// Numbers, or class indices 0, 1, … - Shape: [n].
    public var targets: [Float]

    /// What a regressor's targets were made less by before they came here: metrics that compare errors to targets add it.
    public var targetOrigin = 0.0

    /// How much each row counts; nil = all the same. - Shape: [n].
    public var weights: [Float]?

    /// Rows with their outcomes.
    public init(features: Matrix, targets: [Float], weights: [Float]? = nil) {
        self.features = features
        self.targets = targets
        self.weights = weights
    }

    /// Rows of which no outcomes are known: their targets are 0, and learners that take none do not read them.
    public init(unlabelled features: Matrix) {
        self.init(features: features, targets: [Float](repeating: 0, count: features.rowCount))
    }

    /// Every so manieth row, so that at most so many are left.
    public func thinned(to count: Int) -> LabelledMatrix {
        guard rowCount > count, count > 0 else { return self }
        return selecting(rows: (0..<count).map { $0 * rowCount / count })
    }

    /// The given rows, in the given order.
    func selecting(rows: [Int]) -> LabelledMatrix {
        var some = LabelledMatrix(
            features: features.selecting(rows: rows), targets: rows.map { targets[$0] },
            weights: weights.map { weights in rows.map { weights[$0] } })
        some.targetOrigin = targetOrigin
        return some
    }

    /// Classes that rows to be measured on may have beyond those that training had.
    public static let unseenClassLimit = 1000

    /// The same rows, whose weights are 1 on average, so that a penalty and a step size mean the same whatever the weights' unit.
    func bringingWeightsToMeanOne() -> LabelledMatrix {
        guard let weights else { return self }
        let mean = WeightedRows.total(rowCount, weights) / Double(max(1, rowCount))
        guard mean > 0, mean != 1 else { return self }
        var copy = self
        copy.weights = weights.map { Float(Double($0) / mean) }
        return copy
    }

    /// The same rows, of which those with a class from `classCount` on count nothing.
    func silencingUnseen(_ classCount: Int) -> LabelledMatrix {
        let isUnseen = { (target: Float) in target >= Float(classCount) }
        guard targets.contains(where: isUnseen) else { return self }
        var copy = self
        copy.targets = targets.map { isUnseen($0) ? 0 : $0 }
        copy.weights = targets.indices.map { isUnseen(targets[$0]) ? 0 : weights?[$0] ?? 1 }
        return copy
    }

    /// Rows.
    public var rowCount: Int { targets.count }

    /// Checks what a learner is given: rows to learn from, and rows to validate on that look alike.
    ///
    /// - Throws: `noRows`, `unsupported` for more rows than row numbers reach, `shapeMismatch`, `nonFiniteFeature` with the
    ///   column's index, `invalidTarget`.
    static func check(
        training: LabelledMatrix, validation: LabelledMatrix?, classCount: Int?, cardinalities: [Int] = [],
        takesMissing: Bool = false
    ) throws(LearnerError) {
        let width = training.features.columnCount
        guard training.rowCount > 0, width > 0 else {
            throw LearnerError(.noRows, "nothing to learn from: \(training.rowCount) rows of \(width) features")
        }
        guard training.rowCount <= Int(Int32.max) else { throw LearnerError(.unsupported, "more than 2³¹ - 1 training rows") }
        try training.check("training", classCount: classCount, cardinalities: cardinalities, takesMissing: takesMissing)
        guard let validation else { return }
        try validation.check(
            "validation", classCount: classCount, cardinalities: cardinalities, takesMissing: takesMissing, admitsUnseen: true)
        guard validation.features.columnCount == width else {
            throw LearnerError(
                .shapeMismatch, "training has \(width) features, validation has \(validation.features.columnCount)")
        }
    }

    /// - Parameter admitsUnseen: whether targets may be classes beyond those that training had.
    /// - Throws: `shapeMismatch`, `nonFiniteFeature` with the column's index, `invalidTarget`.
    func check(
        _ name: String, classCount: Int?, cardinalities: [Int] = [], takesMissing: Bool = false, admitsUnseen: Bool = false
    ) throws(LearnerError) {
        guard features.rowCount == targets.count else {
            throw LearnerError(.shapeMismatch, "\(name): \(features.rowCount) rows of features and \(targets.count) targets")
        }
        if takesMissing, let column = features.firstInfiniteColumn {
            throw LearnerError(
                .nonFiniteFeature, "\(name): feature \(column) (from 0) holds an infinite value: replace or leave out such values"
            )
        }
        if !takesMissing, let column = features.firstNonFiniteColumn {
            throw LearnerError(
                .nonFiniteFeature,
                "\(name): feature \(column) (from 0) holds NaN or an infinite value: fill in or leave out such values")
        }
        try features.checkCodes(name, cardinalities)
        if let row = targets.firstIndex(where: { !$0.isFinite }) {
            throw LearnerError(.invalidTarget, "\(name): the target of row \(row) is not a finite number: leave the row out")
        }
        if let weights {
            guard weights.count == targets.count else {
                throw LearnerError(.shapeMismatch, "\(name): \(weights.count) row weights for \(targets.count) rows")
            }
            if let row = weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
                throw LearnerError(
                    .invalidTarget, "\(name): the weight of row \(row) is \(weights[row]): give finite numbers of at least 0")
            }
        }
        guard let classCount else { return }
        let limit = Float(classCount) + (admitsUnseen ? Float(Self.unseenClassLimit) : 0)
        if let row = targets.firstIndex(where: { $0 < 0 || $0 >= limit || $0 != $0.rounded() }) {
            throw LearnerError(
                .invalidTarget, "\(name): the target of row \(row) is \(targets[row]), not a class in 0..<\(classCount)")
        }
    }
}

extension Matrix {
    /// - Throws: `shapeMismatch` when the last columns are not codes from 0 to below their cardinalities.
    func checkCodes(_ name: String, _ cardinalities: [Int]) throws(LearnerError) {
        guard columnCount >= cardinalities.count else {
            throw LearnerError(.shapeMismatch, "\(name): \(cardinalities.count) coded features and \(columnCount) columns")
        }
        for (index, cardinality) in cardinalities.enumerated() {
            let column = columnCount - cardinalities.count + index
            for row in 0..<rowCount {
                let code = elements[row * columnCount + column]
                guard code >= 0, code < Float(cardinality), code == code.rounded() else {
                    throw LearnerError(
                        .shapeMismatch,
                        "\(name): row \(row) has code \(code) in feature \(column), which has \(cardinality) categories")
                }
            }
        }
    }
}

import Numerics

/// What lines laid through the other rows say of each row: least squares with a small penalty, over five parts of the rows.
struct HeldOutLines {
    private let features: PlainFeatures
    private let parts: [[Int]]
    private let penalty: Double
    /// The features and a one, of each part's rows.
    private let matrices: [[Double]]

    static let partCount = 5

    /// - Parameter penalty: how much the square of a coefficient counts beside one row's error.
    init(_ features: PlainFeatures, rowCount: Int, penalty: Double = 0.05) {
        (self.features, self.penalty) = (features, penalty)
        // By chance, the same each time.
        var random = RandomSource(seed: 7)
        var parts = [[Int]](repeating: [], count: Self.partCount)
        for (place, row) in Array(0..<rowCount).shuffled(using: &random).enumerated() {
            parts[place % Self.partCount].append(row)
        }
        let width = features.count
        matrices = parts.map { rows in
            rows.flatMap { row in features.values[row * width..<(row + 1) * width] + [1] }
        }
        self.parts = parts
    }

    /// - Parameters:
    ///   - targets: [rows, outcomes].
    ///   - robustly: leaves out rows that lie far off: of one outcome only. Cauchy's weights, ten times over.
    /// - Returns: [rows, outcomes]; nil where the equations have no answer.
    func told(_ targets: [Double], outcomes: Int, robustly: Bool = false) -> [Double]? {
        var told = [Double](repeating: 0, count: targets.count)
        for held in parts.indices {
            let others = parts.indices.filter { $0 != held }, rows = others.flatMap { parts[$0] }
            let matrix = others.flatMap { matrices[$0] }
            let wanted = rows.flatMap { targets[$0 * outcomes..<($0 + 1) * outcomes] }
            guard
                let coefficients = robustly
                    ? robust(matrix, wanted) : solved(matrix, wanted, outcomes: outcomes, weights: nil)
            else { return nil }
            let width = features.count + 1
            var own = [Double](repeating: 0, count: parts[held].count * outcomes)
            MatrixProduct.multiply(
                matrices[held], coefficients, into: &own, rows: parts[held].count, columns: outcomes, inner: width)
            for (place, row) in parts[held].enumerated() {
                for outcome in 0..<outcomes { told[row * outcomes + outcome] = own[place * outcomes + outcome] }
            }
        }
        return told
    }

    private func robust(_ matrix: [Double], _ wanted: [Double]) -> [Double]? {
        let width = features.count + 1
        var weights = [Double](repeating: 1, count: wanted.count), coefficients: [Double]?
        for _ in 0..<10 {
            guard let found = solved(matrix, wanted, outcomes: 1, weights: weights) else { return nil }
            coefficients = found
            var told = [Double](repeating: 0, count: wanted.count)
            MatrixProduct.multiply(matrix, found, into: &told, rows: wanted.count, columns: 1, inner: width)
            let errors = zip(wanted, told).map { $0 - $1 }
            let unit = 3 * 1.4826 * Statistics.median(errors.map(abs)) + 1e-12
            weights = errors.map { 1 / (1 + ($0 / unit) * ($0 / unit)) }
        }
        return coefficients
    }

    /// - Returns: [features + 1, outcomes].
    private func solved(_ matrix: [Double], _ wanted: [Double], outcomes: Int, weights: [Double]?) -> [Double]? {
        let width = features.count + 1, count = wanted.count / outcomes
        var weighted = matrix, outcome = wanted
        if let weights {
            for row in 0..<count {
                let root = weights[row].squareRoot()
                for column in 0..<width { weighted[row * width + column] *= root }
                for column in 0..<outcomes { outcome[row * outcomes + column] *= root }
            }
        }
        var gram = [Double](repeating: 0, count: width * width), products = [Double](repeating: 0, count: width * outcomes)
        MatrixProduct.addGram(of: weighted, rows: count, columns: width, into: &gram)
        MatrixProduct.multiply(
            weighted, outcome, reading: .first, into: &products, rows: width, columns: outcomes, inner: count)
        for column in 0..<width - 1 { gram[column * width + column] += penalty * Double(count) }
        return Cholesky.solve(gram, order: width, products, columns: outcomes)
    }
}

/// Arithmetic of rows that count for more or less; nil weights = all the same.
enum WeightedRows {
    static func weight(_ row: Int, _ weights: [Float]?) -> Double { weights.map { Double($0[row]) } ?? 1 }

    static func total(_ count: Int, _ weights: [Float]?) -> Double {
        weights.map { $0.reduce(0) { $0 + Double($1) } } ?? Double(count)
    }

    /// A part of a whole; 0 of nothing, as scikit-learn has it.
    static func share(_ part: Double, _ whole: Double) -> Double { whole > 0 ? part / whole : 0 }
}

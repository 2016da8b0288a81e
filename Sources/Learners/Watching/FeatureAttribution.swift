import CheckedNumbers
import Numerics

/// Tells, while a model is trained, what each feature adds to its margins for the same rows.
///
/// Confined to the trainer's thread; it changes nothing that is computed.
public protocol FeatureAttribution: AnyObject {
    /// What features add as the model is now: with what is the same for all rows, the row's margin.
    ///
    /// - Shape: [rows, scores, features].
    /// - Throws: `libraryFailed`.
    func values() throws(LearnerError) -> [Float]

    /// Whether values are sums over steps, of which each look computes those that are new, so that looking less often costs as much.
    var isSumOfSteps: Bool { get }

    /// Steps that the next look computes; 1 where its cost does not grow with them.
    var pendingSteps: Int { get }
}

extension FeatureAttribution {
    public var isSumOfSteps: Bool { false }
    public var pendingSteps: Int { 1 }
}

/// What a weighted sum's terms add to it, beside their means over the rows.
enum WeightedSum {
    /// - Parameters:
    ///   - slopes: of each score, those of numbers first, then one for each value of each code.
    ///   - cardinalities: values of the last features, which are codes.
    /// - Shape: slopes [scores, weights], rows [n, features]; returns [n, scores, features]. NaN adds nothing.
    static func centred(slopes: [Double], cardinalities: [Int], scoreCount: Int, rows: Matrix) -> [Float] {
        let width = rows.columnCount, plain = width - cardinalities.count, stride = slopes.count / max(1, scoreCount)
        var starts: [Int] = [], next = plain
        for count in cardinalities {
            starts.append(next)
            next += count
        }
        var values = [Float](repeating: 0, count: rows.rowCount * scoreCount * width)
        for score in 0..<scoreCount {
            for feature in 0..<width {
                let terms = (0..<rows.rowCount).map { row -> Double in
                    let value = rows[row, feature]
                    guard !value.isNaN else { return 0 }
                    guard feature >= plain else { return Double(value) * slopes[score * stride + feature] }
                    let code = min(max(0, Int(nearestWithin: value)), cardinalities[feature - plain] - 1)
                    return slopes[score * stride + starts[feature - plain] + code]
                }
                let mean = terms.reduce(0, +) / Double(max(1, terms.count))
                for (row, term) in terms.enumerated() {
                    values[(row * scoreCount + score) * width + feature] = Float(term - mean)
                }
            }
        }
        return values
    }
}

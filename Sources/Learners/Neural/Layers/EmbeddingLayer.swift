import CLearnerKernels
import CheckedNumbers
import Glibc
import Numerics

/// Replaces each group of indicator features, of which one is 1, and each feature that is a category's number by a short learned vector;
/// other features pass through.
///
/// Output: the other features in their order, then each group's vector.
///
/// - Source: Guo and Berkhahn, "Entity embeddings of categorical variables" (2016).
package struct EmbeddingLayer: NetworkLayer, Hashable, Codable {
    package let inputWidth: Int
    /// First features of the groups, in ascending order, the categories of each and how long each one's vector is.
    package let groups: [Group]

    package struct Group: Hashable, Codable, Sendable {
        package let start: Int, count: Int, width: Int
        /// Whether one feature holds the category's number; nil = no.
        package var isCode: Bool?

        /// Features that the vector takes the place of.
        package var featureCount: Int { isCode == true ? 1 : count }
    }

    /// - Parameters:
    ///   - ranges: groups of indicators in ascending order, without overlap.
    ///   - cardinalities: categories of the last features, which are numbers of categories.
    ///   - rowCount: rows to learn vectors from; a vector is no longer than a category has rows.
    init(inputWidth: Int, ranges: [Range<Int>], cardinalities: [Int] = [], width: Int?, rowCount: Int = .max) {
        self.inputWidth = inputWidth
        let first = inputWidth - cardinalities.count
        groups =
            ranges.map { Group(start: $0.lowerBound, count: $0.count, width: width ?? Self.width(for: $0.count)) }
            + cardinalities.enumerated().map { index, count in
                Group(
                    start: first + index, count: count,
                    width: width.map { max(1, $0) } ?? min(Self.width(forMany: count), max(1, rowCount / count)), isCode: true)
            }
    }

    /// Categories of the features that are numbers of categories.
    var cardinalities: [Int] { groups.filter { $0.isCode == true }.map(\.count) }

    /// Whether the groups ascend, do not overlap and lie within the input.
    var hasValidGroups: Bool {
        var next = 0
        for group in groups {
            guard group.start >= next, group.count > 0, group.count <= 1 << 24, group.featureCount <= inputWidth - group.start,
                group.width > 0, group.width <= 65_536
            else { return false }
            next = group.start + group.featureCount
        }
        // Codes are the last features.
        let coded = groups.drop { $0.isCode != true }
        return !groups.isEmpty && coded.allSatisfy { $0.isCode == true }
            && coded.first.map { $0.start == inputWidth - coded.count } ?? true
            && groups.reduce(0) { $0 + Double($1.count) * Double($1.width) } <= 0x1p40
    }

    /// Half the categories, at most 50.
    static func width(for categoryCount: Int) -> Int { min(50, (categoryCount + 1) / 2) }

    /// Grows slowly: 17 for 65 categories, 50 for some 500 and more.
    static func width(forMany categoryCount: Int) -> Int {
        min(50, Int(nearestWithin: 1.6 * pow(Double(categoryCount), 0.56)))
    }

    private var embeddedCount: Int { groups.reduce(0) { $0 + $1.featureCount } }
    private var plainCount: Int { inputWidth - embeddedCount }
    var outputWidth: Int { plainCount + groups.reduce(0) { $0 + $1.width } }
    var weightCount: Int { groups.reduce(0) { $0 + $1.count * $1.width } }

    func initialize(
        parameters: UnsafeMutablePointer<Float>, statistics: UnsafeMutablePointer<Float>, by method: WeightInitialization
    ) {
        var table = parameters
        for group in groups {
            // One indicator of a group is 1, so that a vector's variance is its table's. Of many categories each has few rows, from
            // which it would not unlearn a large chance vector: they start nearly alike.
            method.draw(table, count: group.count * group.width, inputs: group.isCode == true ? 600 : 6, outputs: 0)
            table += group.count * group.width
        }
    }

    /// Begins the vectors of many categories with what is known of them.
    ///
    /// - Parameter features: rows whose last features are codes.
    func begin(_ table: UnsafeMutablePointer<Float>, with start: CategoryStart, features: Matrix) {
        var table = table
        for group in groups {
            if group.isCode == true {
                let codes = (0..<features.rowCount).map { row in
                    Int(nearestWithin: features.elements[row * features.columnCount + group.start])
                }
                for (place, values) in start.offsets(codes, count: group.count).prefix(group.width).enumerated() {
                    for (category, value) in values.enumerated() { table[category * group.width + place] = value }
                }
            }
            table += group.count * group.width
        }
    }

    func forward(_ pass: LayerPass) {
        forEachPlainRun { start, count, position in
            for row in 0..<pass.rowCount {
                (pass.output + row * outputWidth + position).update(from: pass.input + row * inputWidth + start, count: count)
            }
        }
        for row in 0..<pass.rowCount {
            (pass.output + row * outputWidth + plainCount).update(repeating: 0, count: outputWidth - plainCount)
        }
        var position = plainCount, table = pass.parameters
        for group in groups {
            (group.isCode == true ? dn_embed_code : dn_embed)(
                pass.input + group.start, inputWidth, pass.rowCount, group.count, table, group.width, pass.output + position,
                outputWidth)
            position += group.width
            table += group.count * group.width
        }
    }

    /// Always the first layer: its input needs no gradient.
    func backward(
        _ pass: LayerPass, outputGradient: UnsafeMutablePointer<Float>, inputGradient: UnsafeMutablePointer<Float>?
    ) {
        precondition(inputGradient == nil, "an embedding is the first layer of its network")
        pass.gradients.update(repeating: 0, count: weightCount)
        var position = plainCount, table = pass.gradients
        for group in groups {
            (group.isCode == true ? dn_embed_code_gradient : dn_embed_gradient)(
                pass.input + group.start, inputWidth, pass.rowCount, group.count, outputGradient + position, outputWidth,
                group.width, table)
            position += group.width
            table += group.count * group.width
        }
    }

    /// Runs of features outside all groups: first one, how many, where they go.
    private func forEachPlainRun(_ body: (_ start: Int, _ count: Int, _ position: Int) -> Void) {
        var next = 0, position = 0
        for bound in groups.map({ ($0.start, $0.start + $0.featureCount) }) + [(inputWidth, inputWidth)] {
            if bound.0 > next { body(next, bound.0 - next, position) }
            position += bound.0 - next
            next = bound.1
        }
    }
}

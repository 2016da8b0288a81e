import CExplainingKernels
import Learners
import Numerics

/// What each feature adds to a row's scores, by trees.
public struct TreeAttribution: Sendable, Hashable {
    /// Shapley values.
    ///
    /// - Shape: [scores, features, rows].
    public var values: [Double]
    /// Shapley interaction values; nil where they were not asked for. Together, a feature's are its Shapley value; its own stands on
    /// the diagonal.
    ///
    /// - Shape: [scores, features, features, rows].
    public var interactions: [Double]?
    /// What the trees give without knowing any feature.
    ///
    /// - Shape: [scores].
    public var expected: [Double]
}

extension TreeEnsemble {
    /// Exact Shapley values of the trees' sums.
    ///
    /// Without a background, what is not known follows the training rows' way through each tree, as XGBoost's `pred_contribs` has it;
    /// with one, it is taken from the background's rows in turn.
    ///
    /// - Shape: rows [n, featureCount], background [m, featureCount] with m > 0; NaN = missing.
    /// - Throws: `unsupported` where a tree asks for more than 62 different features on one way; `noMemory`.
    /// - Complexity: trees × leaves × (rows × depth + min(rows, 2^depth) × depth²).
    /// - Source: Lundberg et al., "From local explanations to global understanding with explainable AI for trees" (2020); the sums by
    ///   quadrature follow Bifet, Read and Xu, "Linear TreeShap" (2022), in that they see a leaf as a product.
    public func attribution(
        _ rows: Matrix, background: Matrix? = nil, interactions asksForInteractions: Bool = false
    ) throws(ExplainingError) -> TreeAttribution {
        precondition(rows.columnCount == featureCount, "\(rows.columnCount) features for trees of \(featureCount)")
        precondition(background.map { $0.columnCount == featureCount && $0.rowCount > 0 } ?? true, "a background of no rows")
        let count = rows.rowCount, size = featureCount * count, pairSize = asksForInteractions ? featureCount * size : 0
        let columns = rows.transposedElements, others = background?.transposedElements ?? []
        var values = [Double](repeating: 0, count: scoreCount * size)
        var pairs = [Double](repeating: 0, count: scoreCount * pairSize)
        for tree in trees where size > 0 {
            let kernelTree = KernelTree(tree)
            let status = withUnsafePointer(to: kernelTree.tree) { pointer in
                values.withUnsafeMutableBufferPointer { values in
                    pairs.withUnsafeMutableBufferPointer { pairs in
                        ek_tree_shapley(
                            pointer, columns, count, others, background?.rowCount ?? 0, featureCount,
                            values.baseAddress.map { $0 + tree.score * size },
                            asksForInteractions ? pairs.baseAddress.map { $0 + tree.score * pairSize } : nil)
                    }
                }
            }
            if status == -1 { throw ExplainingError(.noMemory, "too little memory to explain \(count) rows: explain fewer") }
            if status != 0 {
                throw ExplainingError(
                    .unsupported, "a tree asks for more than \(EK_MOST_FEATURES) features on one way: say --method kernel")
            }
        }
        var result = TreeAttribution(values: values, interactions: nil, expected: background.map(meanSums) ?? means)
        if asksForInteractions {
            result.interactions = pairs
            result.fillDiagonals(features: featureCount, rows: count, scores: scoreCount)
        }
        return result
    }

    private func meanSums(_ background: Matrix) -> [Double] {
        var sums = [Double](repeating: 0, count: scoreCount)
        for row in 0..<background.rowCount {
            for (score, sum) in self.sums(Array(background.row(row))).enumerated() { sums[score] += sum }
        }
        return sums.map { $0 / Double(background.rowCount) }
    }
}

extension TreeAttribution {
    /// A feature's own value is what its interactions leave of its Shapley value.
    fileprivate mutating func fillDiagonals(features: Int, rows: Int, scores: Int) {
        for score in 0..<scores {
            for feature in 0..<features {
                let line = (score * features + feature) * features * rows
                for row in 0..<rows {
                    var own = values[(score * features + feature) * rows + row]
                    for other in 0..<features where other != feature { own -= interactions?[line + other * rows + row] ?? 0 }
                    interactions?[line + feature * rows + row] = own
                }
            }
        }
    }
}

/// A tree's arrays where the kernel reads them.
private final class KernelTree {
    let tree: ek_tree
    private let blocks: [UnsafeMutableRawPointer]

    init(_ tree: TreeEnsemble.Tree) {
        var blocks: [UnsafeMutableRawPointer] = []
        func copied<Element>(_ values: [Element]) -> UnsafePointer<Element> {
            let block = UnsafeMutablePointer<Element>.allocate(capacity: values.count)
            block.initialize(from: values, count: values.count)
            blocks.append(UnsafeMutableRawPointer(block))
            return UnsafePointer(block)
        }
        self.tree = ek_tree(
            left: copied(tree.left), right: copied(tree.right), feature: copied(tree.feature), split: copied(tree.split),
            default_left: copied(tree.defaultLeft), value: copied(tree.value), share: copied(tree.share),
            node_count: tree.left.count)
        self.blocks = blocks
    }

    deinit { for block in blocks { block.deallocate() } }
}

extension Matrix {
    /// The elements column after column.
    fileprivate var transposedElements: [Float] {
        [Float](unsafeUninitializedCapacity: elements.count) { buffer, filled in
            elements.withUnsafeBufferPointer { elements in
                for column in 0..<columnCount {
                    for row in 0..<rowCount { buffer[column * rowCount + row] = elements[row * columnCount + column] }
                }
            }
            filled = elements.count
        }
    }
}

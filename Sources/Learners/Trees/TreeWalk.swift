import Glibc
import Numerics

/// The trees of an ensemble, walked row by row. The sums are those of XGBoost to the bit, which is not believed but tried.
final class TreeWalk: Sendable {
    private struct Node {
        /// -1 = a leaf.
        var feature: Int32
        /// Rows below it go to the left; what a leaf adds.
        var split: Float
        var left: Int32, right: Int32
        /// Where rows without a value go.
        var absent: Int32
    }

    private struct Root {
        var node: Int32, score: Int32
    }

    /// Which sum comes first decides the last bit of it.
    private enum Order: CaseIterable { case beginFirst, beginLast }

    private let nodes: [Node], roots: [Root]
    private let featureCount: Int, scoreCount: Int
    private let begin: [Float], order: Order
    /// Whether margins are what the library predicts, too.
    let givesPredictions: Bool

    /// The trees of a model; nil where walking them gives other bits than the library, as for boosters that are no plain trees.
    init?(of model: XGBoostModel) {
        guard
            let ensemble = TreeEnsemble(
                xgboostDocument: model.document, featureCount: model.featureCount, scoreCount: model.scoreCount)
        else { return nil }
        (nodes, roots) = Self.flattened(ensemble)
        (featureCount, scoreCount) = (model.featureCount, model.scoreCount)
        let probes = Self.probes(nodes, width: model.featureCount)
        let margins: [Float], predictions: [Float]
        do throws(LearnerError) {
            margins = try model.libraryScores(probes, margins: true)
            predictions = try model.libraryScores(probes, margins: false)
        } catch { return nil }
        guard margins.count == probes.rowCount * scoreCount else { return nil }
        for order in Order.allCases {
            let found = Self.beginnings(
                probes, margins, nodes, roots, XGBoostDocument.baseScores(model.document, scoreCount: scoreCount), order)
            guard found.count == scoreCount else { continue }
            (begin, self.order, givesPredictions) = (found, order, margins == predictions)
            return
        }
        return nil
    }

    /// - Shape: features [n, featureCount], NaN = missing; returns [n, scoreCount].
    func margins(_ features: Matrix) -> [Float] {
        Self.margins(features, nodes, roots, begin, order)
    }

    private static func margins(
        _ features: Matrix, _ nodes: [Node], _ roots: [Root], _ begin: [Float], _ order: Order
    ) -> [Float] {
        let width = features.columnCount, scoreCount = begin.count
        var sums: [Float] = []
        sums.reserveCapacity(features.rowCount * scoreCount)
        for _ in 0..<features.rowCount {
            if order == .beginFirst { sums += begin } else { for _ in begin { sums.append(0) } }
        }
        sums.withUnsafeMutableBufferPointer { sums in
            features.elements.withUnsafeBufferPointer { elements in
                nodes.withUnsafeBufferPointer { nodes in
                    roots.withUnsafeBufferPointer { roots in
                        // The document was checked: children and features are there, and no node is met twice.
                        for row in 0..<features.rowCount {
                            let start = row * width
                            for root in roots {
                                var place = Int(root.node)
                                while nodes[place].feature >= 0 {
                                    let node = nodes[place], value = elements[start + Int(node.feature)]
                                    place = Int(value.isNaN ? node.absent : value < node.split ? node.left : node.right)
                                }
                                sums[row * scoreCount + Int(root.score)] += nodes[place].split
                            }
                        }
                    }
                }
            }
            if order == .beginLast { for place in sums.indices { sums[place] += begin[place % scoreCount] } }
        }
        return sums
    }

    private static func flattened(_ ensemble: TreeEnsemble) -> ([Node], [Root]) {
        var nodes: [Node] = [], roots: [Root] = []
        for tree in ensemble.trees {
            let base = Int32(nodes.count)
            roots.append(Root(node: base, score: Int32(tree.score)))
            for place in tree.left.indices {
                guard tree.left[place] >= 0 else {
                    nodes.append(Node(feature: -1, split: Float(tree.value[place]), left: 0, right: 0, absent: 0))
                    continue
                }
                let left = base + tree.left[place], right = base + tree.right[place]
                nodes.append(
                    Node(
                        feature: tree.feature[place], split: tree.split[place], left: left, right: right,
                        absent: tree.defaultLeft[place] == 1 ? left : right))
            }
        }
        return (nodes, roots)
    }

    /// Rows of values that splits are at and next to, and without values, so that every way is gone.
    private static func probes(_ nodes: [Node], width: Int) -> Matrix {
        let rowCount = 96
        var splits = [[Float]](repeating: [], count: width)
        for node in nodes where node.feature >= 0 && splits[Int(node.feature)].count < 256 {
            splits[Int(node.feature)].append(node.split)
        }
        var random = RandomSource(seed: 0x7265_6164)
        return Matrix(rowCount: rowCount, columnCount: width) { target in
            for place in target.indices {
                let own = splits[place % width]
                let split = own.isEmpty ? 0 : own[Int(random.next() % UInt64(own.count))]
                target[place] =
                    switch random.next() % 8 {
                    case 0: .nan
                    case 1, 2: split
                    case 3, 4: split.nextDown
                    case 5: split.nextUp
                    default: split * Float(random.next() % 4)
                    }
                if target[place].isInfinite { target[place] = 0 }
            }
        }
    }

    /// What all rows begin with, one number a score; empty where no number makes all sums those that the library has.
    private static func beginnings(
        _ probes: Matrix, _ wanted: [Float], _ nodes: [Node], _ roots: [Root], _ said: [Float], _ order: Order
    ) -> [Float] {
        let scoreCount = said.count
        guard wanted.allSatisfy(\.isFinite) else { return [] }
        let sums = margins(probes, nodes, roots, [Float](repeating: 0, count: scoreCount), order)
        var found: [Float] = []
        for score in said.indices {
            let places = (0..<probes.rowCount).map { $0 * scoreCount + score }
            // What becomes of the document's word depends on the objective; what is left of the sums tells, but for its last bits.
            let base = said[score], rest = places.map { wanted[$0] - sums[$0] }.sorted()[places.count / 2]
            let candidates = [base, -log(1 / base - 1), log(base), 0] + neighbours(of: rest)
            let own = candidates.first { candidate in
                guard candidate.isFinite else { return false }
                var begin = [Float](repeating: 0, count: scoreCount)
                begin[score] = candidate
                let given = margins(probes, nodes, roots, begin, order)
                return places.allSatisfy { given[$0].bitPattern == wanted[$0].bitPattern }
            }
            guard let own else { return [] }
            found.append(own)
        }
        return found
    }

    private static func neighbours(of number: Float) -> [Float] {
        var result = [number], (below, above) = (number, number)
        for _ in 0..<64 {
            (below, above) = (below.nextDown, above.nextUp)
            result += [below, above]
        }
        return result
    }
}

/// Trees that are ready to be walked. They follow from the model, so that models with and without them are equal, and are not saved.
struct ReadyWalk: Hashable, Sendable {
    var trees: TreeWalk?

    static func == (_: ReadyWalk, _: ReadyWalk) -> Bool { true }
    func hash(into _: inout Hasher) {}
}

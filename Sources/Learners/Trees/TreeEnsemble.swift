import Numerics

/// The trees of an ensemble as they decide, for whoever explains them.
public struct TreeEnsemble: Sendable, Hashable {
    /// A tree whose root is node 0.
    public struct Tree: Sendable, Hashable {
        /// The children of each node; -1 of leaves.
        public var left: [Int32], right: [Int32]
        /// What a node asks: rows whose feature is below the split go to the left.
        public var feature: [Int32], split: [Float]
        /// 1 where a node sends rows without a value to the left.
        public var defaultLeft: [UInt8]
        /// What a leaf adds to the margin; 0 for other nodes.
        public var value: [Double]
        /// The part of its parent's training rows, by their second derivatives, that a node got; 1 for the root.
        public var share: [Double]
        /// The score it adds to.
        public var score: Int
    }

    public var trees: [Tree]
    public let featureCount: Int, scoreCount: Int

    /// The margins without what all rows begin with.
    ///
    /// - Shape: row [featureCount], NaN = missing; returns [scoreCount].
    public func sums(_ row: [Float]) -> [Double] {
        var sums = [Double](repeating: 0, count: scoreCount)
        for tree in trees { sums[tree.score] += tree.value[tree.leaf(row)] }
        return sums
    }

    /// What the trees give on average over the training rows, as their shares say, without what all rows begin with.
    ///
    /// - Shape: [scoreCount].
    public var means: [Double] {
        var means = [Double](repeating: 0, count: scoreCount)
        for tree in trees { means[tree.score] += tree.mean }
        return means
    }
}

extension TreeEnsemble {
    mutating func scale(by factor: Double) {
        for tree in trees.indices { trees[tree].value = trees[tree].value.map { $0 * factor } }
    }
}

extension TreeEnsemble.Tree {
    func leaf(_ row: [Float]) -> Int {
        var node = 0
        while left[node] >= 0 {
            let value = row[Int(feature[node])]
            let goesLeft = value.isNaN ? defaultLeft[node] == 1 : value < split[node]
            node = Int(goesLeft ? left[node] : right[node])
        }
        return node
    }

    var mean: Double {
        var sum = 0.0, open = [(node: 0, weight: 1.0)]
        while let (node, weight) = open.popLast() {
            guard left[node] >= 0 else {
                sum += weight * value[node]
                continue
            }
            for child in [Int(left[node]), Int(right[node])] { open.append((child, weight * share[child])) }
        }
        return sum
    }
}

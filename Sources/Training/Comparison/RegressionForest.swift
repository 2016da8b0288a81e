import Numerics

/// A small forest of regression trees, each grown on rows drawn with replacement, for finding out which inputs matter.
///
/// - Source: Breiman, "Random Forests" (2001): bagging, a third of the inputs tried at each split, importance by permuting an
///   input among the rows that a tree has not seen.
struct RegressionForest {
    /// One node: a leaf when `input` is below 0.
    private struct Node {
        var input = -1
        var threshold = 0.0
        var value = 0.0
        var left = 0
        var right = 0
    }

    private struct Tree {
        var nodes: [Node] = []
        /// Rows that it was not grown on.
        var unseen: [Int] = []
    }

    private let inputs: [[Double]]
    private let targets: [Double]
    private var trees: [Tree] = []
    private static let leaf = 2

    /// - Shape: inputs [inputs][rows], targets [rows].
    init(inputs: [[Double]], targets: [Double], treeCount: Int = 200, seed: UInt64 = 1) {
        self.inputs = inputs
        self.targets = targets
        var random = RandomSource(seed: seed)
        for _ in 0..<treeCount {
            var counts = [Int](repeating: 0, count: targets.count)
            var rows: [Int] = []
            for _ in targets.indices {
                let row = random.integer(below: targets.count)
                counts[row] += 1
                rows.append(row)
            }
            var tree = Tree(nodes: [], unseen: counts.indices.filter { counts[$0] == 0 })
            _ = grow(&tree, rows, &random)
            trees.append(tree)
        }
    }

    /// Share of the targets' variance that guesses by trees that have not seen a row explain.
    var explained: Double {
        var sums = [Double](repeating: 0, count: targets.count), counts = sums
        for tree in trees {
            for row in tree.unseen {
                sums[row] += guess(tree) { inputs[$0][row] }
                counts[row] += 1
            }
        }
        let known = targets.indices.filter { counts[$0] > 0 }
        let mean = known.reduce(0) { $0 + targets[$1] } / Double(max(1, known.count))
        let total = known.reduce(0) { $0 + (targets[$1] - mean) * (targets[$1] - mean) }
        let left = known.reduce(0) { $0 + square(targets[$1] - sums[$1] / counts[$1]) }
        return total > 0 ? 1 - left / total : 0
    }

    /// How much the mean squared error of unseen rows grows when an input is exchanged among them, each divided by their sum;
    /// inputs that do not matter have 0.
    func importances(seed: UInt64 = 2) -> [Double] {
        var random = RandomSource(seed: seed)
        var growth = [Double](repeating: 0, count: inputs.count)
        for tree in trees where tree.unseen.count > 1 {
            for input in inputs.indices {
                var exchanged = tree.unseen
                random.shuffle(&exchanged)
                for (row, other) in zip(tree.unseen, exchanged) {
                    let before = square(targets[row] - guess(tree) { inputs[$0][row] })
                    let after = square(targets[row] - guess(tree) { inputs[$0][$0 == input ? other : row] })
                    growth[input] += (after - before) / Double(tree.unseen.count)
                }
            }
        }
        let positive = growth.map { max(0, $0) }
        let total = positive.reduce(0, +)
        return total > 0 ? positive.map { $0 / total } : positive
    }

    private func square(_ value: Double) -> Double { value * value }

    private func guess(_ tree: Tree, _ value: (Int) -> Double) -> Double {
        var place = 0
        while tree.nodes[place].input >= 0 {
            let node = tree.nodes[place]
            place = value(node.input) <= node.threshold ? node.left : node.right
        }
        return tree.nodes[place].value
    }

    // MARK: - Growing

    /// - Returns: the node's place.
    private func grow(_ tree: inout Tree, _ rows: [Int], _ random: inout RandomSource) -> Int {
        let place = tree.nodes.count
        var node = Node()
        node.value = rows.reduce(0) { $0 + targets[$1] } / Double(rows.count)
        tree.nodes.append(node)
        guard rows.count >= 2 * Self.leaf, let (input, threshold) = bestSplit(rows, &random) else { return place }
        node.input = input
        node.threshold = threshold
        node.left = grow(&tree, rows.filter { inputs[input][$0] <= threshold }, &random)
        node.right = grow(&tree, rows.filter { inputs[input][$0] > threshold }, &random)
        tree.nodes[place] = node
        return place
    }

    /// The split of a third of the inputs that leaves the least variance; nil when none leaves less.
    private func bestSplit(_ rows: [Int], _ random: inout RandomSource) -> (input: Int, threshold: Double)? {
        var tried = Array(inputs.indices)
        random.shuffle(&tried)
        var best: (input: Int, threshold: Double)?
        var least = 0.0
        // What all rows have in common cancels: the sum of squares of the sums decides.
        let total = rows.reduce(0) { $0 + targets[$1] }
        let base = total * total / Double(rows.count)
        // Inputs beyond the third are only looked at while none of those before splits.
        for (order, input) in tried.enumerated() where order < max(1, (inputs.count + 2) / 3) || best == nil {
            let sorted = rows.sorted { (inputs[input][$0], $0) < (inputs[input][$1], $1) }
            var sum = 0.0
            for index in 0..<(sorted.count - 1) {
                sum += targets[sorted[index]]
                let here = inputs[input][sorted[index]], next = inputs[input][sorted[index + 1]]
                guard here < next, index + 1 >= Self.leaf, sorted.count - index - 1 >= Self.leaf else { continue }
                let count = Double(index + 1), rest = Double(sorted.count) - count
                let gain = sum * sum / count + (total - sum) * (total - sum) / rest - base
                if gain > least * (1 + 1e-12), gain > 1e-12 * abs(base) + 1e-300 {
                    least = gain
                    best = (input, here / 2 + next / 2)
                }
            }
        }
        return best
    }
}

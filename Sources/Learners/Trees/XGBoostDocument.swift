import CheckedNumbers
import FoundationEssentials

/// What of XGBoost's own JSON decides where prediction reads. XGBoost believes what stands there: a node whose child is out of
/// range is read all the same, and one that is its own child is walked for ever.
///
/// - Source: xgboost 3.2.0, `doc/model.schema` and `src/tree/io_utils.h`.
struct XGBoostDocument: Decodable {
    let learner: Ensemble

    struct Ensemble: Decodable {
        let featureNames: [String]?
        let gradientBooster: Booster
        let learnerModelParam: Sizes
        let objective: Objective?

        struct Objective: Decodable { let name: String }
    }

    struct Sizes: Decodable {
        let numClass: String, numFeature: String, numTarget: String?, baseScore: String?
    }

    struct Booster: Decodable {
        let name: String
        let model: Model?
        let gbtree: Inner?
        let weightDrop: [Double]?

        struct Inner: Decodable { let model: Model }
    }

    struct Model: Decodable {
        let trees: [Tree]?
        let treeInfo: [Int]?
        let gbtreeModelParam: Count?
        let iterationIndptr: [Int]?
        let cats: Categories?
        let weights: [Double]?

        struct Count: Decodable { let numTrees: String }
        struct Categories: Decodable { let enc: [Anything]? }
        struct Anything: Decodable { init(from decoder: any Decoder) {} }
    }

    struct Tree: Decodable {
        let baseWeights: [Double], sumHessian: [Double], lossChanges: [Double], splitConditions: [Double]
        let leftChildren: [Int], rightChildren: [Int], parents: [Int], splitIndices: [Int]
        let defaultLeft: [Int], splitType: [Int]?
        let treeParam: Sizes

        struct Sizes: Decodable { let numNodes: String, sizeLeafVector: String? }
    }

    /// What keeps a document from being an ensemble of so many features and scores; nil = nothing.
    static func fault(_ document: String, featureCount: Int, scoreCount: Int) -> String? {
        guard let found = read(document) else { return "XGBoost's document is not one" }
        return found.fault(featureCount: featureCount, scoreCount: scoreCount)
    }

    static func read(_ document: String) -> XGBoostDocument? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do { return try decoder.decode(XGBoostDocument.self, from: Data(withoutSpecialNumbers(document.utf8))) } catch {
            return nil
        }
    }

    /// How the trees of a document are built: of each how many splits lead to its deepest leaf, and its leaves. Empty where it has none.
    static func trees(_ document: String, featureCount: Int) -> [(depth: Int, leafCount: Int)] {
        guard let booster = read(document)?.learner.gradientBooster else { return [] }
        return ((booster.model ?? booster.gbtree?.model)?.trees ?? []).filter { $0.isWhole(featureCount: featureCount) }
            .map(\.build)
    }

    /// What each score begins with, in the objective's own unit; 0.5 where the document does not say.
    static func baseScores(_ document: String, scoreCount: Int) -> [Float] {
        let said = (read(document)?.learner.learnerModelParam.baseScore ?? "").split { "[], ".contains($0) }.compactMap {
            Float($0)
        }
        return (0..<scoreCount).map { said.indices.contains($0) ? said[$0] : said.first ?? 0.5 }
    }

    /// What the document's margins are made of, but for what all rows begin with; nil where it does not fit together.
    static func parts(_ document: String, featureCount: Int, scoreCount: Int) -> MarginParts? {
        guard let found = read(document), found.fault(featureCount: featureCount, scoreCount: scoreCount) == nil else {
            return nil
        }
        let booster = found.learner.gradientBooster, model = booster.model ?? booster.gbtree?.model
        if let weights = model?.weights {
            let slopes = (0..<scoreCount).flatMap { score in (0..<featureCount).map { weights[$0 * scoreCount + score] } }
            return .linear(slopes: slopes, intercepts: [])
        }
        let groups = model?.treeInfo ?? [], drops = booster.weightDrop ?? []
        let trees = (model?.trees ?? []).enumerated().map { index, tree in
            tree.deciding(score: groups[index], weight: drops.indices.contains(index) ? drops[index] : 1)
        }
        return .trees(TreeEnsemble(trees: trees, featureCount: featureCount, scoreCount: scoreCount), begin: [])
    }

    /// XGBoost writes numbers that JSON has no words for as they are; which number it is decides nothing here.
    private static func withoutSpecialNumbers(_ bytes: String.UTF8View) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var isText = false, escapes = false, skips = false
        for byte in bytes {
            if isText {
                isText = byte != UInt8(ascii: "\"") || escapes
                escapes = byte == UInt8(ascii: "\\") && !escapes
            } else if byte == UInt8(ascii: "N") || byte == UInt8(ascii: "I") {
                if !skips { result.append(UInt8(ascii: "0")) }
                skips = true
                continue
            } else if skips, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) {
                continue
            } else {
                isText = byte == UInt8(ascii: "\"")
                skips = false
            }
            result.append(byte)
        }
        return result
    }

    private func fault(featureCount: Int, scoreCount: Int) -> String? {
        let sizes = learner.learnerModelParam, booster = learner.gradientBooster
        let classes = Int(sizes.numClass) ?? -1
        guard Int(sizes.numFeature) == featureCount, scoreCount > 1 ? classes == scoreCount : (0...1).contains(classes),
            sizes.numTarget ?? "1" == "1", (learner.featureNames ?? []).isEmpty || learner.featureNames?.count == featureCount
        else { return "XGBoost's document is one of other features or classes" }
        guard let model = booster.model ?? booster.gbtree?.model else { return "XGBoost's document has no model" }
        switch booster.name {
        case "gblinear":
            let wanted = (featureCount + 1).multipliedReportingOverflow(by: scoreCount)
            guard !wanted.overflow, model.weights?.count == wanted.partialValue else {
                return "XGBoost's document has \(model.weights?.count ?? 0) weights for \(featureCount) features"
            }
            return nil
        case "gbtree", "dart":
            let trees = model.trees ?? [], groups = model.treeInfo ?? []
            guard Int(model.gbtreeModelParam?.numTrees ?? "") == trees.count, groups.count == trees.count,
                groups.allSatisfy({ (0..<scoreCount).contains($0) }), (model.cats?.enc ?? []).isEmpty,
                booster.name != "dart" || booster.weightDrop?.count == trees.count,
                Self.areBounds(model.iterationIndptr ?? [0, trees.count], of: trees.count)
            else { return "XGBoost's document does not say which of its \(trees.count) trees belong together" }
            let bad = trees.firstIndex { !$0.isWhole(featureCount: featureCount) }
            return bad.map { "tree \($0) of XGBoost's document does not fit together" }
        default: return "XGBoost's document has no booster that is known"
        }
    }

    private static func areBounds(_ bounds: [Int], of count: Int) -> Bool {
        bounds.first == 0 && bounds.last == count && zip(bounds, bounds.dropFirst()).allSatisfy { $0 <= $1 }
    }
}

extension XGBoostDocument.Tree {
    /// How a tree that is whole decides.
    ///
    /// - Parameter weight: what its leaves are multiplied by.
    fileprivate func deciding(score: Int, weight: Double) -> TreeEnsemble.Tree {
        let isLeaf = leftChildren.map { $0 == -1 }
        let shares = parents.enumerated().map { node, parent in
            node == 0 || !sumHessian.indices.contains(parent)
                ? 1 : sumHessian[parent] > 0 ? sumHessian[node] / sumHessian[parent] : 0
        }
        return TreeEnsemble.Tree(
            left: leftChildren.map(Int32.init), right: rightChildren.map(Int32.init), feature: splitIndices.map(Int32.init),
            split: splitConditions.map(Float.init), defaultLeft: defaultLeft.map(UInt8.init),
            value: zip(isLeaf, splitConditions).map { $0 ? Double(Float($1)) * weight : 0 }, share: shares, score: score)
    }

    /// Of a tree that is whole.
    fileprivate var build: (depth: Int, leafCount: Int) {
        var deepest = 0, leafCount = 0
        var open = [(node: 0, depth: 0)]
        while let (node, depth) = open.popLast() {
            if leftChildren[node] == -1 {
                (deepest, leafCount) = (max(deepest, depth), leafCount + 1)
            } else {
                open += [(leftChildren[node], depth + 1), (rightChildren[node], depth + 1)]
            }
        }
        return (deepest, leafCount)
    }

    /// Whether each node that the root leads to is met once, and asks for a feature that there is.
    fileprivate func isWhole(featureCount: Int) -> Bool {
        let count = leftChildren.count
        let lengths = [
            baseWeights.count, sumHessian.count, lossChanges.count, splitConditions.count, rightChildren.count,
            parents.count, splitIndices.count, defaultLeft.count, splitType?.count ?? count,
        ]
        guard count > 0, count <= Int(Int32.max), Int(treeParam.numNodes) == count, lengths.allSatisfy({ $0 == count }),
            treeParam.sizeLeafVector.map({ $0 == "1" || $0 == "0" }) ?? true, (splitType ?? []).allSatisfy({ $0 == 0 }),
            defaultLeft.allSatisfy({ $0 == 0 || $0 == 1 })
        else { return false }
        var isMet = [Bool](repeating: false, count: count), open = [0]
        while let node = open.popLast() {
            guard !isMet[node] else { return false }
            isMet[node] = true
            let children = [leftChildren[node], rightChildren[node]]
            if children == [-1, -1] { continue }
            guard children.allSatisfy({ (1..<count).contains($0) && parents[$0] == node }),
                (0..<featureCount).contains(splitIndices[node])
            else { return false }
            open += children
        }
        return true
    }
}

extension TreeEnsemble {
    /// The trees in a document of XGBoost's; nil where it has none, or is damaged.
    package init?(xgboostDocument document: String, featureCount: Int, scoreCount: Int) {
        guard
            case .trees(let trees, _)? = XGBoostDocument.parts(document, featureCount: featureCount, scoreCount: scoreCount)
        else { return nil }
        self = trees
    }
}

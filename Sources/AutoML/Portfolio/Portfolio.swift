import Learners

/// Which candidates are tried, in which order: families take turns, so that whatever ends the search, what stands differs; of each family
/// what does best on most tables comes first, and what costs least begins.
public struct Portfolio: Sendable, Hashable {
    public let candidates: [CandidatePlan]

    /// What is known of a table before anything is learned from it.
    public struct Facts: Sendable, Hashable {
        public var rowCount: Int
        /// Columns but the target.
        public var columnCount: Int
        public var task: LearningTask
        public init(rowCount: Int, columnCount: Int, task: LearningTask) {
            (self.rowCount, self.columnCount, self.task) = (rowCount, columnCount, task)
        }
    }

    /// - Parameter hasTrees: whether XGBoost's library is here.
    public init(_ facts: Facts, hasTrees: Bool = true) {
        let families =
            hasTrees
            ? [Self.linear(facts), Self.boosted, Self.network(facts), Self.forests(facts), Self.neighbours(facts)]
            : [Self.linear(facts), Self.network(facts), Self.neighbours(facts)]
        // Boosted trees come twice in a round: they are most often the best.
        var queues = families.map { $0[...] }, order: [CandidatePlan] = []
        let turns = hasTrees ? [0, 1, 2, 1, 3, 4] : [0, 1, 2]
        while queues.contains(where: { !$0.isEmpty }) {
            for turn in turns { if let next = queues[turn].popFirst() { order.append(next) } }
        }
        candidates = order
    }

    /// What somebody chose.
    public init(candidates: [CandidatePlan]) { self.candidates = candidates }

    /// What learns from the predictions of the first level: little that can learn them by heart.
    public static func secondLevel(hasTrees: Bool = true) -> [CandidatePlan] {
        let boosted = CandidatePlan(
            "stack-boosted", .boosted,
            [
                "num_round": "1000", "early_stopping_patience": "30", "eta": "0.05", "max_depth": "3", "subsample": "0.8",
                "colsample_bytree": "0.8", "min_child_weight": "2",
            ], why: "level 2: where which of the models is to be believed")
        let linear = CandidatePlan(
            "stack-linear", .linear, ["optimizer": "lbfgs"], why: "level 2: a weight for each model beside those of the columns")
        return hasTrees ? [boosted, linear] : [linear]
    }

    private static func linear(_ facts: Facts) -> [CandidatePlan] {
        let penalty = { (factor: Double) in "\(factor * (facts.task == .regressor ? 2 : 1) / Double(max(1, facts.rowCount)))" }
        return [
            CandidatePlan(
                "linear", .linear, ["optimizer": "lbfgs"],
                why: "the quickest, and the one that can be read: what adds up is found"),
            CandidatePlan(
                "linear-strict", .linear, ["optimizer": "lbfgs", "wd": penalty(30)],
                why: "weights held small: for many columns and few rows"),
            CandidatePlan(
                "linear-free", .linear, ["optimizer": "lbfgs", "wd": penalty(0.03)], why: "weights hardly held: for many rows"),
        ]
    }

    private static let boosted: [CandidatePlan] = {
        let common = ["num_round": "1000", "early_stopping_patience": "30"]
        func plan(_ name: String, _ settings: [String: String], _ why: String) -> CandidatePlan {
            CandidatePlan(name, .boosted, common.merging(settings) { $1 }, why: why)
        }
        return [
            plan("boosted", ["eta": "0.1"], "thresholds and what columns do together"),
            plan(
                "boosted-shallow",
                ["eta": "0.05", "max_depth": "3", "subsample": "0.8", "colsample_bytree": "0.8", "min_child_weight": "2"],
                "small trees: for few rows and noise"),
            plan(
                "boosted-deep",
                [
                    "eta": "0.05", "max_depth": "8", "subsample": "0.8", "colsample_bytree": "0.6", "min_child_weight": "3",
                    "lambda": "2",
                ],
                "large trees on parts of rows and columns: what many columns do together"),
            plan(
                "boosted-leaves",
                [
                    "eta": "0.04", "max_depth": "0", "grow_policy": "lossguide", "max_leaves": "24", "subsample": "0.9",
                    "colsample_bytree": "0.7", "min_child_weight": "5",
                ], "the best split first, wherever it is"),
            plan(
                "boosted-stumps", ["eta": "0.1", "max_depth": "2", "subsample": "0.7", "lambda": "3"],
                "two questions a tree: nearly additive"),
            plan(
                "boosted-slow",
                [
                    "eta": "0.03", "max_depth": "5", "subsample": "0.7", "colsample_bytree": "0.5", "alpha": "0.1",
                    "min_child_weight": "1",
                ],
                "small steps on half of the columns"),
        ]
    }()

    private static func network(_ facts: Facts) -> [CandidatePlan] {
        let isSmall = facts.rowCount < 1_000
        return [
            CandidatePlan("network", .network, [:], why: "smooth curves and what columns do together"),
            CandidatePlan(
                "network-wide", .network,
                ["hidden_layers": isSmall ? "256" : "256,128", "dropout": "0.3", "learning_rate": "0.002"],
                why: "more units, more of them left out"),
            CandidatePlan(
                "network-smooth", .network,
                [
                    "hidden_layers": isSmall ? "32,16" : "128,64,32", "activation": "tanh", "dropout": "0.1",
                    "weight_decay": "0.1",
                ],
                why: "gentle curves"),
            CandidatePlan(
                "network-normal", .network,
                ["hidden_layers": "128,128", "batch_normalization": "true", "dropout": "0.2", "learning_rate": "0.005"],
                why: "sums brought to one scale in each batch"),
        ]
    }

    /// Rows, and numbers in them, up to which neighbours are asked: their models are the rows, which each fold has its own of.
    private static let neighbourRows = 10_000, neighbourNumbers = 200_000

    private static func neighbours(_ facts: Facts) -> [CandidatePlan] {
        guard facts.rowCount <= neighbourRows, facts.rowCount * facts.columnCount <= neighbourNumbers else { return [] }
        return [
            CandidatePlan(
                "neighbours", .neighbours, ["weighting": "distance"], why: "what rows that are alike were: for few rows"),
            CandidatePlan(
                "neighbours-many", .neighbours, ["k": "\(max(2, min(50, facts.rowCount / 8)))", "weighting": "distance"],
                why: "many rows that are somewhat alike: for noise"),
        ]
    }

    /// Many deep trees side by side in one round, each on a part of the rows and of the columns.
    private static func forests(_ facts: Facts) -> [CandidatePlan] {
        // Deep trees of many rows take long and their leaves hold single rows.
        let depth = facts.rowCount > 20_000 ? "14" : "20", trees = facts.rowCount > 20_000 ? "100" : "200"
        let common = [
            "num_round": "1", "eta": "1", "num_parallel_tree": trees, "max_depth": depth, "early_stopping_patience": "off",
        ]
        // Of few columns a smaller part would leave one, and no choice.
        let part = { (share: Double) in "\(min(1, max(share, 2 / Double(max(1, facts.columnCount)))))" }
        func forest(_ name: String, _ family: CandidatePlan.Family, _ settings: [String: String], _ why: String) -> CandidatePlan
        {
            CandidatePlan(name, family, common.merging(settings) { $1 }, why: why)
        }
        return [
            forest(
                "forest", .forest, ["subsample": "0.63", "colsample_bynode": part(0.5), "lambda": "0.00001"],
                "the average of deep trees: hard to mislead"),
            forest(
                "extra-trees", .extra,
                ["subsample": "1", "colsample_bynode": part(0.3), "max_bin": "16", "lambda": "0.00001", "min_child_weight": "2"],
                "deep trees with coarse thresholds on few columns a split: smoother than a forest"),
            forest(
                "forest-leafy", .forest,
                ["subsample": "0.8", "colsample_bynode": part(0.3), "lambda": "1", "min_child_weight": "5"],
                "a forest with fuller leaves: for noise"),
        ]
    }
}

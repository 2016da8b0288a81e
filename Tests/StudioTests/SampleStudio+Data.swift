import Events
import Studio

extension SampleStudio {
    static let churn = DatasetProfile(
        path: "data/churn.csv", byteCount: 1_820_000, fingerprint: "9f86d081884c7d65", rowCount: 20_000, delimiter: ",",
        hasHeader: true,
        columns: [
            number("tenure", missing: 0, distinct: 72, [32.4, 24.6, 0, 9, 29, 55, 72], [30, 21, 14, 12, 10, 9, 9, 11, 12, 25]),
            number(
                "monthly_charges", missing: 112, distinct: 1585, [64.76, 30.09, 18.25, 35.5, 70.35, 89.85, 118.75],
                [44, 8, 9, 12, 10, 22, 30, 24, 12, 5]),
            number(
                "total_charges", missing: 1120, distinct: 6530, [2283.3, 2266.8, 18.8, 401.4, 1397.5, 3794.7, 8684.8],
                [60, 24, 15, 11, 9, 7, 5, 4, 3, 2]),
            category("plan", missing: 0, distinct: 3, [("monthly", 11_020), ("one year", 4_180), ("two years", 4_800)]),
            category(
                "payment", missing: 5200, distinct: 4, [("card", 6_100), ("transfer", 4_300), ("cheque", 3_200), ("cash", 1_200)]),
            category("churned", missing: 0, distinct: 2, [("no", 14_700), ("yes", 5_300)]),
        ],
        warnings: [
            DataWarning(
                code: "orderedByTarget", column: "churned",
                message: "rows are ordered by churned: shuffle them, or training sees one class at a time"),
            DataWarning(
                code: "missing", column: "payment",
                message: "26 % of the values are missing: impute them, or drop the column"),
        ])

    static let insurance = DatasetProfile(
        path: "data/insurance.csv", byteCount: 55_600, fingerprint: "1f40fc92da241694", rowCount: 1338, delimiter: ",",
        hasHeader: true,
        columns: [
            number("age", missing: 0, distinct: 47, [39.2, 14.05, 18, 27, 39, 51, 64], [18, 9, 9, 9, 10, 10, 9, 10, 9, 7]),
            number(
                "bmi", missing: 0, distinct: 548, [30.66, 6.1, 15.96, 26.3, 30.4, 34.69, 53.13],
                [2, 8, 18, 24, 22, 14, 8, 3, 1, 0]),
            category("smoker", missing: 0, distinct: 2, [("no", 1064), ("yes", 274)]),
        ], warnings: [])

    private static func number(_ name: String, missing: Int, distinct: Int, _ values: [Double], _ histogram: [Int])
        -> ColumnProfile
    {
        ColumnProfile(
            name: name, kind: "numeric", count: 20_000 - missing, missing: missing, distinct: distinct,
            statistics: .init(
                mean: values[0], standardDeviation: values[1], minimum: values[2], lowerQuartile: values[3], median: values[4],
                upperQuartile: values[5], maximum: values[6], histogram: histogram),
            mostFrequent: [
                .init(value: "20.05", count: 161), .init(value: "19.95", count: 140), .init(value: "18.25", count: 98),
            ])
    }

    private static func category(_ name: String, missing: Int, distinct: Int, _ values: [(String, Int)]) -> ColumnProfile {
        ColumnProfile(
            name: name, kind: "categorical", count: 20_000 - missing, missing: missing, distinct: distinct, statistics: nil,
            mostFrequent: values.map { .init(value: $0.0, count: $0.1) })
    }

    static let algorithms: [AlgorithmDescription] = [
        AlgorithmDescription(
            name: "linear-learner", title: "Linear learner",
            summary: "Linear and logistic regression: fast, and easy to explain.", needsTarget: true,
            hyperparameters: [
                .init(
                    "learning_rate",
                    .positive,
                    words: ["auto"], default: "auto", "Step size of the optimiser."),
                .init(
                    "mini_batch_size", .integer(minimum: 1, maximum: .max), default: "1000",
                    "Rows in one step."),
                .init(
                    "epochs", .integer(minimum: 1, maximum: 10_000), default: "15",
                    "Passes over the data."),
                .init(
                    "optimizer", .choice(["adam", "sgd", "rmsprop"]), words: ["auto"], default: "auto",
                    "How steps are taken from gradients."),
                .init(
                    "shuffle", .boolean, default: "true",
                    "Whether the rows are shuffled before each epoch."),
                .init(
                    "early_stopping_patience", .integer(minimum: 1, maximum: 1_000), words: ["off"],
                    default: "3", "Evaluations without improvement before the job stops early.",
                    isJobSetting: true),
            ], steerable: ["learning_rate", "early_stopping_patience"], metrics: ["loss", "f1"]),
        AlgorithmDescription(
            name: "neural-network", title: "Neural network", summary: "A multi-layer perceptron.", needsTarget: true,
            hyperparameters: [
                .init(
                    "learning_rate",
                    .positive,
                    default: "0.001", "Step size of the optimiser."),
                .init(
                    "shuffle", .boolean, default: "true",
                    "Whether the rows are shuffled before each epoch."),
            ]),
        AlgorithmDescription(
            name: "kmeans", title: "K-means", summary: "Groups rows around k centres.", needsTarget: false,
            hyperparameters: [
                .init(
                    "k", .integer(minimum: 2, maximum: 1000), default: "10",
                    "How many groups to find.")
            ]),
    ]
}

extension SampleStudio {
    /// What a run cost: a sample a second for a minute.
    static func costs(of run: RunID) -> Action {
        let metrics: [SystemMetric] = [.cpuPercent, .memoryBytes, .rowsPerSecond, .machineCPUPercent]
        var samples: [MetricSample] = []
        for second in 0..<60 {
            let time = Double(second)
            let values: [Double] = [150 + 40 * wave(time / 5), 180e6 + 1e6 * time, 41_000 + 900 * wave(time), 97]
            for (index, value) in values.enumerated() {
                samples.append(
                    MetricSample(
                        sequence: UInt64(second), metric: Int32(index), step: second * 40, epoch: time / 60,
                        wallTime: start + 60 + time, value: value))
            }
        }
        return .events([], [RunSamples(run: run, metrics: metrics.map(\.name), samples: samples)])
    }
}

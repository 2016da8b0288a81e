import JSON

/// What a job trains on, as far as it bears on convergence.
public struct TrainingDataSummary: Sendable, Hashable {
    public var rowCount: Int
    public var featureCount: Int
    /// Weights of a linear model's score, where it has more than features: one for each category of a feature that is a code.
    public var weightCount: Int?
    public var validationRowCount: Int
    public var target: String?
    /// What the target was taken for, in one line; nil when there is none.
    public var goal: String?
    public var isShuffled: Bool
    public var isNormalised: Bool
    /// How ordered the targets are in the order in which they are fed: neighbours with equal label against chance, in standard
    /// deviations (regression: lag-1 autocorrelation times the root of the row count). About 0 when shuffled.
    public var orderZ: Double
    /// Largest over smallest standard deviation of the numeric features as the optimiser sees them; 1 = all alike.
    public var scaleRatio: Double
    public var widestFeature: String
    public var narrowestFeature: String
    /// Largest distance of a numeric feature's mean from 0 as the optimiser sees it, in its standard deviations; 0 where features are
    /// normalised.
    public var offsetRatio = 0.0
    public var mostOffsetFeature = ""
    /// A number to predict, as the optimiser sees it: its mean and its standard deviation. nil for classes, and where it is normalised.
    public var targetMean: Double?
    public var targetDeviation: Double?
    /// What a model that says the same for every row loses, in the units of the run's loss: on the training rows, and on those that judge.
    public var constantTrainingLoss: Double?
    public var constantValidationLoss: Double?
    /// What was found in the data, and between the rows that are learned from and those that judge; the gravest kind first.
    public var findings: [DataFinding] = []
    /// The single column that tells the target best; nil where there is no target, and of older runs.
    public var singleColumn: SingleColumnFit?

    /// The features, and a linear model's weights where these are more.
    ///
    /// - Parameter grouped: how whole numbers are written.
    public func featureWords(grouped: (Int) -> String) -> String {
        "\(grouped(featureCount)) \(featureCount == 1 ? "feature" : "features")"
            + (weightCount.map { " (\(grouped($0)) weights)" } ?? "")
    }

    public init(
        rowCount: Int, featureCount: Int, validationRowCount: Int, target: String?, goal: String? = nil, isShuffled: Bool,
        isNormalised: Bool,
        orderZ: Double, scaleRatio: Double, widestFeature: String, narrowestFeature: String
    ) {
        self.rowCount = rowCount
        self.featureCount = featureCount
        self.validationRowCount = validationRowCount
        self.target = target
        self.goal = goal
        self.isShuffled = isShuffled
        self.isNormalised = isNormalised
        self.orderZ = orderZ
        self.scaleRatio = scaleRatio
        self.widestFeature = widestFeature
        self.narrowestFeature = narrowestFeature
    }
}

extension TrainingDataSummary {
    var json: JSONValue {
        .object([
            "rowCount": .integer(rowCount), "featureCount": .integer(featureCount),
            "weightCount": weightCount.map { .integer($0) },
            "validationRowCount": .integer(validationRowCount), "target": target.map { .string($0) },
            "goal": goal.map { .string($0) }, "isShuffled": .boolean(isShuffled), "isNormalised": .boolean(isNormalised),
            "orderZ": .number(orderZ),
            "scaleRatio": .number(scaleRatio), "widestFeature": .string(widestFeature),
            "narrowestFeature": .string(narrowestFeature),
            "offsetRatio": offsetRatio > 0 ? .number(offsetRatio) : nil,
            "mostOffsetFeature": mostOffsetFeature.isEmpty ? nil : .string(mostOffsetFeature),
            "targetMean": targetMean.map { .number($0) }, "targetDeviation": targetDeviation.map { .number($0) },
            "constantTrainingLoss": constantTrainingLoss.map { .number($0) },
            "constantValidationLoss": constantValidationLoss.map { .number($0) },
            "findings": findings.isEmpty ? nil : .array(findings.map(\.json)), "singleColumn": singleColumn?.json,
        ])
    }

    init?(json: JSONValue) {
        guard let rowCount = json["rowCount"]?.integer, let featureCount = json["featureCount"]?.integer,
            let validationRowCount = json["validationRowCount"]?.integer, let isShuffled = json["isShuffled"]?.boolean,
            let isNormalised = json["isNormalised"]?.boolean, let orderZ = json["orderZ"]?.double,
            let scaleRatio = json["scaleRatio"]?.double, let widest = json["widestFeature"]?.string,
            let narrowest = json["narrowestFeature"]?.string
        else { return nil }
        self.init(
            rowCount: rowCount, featureCount: featureCount, validationRowCount: validationRowCount,
            target: json["target"]?.string, goal: json["goal"]?.string, isShuffled: isShuffled, isNormalised: isNormalised,
            orderZ: orderZ,
            scaleRatio: scaleRatio, widestFeature: widest, narrowestFeature: narrowest)
        weightCount = json["weightCount"]?.integer
        offsetRatio = json["offsetRatio"]?.double ?? 0
        mostOffsetFeature = json["mostOffsetFeature"]?.string ?? ""
        targetMean = json["targetMean"]?.double
        targetDeviation = json["targetDeviation"]?.double
        constantTrainingLoss = json["constantTrainingLoss"]?.double
        constantValidationLoss = json["constantValidationLoss"]?.double
        findings = json["findings"]?.array?.compactMap(DataFinding.init(json:)) ?? []
        singleColumn = json["singleColumn"].flatMap(SingleColumnFit.init(json:))
    }
}

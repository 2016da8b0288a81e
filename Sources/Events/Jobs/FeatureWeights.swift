import JSON

/// What a model makes of its features, largest first: a linear model's coefficients, or how much trees gain by each.
public struct FeatureWeights: Sendable, Hashable {
    /// What a value is.
    public enum Kind: String, Sendable, Hashable {
        /// What the prediction (of a classifier, the log-odds or the score) grows by when a feature grows by one deviation, or a
        /// category is there.
        case coefficients
        /// Share of the mean gains of an ensemble's splits.
        case gain

        /// A heading.
        public var title: String {
            switch self {
            case .coefficients: "Coefficients"
            case .gain: "Importances: shares of the gain"
            }
        }
    }

    /// One feature, for one class of several.
    public struct Row: Sendable, Hashable {
        public var feature: String
        /// Of a multiclass model, the class whose score it is; nil for others.
        public var className: String?
        public var value: Double
        /// What the prediction grows by for each unit of the feature as it is in the data; nil for gains.
        public var perUnit: Double?
        /// Whether `value` is for a deviation of the feature; false for indicators of categories and words, which are not scaled.
        public var isScaled: Bool

        public init(
            feature: String, className: String? = nil, value: Double, perUnit: Double? = nil, isScaled: Bool = true
        ) {
            self.feature = feature
            self.className = className
            self.value = value
            self.perUnit = perUnit
            self.isScaled = isScaled
        }
    }

    public var kind: Kind
    public private(set) var rows: [Row]
    /// The prediction, or each class's score, where all features are 0; empty for gains.
    public var intercepts: [Double]
    /// Of two classes, the one that positive coefficients favour; nil for numbers, for more classes, and for gains.
    public var favoured: String?

    public init(kind: Kind, rows: [Row], intercepts: [Double] = [], favoured: String? = nil) {
        self.kind = kind
        self.favoured = favoured
        self.intercepts = intercepts
        let sizes = rows.map { $0.value.isNaN ? -1 : abs($0.value) }
        self.rows = rows.indices.sorted { sizes[$0] == sizes[$1] ? $0 < $1 : sizes[$0] > sizes[$1] }.map { rows[$0] }
    }

    /// Features that are kept with a run.
    public static let keptCount = 10

    /// The largest ones, to be kept with a run.
    public var kept: FeatureWeights {
        var copy = self
        copy.rows = Array(rows.prefix(Self.keptCount))
        return copy
    }
}

extension FeatureWeights {
    /// `kind`, `rows` and `intercepts`.
    public var json: JSONValue {
        .object([
            "kind": .string(kind.rawValue), "rows": .array(rows.map(\.json)),
            "intercepts": intercepts.isEmpty ? nil : .array(intercepts.map { .number($0) }),
            "favoured": favoured.map { .string($0) },
        ])
    }

    public init?(json: JSONValue) {
        guard let kind = json["kind"]?.string.flatMap(Kind.init), let rows = json["rows"]?.array else { return nil }
        self.init(
            kind: kind, rows: rows.compactMap(Row.init),
            intercepts: json["intercepts"]?.array?.compactMap(\.double) ?? [], favoured: json["favoured"]?.string)
    }
}

extension FeatureWeights.Row {
    fileprivate var json: JSONValue {
        .object([
            "feature": .string(feature), "class": className.map { .string($0) }, "value": .number(value),
            "perUnit": perUnit.map { .number($0) }, "isScaled": isScaled ? nil : .boolean(false),
        ])
    }

    fileprivate init?(json: JSONValue) {
        guard let feature = json["feature"]?.string, let value = json["value"]?.double else { return nil }
        self.init(
            feature: feature, className: json["class"]?.string, value: value, perUnit: json["perUnit"]?.double,
            isScaled: json["isScaled"]?.boolean ?? true)
    }
}

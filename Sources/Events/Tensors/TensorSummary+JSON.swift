import JSON

extension TensorSummary {
    /// The longest name that is taken, in bytes.
    public static let longestName = 255
    package static let mostDimensions = 16

    /// Its members, named as in docs/script-messages.md.
    public var json: JSONValue {
        .object([
            "name": .string(name), "collection": .string(collection.rawValue),
            "shape": shape.isEmpty ? nil : .array(shape.map { .integer($0) }), "count": .integer(count),
            "sampled": .integer(sampled), "mean": .number(mean), "std": .number(standardDeviation),
            "mean_magnitude": .number(meanMagnitude), "l2": .number(l2), "min": minimum.map { .number($0) },
            "max": maximum.map { .number($0) }, "zeros": .integer(zeros), "nans": .integer(nans),
            "infinities": .integer(infinities), "histogram": histogram.json, "ratio": updateRatio.map { .number($0) },
            "units": units.map {
                .object([
                    "count": .integer($0.count), "inactive": .integer($0.inactive), "saturated": .integer($0.saturated),
                ])
            },
        ])
    }

    /// - Range: nil where a count is negative, one of a part is larger than that of the whole, or a name is empty or too long.
    public init?(json: JSONValue) {
        guard let name = json["name"]?.string, let collection = json["collection"]?.string, let count = json["count"]?.integer,
            Self.isName(name), Self.isName(collection)
        else { return nil }
        let sampled = json["sampled"]?.integer ?? count
        self.init(name, TensorCollection(rawValue: collection), count: count, sampled: sampled)
        shape = (json["shape"]?.array ?? []).prefix(Self.mostDimensions).compactMap(\.integer)
        mean = json["mean"]?.double ?? 0
        standardDeviation = json["std"]?.double ?? 0
        l2 = json["l2"]?.double ?? 0
        minimum = json["min"]?.double
        maximum = json["max"]?.double
        zeros = json["zeros"]?.integer ?? 0
        nans = json["nans"]?.integer ?? 0
        infinities = json["infinities"]?.integer ?? 0
        histogram = json["histogram"].flatMap(MagnitudeHistogram.init(json:)) ?? MagnitudeHistogram()
        meanMagnitude = json["mean_magnitude"]?.double ?? estimatedMeanMagnitude
        updateRatio = json["ratio"]?.double
        units = json["units"].flatMap(UnitActivity.init(json:))
        guard isConsistent else { return nil }
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= longestName && !text.utf8.contains(0)
    }

    /// Whether its numbers can be counted with: what is not is not taken.
    package var isConsistent: Bool {
        let counts = [zeros, nans, infinities]
        // Sums of such counts do not run over.
        guard (0...1 << 53).contains(count), (0...count).contains(sampled), counts.allSatisfy({ (0...count).contains($0) }),
            shape.allSatisfy({ $0 >= 0 })
        else { return false }
        guard standardDeviation >= 0, meanMagnitude >= 0, l2 >= 0, !mean.isNaN, minimum.isOrdered(to: maximum) else {
            return false
        }
        return histogram.negative.allSatisfy { $0 <= count } && histogram.positive.allSatisfy { $0 <= count }
    }

    /// What the histogram tells, where nobody said it.
    private var estimatedMeanMagnitude: Double {
        let counted = histogram.count
        return counted > 0 ? histogram.meanMagnitude * Double(counted) / (Double(counted) + Double(zeros)) : 0
    }
}

extension Double? {
    /// Whether both are finite and the first is no larger, or there is neither.
    fileprivate func isOrdered(to other: Double?) -> Bool {
        guard let self, let other else { return self == nil && other == nil }
        return self.isFinite && other.isFinite && self <= other
    }
}

extension TensorSummary.UnitActivity {
    /// - Range: nil where more units are inactive or saturated than there are.
    init?(json: JSONValue) {
        guard let count = json["count"]?.integer, let inactive = json["inactive"]?.integer, count >= 0,
            (0...count).contains(inactive), (0...count).contains(json["saturated"]?.integer ?? 0)
        else { return nil }
        self.init(count: count, inactive: inactive, saturated: json["saturated"]?.integer ?? 0)
    }
}

import CheckedNumbers
import JSON

extension DatasetStatistics {
    /// As SageMaker's monitors write it. Members named `descent` are ours, which others pass over.
    public var json: JSONValue {
        .object([
            "version": .number(0), "dataset": .object(["item_count": .integer(rowCount)]),
            "features": .array(features.map(\.json)),
            "descent": correlations.map { .object(["rank_correlations": $0.json]) },
        ])
    }

    /// Reads a `statistics.json`, ours or SageMaker's.
    ///
    /// - Throws: `badData`, with the feature at fault.
    public init(_ json: JSONValue) throws(MonitoringError) {
        guard let count = json["dataset"]?["item_count"]?.integer, let features = json["features"]?.array, count >= 0 else {
            throw MonitoringError(
                .badData, "not statistics of a data set (dataset.item_count and features are missing): make a baseline again")
        }
        var read: [FeatureStatistics] = [], names: Set<String> = []
        for feature in features {
            let statistics = try FeatureStatistics(feature)
            guard names.insert(statistics.name).inserted else {
                throw MonitoringError(.badData, "the statistics have two features named '\(statistics.name)': make them again")
            }
            read.append(statistics)
        }
        self.init(
            rowCount: count, features: read,
            correlations: json["descent"]?["rank_correlations"].flatMap(RankCorrelations.init(json:)))
    }
}

extension FeatureStatistics {
    var json: JSONValue {
        let common = JSONValue.object(["num_present": .integer(present), "num_missing": .integer(missing)])
        var own: [JSONValue.Member] = []
        if misfits > 0 { own.append(.init("misfits", .integer(misfits))) }
        if let misfit { own.append(.init("misfit", .string(misfit))) }
        if let texts {
            own.append(.init("singletons", .integer(texts.singletons)))
            if texts.others > 0 { own.append(.init("others", .integer(texts.others))) }
        }
        return .object([
            "name": .string(name), "inferred_type": .string(type.rawValue),
            "numerical_statistics": type.isNumeric ? numbers?.json(common) ?? .object(["common": common]) : nil,
            "string_statistics": type == .string ? texts?.json(common) ?? .object(["common": common]) : nil,
            "common": type == .unknown ? common : nil,
            "descent": own.isEmpty ? nil : .object(own),
        ])
    }

    init(_ json: JSONValue) throws(MonitoringError) {
        guard let name = json["name"]?.string else {
            throw MonitoringError(.badData, "a feature of the statistics has no name: make them again")
        }
        func fault(_ what: String) -> MonitoringError {
            MonitoringError(.badData, "the statistics of '\(name)' \(what): make them again")
        }
        guard let type = json["inferred_type"]?.string.flatMap(InferredType.init) else {
            throw fault("have no inferred_type of Integral, Fractional, String or Unknown")
        }
        let part = json[type.isNumeric ? "numerical_statistics" : "string_statistics"]
        let common = part?["common"] ?? json["common"] ?? json["numerical_statistics"]?["common"]
        let present = common?["num_present"]?.integer ?? 0, missing = common?["num_missing"]?.integer ?? 0
        let misfits = json["descent"]?["misfits"]?.integer ?? 0
        guard present >= 0, missing >= 0, misfits >= 0, misfits <= missing, present <= 1 << 52, missing <= 1 << 52 else {
            throw fault("count rows that cannot be")
        }
        self.init(
            name: name, type: type, present: present, missing: missing, misfits: misfits,
            misfit: json["descent"]?["misfit"]?.string)
        guard let part else { return }
        if type.isNumeric, present > 0 {
            guard let numbers = NumberStatistics(part) else { throw fault("lack numbers or their distribution") }
            self.numbers = numbers
        } else if type == .string {
            guard let texts = TextStatistics(part, json["descent"]) else { throw fault("lack the distribution of their texts") }
            self.texts = texts
        }
    }
}

extension NumberStatistics {
    func json(_ common: JSONValue) -> JSONValue {
        let parameters = JSONValue.object(["c": .number(sketch.shrinking), "k": .number(Double(sketch.size))])
        return .object([
            "common": common, "mean": .number(mean), "sum": .number(sum), "std_dev": .number(deviation),
            "min": .number(minimum), "max": .number(maximum),
            "distribution": .object([
                "kll": .object([
                    "buckets": .array(
                        buckets.map {
                            .object([
                                "lower_bound": .number($0.lower), "upper_bound": .number($0.upper),
                                "count": .number(Double($0.count)),
                            ])
                        }),
                    "sketch": .object([
                        "parameters": parameters, "data": .array(sketch.levels.map { .array($0.map { .number($0) }) }),
                    ]),
                ])
            ]),
        ])
    }

    init?(_ json: JSONValue) {
        guard let mean = json["mean"]?.double, let sum = json["sum"]?.double, let deviation = json["std_dev"]?.double,
            let minimum = json["min"]?.double, let maximum = json["max"]?.double, minimum <= maximum,
            let kll = json["distribution"]?["kll"], let data = kll["sketch"]?["data"]?.array,
            let size = kll["sketch"]?["parameters"]?["k"]?.double, let shrinking = kll["sketch"]?["parameters"]?["c"]?.double,
            size >= 8, size <= 16_777_216
        else { return nil }
        var levels: [[Double]] = []
        for level in data {
            guard let values = level.array else { return nil }
            let numbers = values.compactMap(\.double)
            guard numbers.count == values.count else { return nil }
            levels.append(numbers)
        }
        guard let sketch = QuantileSketch(levels: levels, size: Int(nearestWithin: size), shrinking: shrinking), sketch.count > 0
        else { return nil }
        let buckets = (kll["buckets"]?.array ?? []).compactMap { bucket -> Bucket? in
            guard let lower = bucket["lower_bound"]?.double, let upper = bucket["upper_bound"]?.double,
                let count = bucket["count"]?.double, count >= 0, count <= 1e15
            else { return nil }
            return Bucket(lower: lower, upper: upper, count: Int(nearestWithin: count))
        }
        self.init(
            mean: mean, sum: sum, deviation: deviation, minimum: minimum, maximum: maximum, buckets: buckets, sketch: sketch)
    }
}

extension TextStatistics {
    func json(_ common: JSONValue) -> JSONValue {
        .object([
            "common": common, "distinct_count": .number(Double(distinct)),
            "distribution": .object([
                "categorical": .object([
                    "buckets": .array(
                        counts.map { .object(["value": .string($0.value), "count": .integer($0.count)]) })
                ])
            ]),
        ])
    }

    init?(_ json: JSONValue, _ own: JSONValue?) {
        guard let buckets = json["distribution"]?["categorical"]?["buckets"]?.array else {
            // Without a distribution nothing is compared.
            guard let distinct = json["distinct_count"]?.double, distinct >= 0, distinct <= 1e15 else { return nil }
            self.init(counts: [], distinct: Int(nearestWithin: distinct), others: 0)
            return
        }
        var counts: [ValueCount] = []
        for bucket in buckets {
            guard let value = bucket["value"]?.string, let count = bucket["count"]?.double, count >= 0, count <= 1e15 else {
                return nil
            }
            counts.append(ValueCount(value: value, count: Int(nearestWithin: count)))
        }
        let distinct = max(counts.count, Int(nearestWithin: min(1e15, json["distinct_count"]?.double ?? 0)))
        self.init(counts: counts, distinct: distinct, others: max(0, own?["others"]?.integer ?? 0))
        if let singletons = own?["singletons"]?.integer { self.singletons = min(max(0, singletons), distinct) }
    }
}

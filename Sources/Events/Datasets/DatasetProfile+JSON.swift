import JSON

extension DatasetProfile {
    public var json: JSONValue {
        .object([
            "path": .string(path), "byteCount": .integer(byteCount), "fingerprint": .string(fingerprint),
            "rowCount": .integer(rowCount), "format": .string(format), "delimiter": .string(delimiter),
            "hasHeader": .boolean(hasHeader),
            "columns": .array(columns.map(\.json)), "warnings": .array(warnings.map(\.json)),
            "advice": advice.isEmpty ? nil : .array(advice.map(\.json)), "reading": reading?.json,
            "options": options.map { JSONValue($0) },
        ])
    }

    public init?(json: JSONValue) {
        guard let path = json["path"]?.string, let byteCount = json["byteCount"]?.integer,
            let fingerprint = json["fingerprint"]?.string, let rowCount = json["rowCount"]?.integer,
            let delimiter = json["delimiter"]?.string, let hasHeader = json["hasHeader"]?.boolean,
            let columns = json["columns"]?.array, let warnings = json["warnings"]?.array
        else { return nil }
        self.init(
            path: path, byteCount: byteCount, fingerprint: fingerprint, rowCount: rowCount, delimiter: delimiter,
            hasHeader: hasHeader, columns: columns.compactMap(ColumnProfile.init(json:)),
            warnings: warnings.compactMap(DataWarning.init(json:)), format: json["format"]?.string ?? "csv")
        reading = json["reading"].flatMap(DataReading.init(json:))
        options = json["options"]?.strings
        advice = json["advice"]?.array?.compactMap(Advice.init(json:)) ?? []
    }
}

extension DatasetProfile.Advice {
    var json: JSONValue {
        .object(["topic": .string(topic), "reason": .string(reason), "options": JSONValue(options)])
    }

    init?(json: JSONValue) {
        guard let topic = json["topic"]?.string, let reason = json["reason"]?.string, let options = json["options"]?.strings
        else { return nil }
        self.init(topic: topic, reason: reason, options: options)
    }
}

extension ColumnProfile {
    var json: JSONValue {
        .object([
            "name": .string(name), "kind": .string(kind), "written": written.map { .string($0) }, "count": .integer(count),
            "missing": .integer(missing),
            "distinct": .integer(distinct), "statistics": statistics?.json,
            "mostFrequent": .array(
                mostFrequent.map { .object(["value": .string($0.value), "count": .integer($0.count)]) }),
        ])
    }

    init?(json: JSONValue) {
        guard let name = json["name"]?.string, let kind = json["kind"]?.string, let count = json["count"]?.integer,
            let missing = json["missing"]?.integer, let distinct = json["distinct"]?.integer,
            let mostFrequent = json["mostFrequent"]?.array
        else { return nil }
        self.init(
            name: name, kind: kind, count: count, missing: missing, distinct: distinct,
            statistics: json["statistics"].flatMap(Statistics.init(json:)),
            mostFrequent: mostFrequent.compactMap { entry in
                guard let value = entry["value"]?.string, let count = entry["count"]?.integer else { return nil }
                return Frequency(value: value, count: count)
            })
        written = json["written"]?.string
    }
}

extension ColumnProfile.Statistics {
    var json: JSONValue {
        .object([
            "mean": .number(mean), "standardDeviation": .number(standardDeviation), "minimum": .number(minimum),
            "lowerQuartile": .number(lowerQuartile), "median": .number(median), "upperQuartile": .number(upperQuartile),
            "maximum": .number(maximum), "histogram": .array(histogram.map { .integer($0) }), "binWidth": .number(binWidth),
        ])
    }

    init?(json: JSONValue) {
        guard let mean = json["mean"]?.double, let deviation = json["standardDeviation"]?.double,
            let minimum = json["minimum"]?.double, let lower = json["lowerQuartile"]?.double,
            let median = json["median"]?.double, let upper = json["upperQuartile"]?.double,
            let maximum = json["maximum"]?.double, let histogram = json["histogram"]?.array
        else { return nil }
        self.init(
            mean: mean, standardDeviation: deviation, minimum: minimum, lowerQuartile: lower, median: median,
            upperQuartile: upper, maximum: maximum, histogram: histogram.compactMap(\.integer),
            binWidth: json["binWidth"]?.double)
    }
}

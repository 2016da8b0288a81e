import JSON

/// How the answers of a shadow compare with those that clients got, so far.
public struct ShadowReport: Hashable, Sendable {
    /// How long one side's model took.
    /// - Units: microseconds.
    public struct Latency: Hashable, Sendable {
        public var mean: Double, p50: Double, p90: Double, p99: Double

        public init(mean: Double, p50: Double, p90: Double, p99: Double) {
            (self.mean, self.p50, self.p90, self.p99) = (mean, p50, p90, p99)
        }
    }

    /// How far scores lie apart: of each row the largest difference of its scores.
    public struct Differences: Hashable, Sendable {
        public var mean: Double, p50: Double, p90: Double, p99: Double, max: Double

        public init(mean: Double, p50: Double, p90: Double, p99: Double, max: Double) {
            (self.mean, self.p50, self.p90, self.p99, self.max) = (mean, p50, p90, p99, max)
        }
    }

    /// A row that both answered, and differently.
    public struct Disagreement: Hashable, Sendable {
        /// Seconds since 1970.
        public var at: Double
        /// The request, as captured records and the access log name it.
        public var request: String
        /// Its number in the request, from 1.
        public var row: Int
        /// As it was sent, cut where it is long; empty where the format shows no rows.
        public var text: String
        /// What clients got, and what the shadow said: a label where there is one, and the scores.
        public var served: String, shadow: String
        public var difference: Double

        public init(
            at: Double, request: String, row: Int, text: String, served: String, shadow: String, difference: Double
        ) {
            (self.at, self.request, self.row, self.text) = (at, request, row, text)
            (self.served, self.shadow, self.difference) = (served, shadow, difference)
        }
    }

    /// Requests that both were asked, and those that the shadow was not shown because it had not come so far.
    public var requests = 0, leftOut = 0
    /// Requests on which one side alone failed, or both.
    public var servedErrors = 0, shadowErrors = 0, bothErrors = 0
    /// Rows that both answered; of these, those with the same label or, without labels, the same scores; and those whose answers
    /// have no scores in common.
    public var rows = 0, agreed = 0, incomparable = 0
    public var differences: Differences?
    public var servedLatency: Latency?, shadowLatency: Latency?
    /// The rows of the largest disagreement, the largest first.
    public var disagreements: [Disagreement] = []
    /// Seconds since 1970.
    public var updatedAt = 0.0

    public init() {}

    /// The share of the rows on which both agree; nil where there are none.
    /// - Range: 0 to 1.
    public var agreement: Double? { rows > 0 ? Double(agreed) / Double(rows) : nil }
}

extension ShadowReport {
    public var json: JSONValue {
        .object([
            "requests": .integer(requests), "leftOut": .integer(leftOut), "servedErrors": .integer(servedErrors),
            "shadowErrors": .integer(shadowErrors), "bothErrors": .integer(bothErrors), "rows": .integer(rows),
            "agreed": .integer(agreed), "incomparable": .integer(incomparable), "agreement": agreement.map { .number($0) },
            "differences": differences.map {
                .object([
                    "mean": .number($0.mean), "p50": .number($0.p50), "p90": .number($0.p90), "p99": .number($0.p99),
                    "max": .number($0.max),
                ])
            },
            "servedLatency": servedLatency?.json, "shadowLatency": shadowLatency?.json,
            "disagreements": .array(disagreements.map(\.json)), "updatedAt": .number(updatedAt),
        ])
    }

    public init?(json: JSONValue) {
        guard let requests = json["requests"]?.integer, let rows = json["rows"]?.integer else { return nil }
        func count(_ name: String) -> Int { json[name]?.integer ?? 0 }
        (self.requests, self.rows, leftOut) = (requests, rows, count("leftOut"))
        (servedErrors, shadowErrors, bothErrors) = (count("servedErrors"), count("shadowErrors"), count("bothErrors"))
        (agreed, incomparable) = (count("agreed"), count("incomparable"))
        if let said = json["differences"], let mean = said["mean"]?.double, let p50 = said["p50"]?.double,
            let p90 = said["p90"]?.double, let p99 = said["p99"]?.double, let max = said["max"]?.double
        {
            differences = Differences(mean: mean, p50: p50, p90: p90, p99: p99, max: max)
        }
        servedLatency = json["servedLatency"].flatMap(Latency.init(json:))
        shadowLatency = json["shadowLatency"].flatMap(Latency.init(json:))
        disagreements = (json["disagreements"]?.array ?? []).compactMap(Disagreement.init(json:))
        updatedAt = json["updatedAt"]?.double ?? 0
    }
}

extension ShadowReport.Latency {
    var json: JSONValue {
        .object(["mean": .number(mean), "p50": .number(p50), "p90": .number(p90), "p99": .number(p99)])
    }

    init?(json: JSONValue) {
        guard let mean = json["mean"]?.double, let p50 = json["p50"]?.double, let p90 = json["p90"]?.double,
            let p99 = json["p99"]?.double
        else { return nil }
        self.init(mean: mean, p50: p50, p90: p90, p99: p99)
    }
}

extension ShadowReport.Disagreement {
    public var json: JSONValue {
        .object([
            "at": .number(at), "request": .string(request), "row": .integer(row), "text": .string(text),
            "served": .string(served), "shadow": .string(shadow), "difference": .number(difference),
        ])
    }

    public init?(json: JSONValue) {
        guard let at = json["at"]?.double, let request = json["request"]?.string, let row = json["row"]?.integer,
            let served = json["served"]?.string, let shadow = json["shadow"]?.string,
            let difference = json["difference"]?.double
        else { return nil }
        self.init(
            at: at, request: request, row: row, text: json["text"]?.string ?? "", served: served, shadow: shadow,
            difference: difference)
    }
}

import JSON

/// How the answers of a shadow compare with those that clients got. It keeps counts and the rows of the largest disagreement, so that
/// any number of requests takes the same room.
public struct ShadowComparison: Sendable, Hashable {
    /// What one side said to a request, and how long its model took.
    struct Side {
        /// Nil: it failed.
        var rows: [AnsweredRow]?
        var hasFailed: Bool
        /// - Units: nanoseconds; 0: nobody measured.
        var nanoseconds: UInt64
    }

    /// A row on which both differ.
    public struct Disagreement: Sendable, Hashable {
        /// Seconds since 1970.
        public var at: Double
        public var request: String
        /// From 1.
        public var row: Int
        public var text: String
        public var served: String, shadow: String
        /// Whether the labels differ: such a row comes before all others.
        var isOfLabels: Bool
        public var difference: Double

        fileprivate func isSameRow(as other: Disagreement) -> Bool {
            text == other.text && served == other.served && shadow == other.shadow
        }
    }

    public internal(set) var requests = 0, leftOut = 0
    public private(set) var servedErrors = 0, shadowErrors = 0, bothErrors = 0
    public private(set) var rows = 0, agreed = 0, incomparable = 0
    public private(set) var differences = ScoreDifferences()
    public private(set) var servedLatency = LatencyHistogram(), shadowLatency = LatencyHistogram()
    /// The largest first.
    public private(set) var disagreements: [Disagreement] = []

    /// Rows of disagreement that are kept.
    public static let mostDisagreements = 20

    public init() {}

    /// - Parameter text: of a row, as it was sent.
    mutating func add(_ served: Side, _ shadow: Side, request: String, at time: Double, text: (Int, Int) -> String) {
        requests += 1
        if served.nanoseconds > 0 { servedLatency.add(served.nanoseconds) }
        if shadow.nanoseconds > 0 { shadowLatency.add(shadow.nanoseconds) }
        switch (served.hasFailed, shadow.hasFailed) {
        case (true, true): bothErrors += 1
        case (true, false): servedErrors += 1
        case (false, true): shadowErrors += 1
        case (false, false): compare(served.rows, shadow.rows, request, time, text)
        }
    }

    private mutating func compare(
        _ served: [AnsweredRow]?, _ shadow: [AnsweredRow]?, _ request: String, _ time: Double, _ text: (Int, Int) -> String
    ) {
        guard let served, let shadow, served.count == shadow.count else {
            let count = max(1, served?.count ?? shadow?.count ?? 1)
            rows += count
            incomparable += count
            return
        }
        for (place, (one, other)) in zip(served, shadow).enumerated() {
            rows += 1
            let difference = one.difference(from: other), hasLabels = one.label != nil && other.label != nil
            guard difference != nil || hasLabels else {
                incomparable += 1
                continue
            }
            let agrees = one.agrees(with: other), size = difference ?? 0
            if let difference { differences.add(difference) }
            if agrees { agreed += 1 }
            keep(
                Disagreement(
                    at: time, request: request, row: place + 1, text: "", served: one.text, shadow: other.text,
                    isOfLabels: hasLabels && !agrees, difference: size)
            ) { text(place, served.count) }
        }
    }

    private static func isBefore(_ one: Disagreement, _ other: Disagreement) -> Bool {
        one.isOfLabels != other.isOfLabels ? one.isOfLabels : one.difference > other.difference
    }

    private mutating func keep(_ found: Disagreement, _ text: () -> String) {
        guard found.isOfLabels || found.difference > 0 else { return }
        if disagreements.count >= Self.mostDisagreements, let last = disagreements.last, !Self.isBefore(found, last) { return }
        var found = found
        found.text = text()
        // The same row again says nothing new.
        guard found.text.isEmpty || !disagreements.contains(where: { $0.isSameRow(as: found) }) else { return }
        let place = disagreements.firstIndex { Self.isBefore(found, $0) } ?? disagreements.count
        disagreements.insert(found, at: place)
        if disagreements.count > Self.mostDisagreements { disagreements.removeLast() }
    }
}

// How it is kept while the host is away.
extension ShadowComparison {
    public var json: JSONValue {
        .object([
            "requests": .integer(requests), "leftOut": .integer(leftOut), "servedErrors": .integer(servedErrors),
            "shadowErrors": .integer(shadowErrors), "bothErrors": .integer(bothErrors), "rows": .integer(rows),
            "agreed": .integer(agreed), "incomparable": .integer(incomparable), "differences": differences.json,
            "servedLatency": servedLatency.json, "shadowLatency": shadowLatency.json,
            "disagreements": .array(disagreements.map(\.json)),
        ])
    }

    public init?(json: JSONValue) {
        guard let differences = json["differences"].flatMap(ScoreDifferences.init(json:)),
            let served = json["servedLatency"].flatMap(LatencyHistogram.init(json:)),
            let shadow = json["shadowLatency"].flatMap(LatencyHistogram.init(json:)), let requests = json["requests"]?.integer
        else { return nil }
        func count(_ name: String) -> Int { min(max(0, json[name]?.integer ?? 0), 1 << 48) }
        (self.differences, servedLatency, shadowLatency) = (differences, served, shadow)
        guard (0...1 << 48).contains(requests) else { return nil }
        (self.requests, leftOut, rows) = (requests, count("leftOut"), count("rows"))
        (servedErrors, shadowErrors, bothErrors) = (count("servedErrors"), count("shadowErrors"), count("bothErrors"))
        (agreed, incomparable) = (count("agreed"), count("incomparable"))
        disagreements = (json["disagreements"]?.array ?? []).compactMap(Disagreement.init(json:))
    }
}

extension ShadowComparison.Disagreement {
    fileprivate var json: JSONValue {
        .object([
            "at": .number(at), "request": .string(request), "row": .integer(row), "text": .string(text),
            "served": .string(served), "shadow": .string(shadow), "isOfLabels": .boolean(isOfLabels),
            "difference": .number(difference),
        ])
    }

    fileprivate init?(json: JSONValue) {
        guard let at = json["at"]?.double, let request = json["request"]?.string, let row = json["row"]?.integer,
            let text = json["text"]?.string, let served = json["served"]?.string, let shadow = json["shadow"]?.string,
            let difference = json["difference"]?.double, at.isFinite, !difference.isNaN
        else { return nil }
        (self.at, self.request, self.row, self.text) = (at, request, row, text)
        (self.served, self.shadow, self.difference) = (served, shadow, difference)
        isOfLabels = json["isOfLabels"]?.boolean ?? false
    }
}

extension LatencyHistogram {
    /// Counts without the empty buckets behind the last.
    var json: JSONValue {
        let known = counts.lastIndex { $0 > 0 }.map { counts[...$0] } ?? []
        return .object([
            "counts": .array(known.map { .integer(Int($0)) }), "sum": .integer(Int(clamping: sum)),
        ])
    }

    init?(json: JSONValue) {
        guard let numbers = json["counts"]?.array, numbers.count <= counts.count, let sum = json["sum"]?.integer, sum >= 0 else {
            return nil
        }
        for (place, number) in numbers.enumerated() {
            guard let number = number.integer, let known = UInt32(exactly: number) else { return nil }
            counts[place] = known
            count += number
        }
        self.sum = UInt64(sum)
    }
}

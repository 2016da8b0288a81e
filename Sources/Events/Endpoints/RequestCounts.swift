import JSON

/// Requests that were answered in a stretch of time, and how long the model took for them.
public struct RequestCounts: Hashable, Sendable {
    /// Requests whose model took less than a bound, and not less than the one below.
    public struct Bucket: Hashable, Sendable {
        /// - Units: seconds.
        public var bound: Double
        public var count: Int

        public init(bound: Double, count: Int) { (self.bound, self.count) = (bound, count) }
    }

    public var invocations = 0
    /// Requests that were at fault, and those that failed here; what the model refused counts among them, and by itself.
    public var clientErrors = 0, serverErrors = 0, modelErrors = 0
    /// How long the model took for all of them together.
    /// - Units: seconds.
    public var modelSeconds = 0.0
    /// How long the model took, by ascending bound; those that nothing lies in are left out.
    public var latencies: [Bucket] = []

    public init() {}

    public var errors: Int { clientErrors + serverErrors }

    public mutating func add(_ other: RequestCounts) {
        invocations += other.invocations
        clientErrors += other.clientErrors
        serverErrors += other.serverErrors
        modelErrors += other.modelErrors
        modelSeconds += other.modelSeconds
        guard !other.latencies.isEmpty else { return }
        var counts: [Double: Int] = [:]
        for bucket in latencies + other.latencies { counts[bucket.bound, default: 0] += bucket.count }
        latencies = counts.sorted { $0.key < $1.key }.map { Bucket(bound: $0.key, count: $0.value) }
    }

    /// A time that a share of them does not exceed, to a fifth of it.
    /// - Parameter share: from 0 to 1.
    /// - Returns: seconds; nil where no model was asked.
    public func latency(_ share: Double) -> Double? {
        let count = latencies.reduce(0) { $0 + $1.count }
        guard count > 0 else { return nil }
        let wanted = share * Double(count)
        var seen = 0
        for bucket in latencies {
            seen += bucket.count
            if Double(seen) >= wanted { return bucket.bound }
        }
        return latencies.last?.bound
    }

    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        func add(_ name: String, _ count: Int) { if count > 0 { members.append(.init(name, .integer(count))) } }
        add("n", invocations)
        add("client", clientErrors)
        add("server", serverErrors)
        add("model", modelErrors)
        if modelSeconds > 0 { members.append(.init("seconds", .number(modelSeconds))) }
        if !latencies.isEmpty {
            members.append(.init("latencies", .array(latencies.flatMap { [.number($0.bound), .integer($0.count)] })))
        }
        return .object(members)
    }

    public init?(json: JSONValue) {
        guard json.members != nil else { return nil }
        func count(_ name: String) -> Int { max(0, json[name]?.integer ?? 0) }
        (invocations, clientErrors) = (count("n"), count("client"))
        (serverErrors, modelErrors) = (count("server"), count("model"))
        modelSeconds = json["seconds"]?.double ?? 0
        let pairs = json["latencies"]?.array ?? []
        for place in stride(from: 0, to: pairs.count - 1, by: 2) {
            guard let bound = pairs[place].double, bound.isFinite, bound > 0, let number = pairs[place + 1].integer, number > 0
            else { continue }
            latencies.append(Bucket(bound: bound, count: number))
        }
    }
}

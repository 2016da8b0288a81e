import JSON

/// How a deployment stands that is under way: its steps, and which of them is watched.
public struct RolloutStanding: Hashable, Sendable {
    /// As `EndpointUpdate.strategy`.
    public var strategy: String
    /// The new version's share after each step; the last is 1.
    public var shares: [Double]
    /// Which of the steps has been taken last.
    public var step: Int
    /// Whether all requests go to the new version, and the old one is only kept.
    public var isKeepingOld: Bool
    /// Since when it stands so, and when the next thing is due.
    /// - Units: seconds since 1970.
    public var since: Double, next: Double?
    /// Names of the alarms that bring the old version back.
    public var alarms: [String]

    public init(
        strategy: String, shares: [Double], step: Int, isKeepingOld: Bool, since: Double, next: Double?, alarms: [String]
    ) {
        (self.strategy, self.shares, self.step, self.isKeepingOld) = (strategy, shares, step, isKeepingOld)
        (self.since, self.next, self.alarms) = (since, next, alarms)
    }

    public var json: JSONValue {
        .object([
            "strategy": .string(strategy), "shares": .array(shares.map { .number($0) }), "step": .integer(step),
            "keepingOld": .boolean(isKeepingOld), "since": .number(since), "next": next.map { .number($0) },
            "alarms": .array(alarms.map { .string($0) }),
        ])
    }

    public init?(json: JSONValue) {
        guard let strategy = json["strategy"]?.string, let shares = json["shares"]?.array?.compactMap(\.double), !shares.isEmpty,
            let step = json["step"]?.integer, shares.indices.contains(step), let since = json["since"]?.double
        else { return nil }
        self.init(
            strategy: strategy, shares: shares, step: step, isKeepingOld: json["keepingOld"]?.boolean ?? false, since: since,
            next: json["next"]?.double, alarms: json["alarms"]?.array?.compactMap(\.string) ?? [])
    }
}

import JSON

/// What an endpoint is to become, and how carefully.
public struct EndpointUpdate: Hashable, Sendable {
    public var variants: [EndpointVariant]
    /// `all-at-once`, `canary`, `linear` or `rolling`.
    public var strategy: String
    /// The canary's share, or that of a step.
    /// - Range: 0 to 1.
    public var step: Double
    /// How long each step is watched, and how long the old version is kept after the last.
    /// - Units: seconds.
    public var wait: Double, terminationWait: Double
    /// Names of the alarms that bring the old version back.
    public var alarms: [String]
    /// How long nobody may call the endpoint until it is deleted, from now on; 0: for ever, nil: as before.
    /// - Units: seconds.
    public var idleDeleteSeconds: Double?
    /// Whether the new version gets traffic even where it fails on stored requests.
    public var isUnchecked = false

    public init(
        variants: [EndpointVariant], strategy: String, step: Double, wait: Double, terminationWait: Double, alarms: [String]
    ) {
        (self.variants, self.strategy, self.step) = (variants, strategy, step)
        (self.wait, self.terminationWait, self.alarms) = (wait, terminationWait, alarms)
    }

    public var json: JSONValue {
        .object([
            "variants": .array(variants.map(\.json)), "strategy": .string(strategy), "step": .number(step),
            "wait": .number(wait), "terminationWait": .number(terminationWait), "alarms": .array(alarms.map { .string($0) }),
            "idleDeleteSeconds": idleDeleteSeconds.map { .number($0) }, "unchecked": isUnchecked ? .boolean(true) : nil,
        ])
    }

    public init?(json: JSONValue) {
        guard let variants = json["variants"]?.array?.compactMap(EndpointVariant.init), !variants.isEmpty,
            let strategy = json["strategy"]?.string, let step = json["step"]?.double, let wait = json["wait"]?.double,
            let terminationWait = json["terminationWait"]?.double
        else { return nil }
        self.init(
            variants: variants, strategy: strategy, step: step, wait: wait, terminationWait: terminationWait,
            alarms: json["alarms"]?.array?.compactMap(\.string) ?? [])
        idleDeleteSeconds = json["idleDeleteSeconds"]?.double
        isUnchecked = json["unchecked"]?.boolean ?? false
    }
}

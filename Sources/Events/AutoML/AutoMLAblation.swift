import JSON

/// What each step of preparing features brings to the best single model of an AutoML job: its value on rows that it did not learn from,
/// beside that of the same model without the step.
public struct AutoMLAblation: Hashable, Sendable {
    public struct Line: Hashable, Sendable {
        /// Such as `date-parts`.
        public var step: String
        /// The candidate that leaves it out.
        public var model: String
        public var with: Double, without: Double
        /// How much better the model is with the step; negative where it is worse.
        public var gain: Double
    }

    /// The candidate that is compared with.
    public let base: String
    /// What brings most first.
    public let lines: [Line]

    /// nil where no candidate leaves a step out.
    public init?(_ record: AutoMLRecord, _ candidates: [AutoMLCandidate]) {
        guard let base = candidates.first(where: { $0.base != nil })?.base,
            let whole = candidates.first(where: { $0.name == base })?.value
        else { return nil }
        self.base = base
        lines = candidates.compactMap { one -> Line? in
            guard one.base == base, let step = one.without, let value = one.value else { return nil }
            let gain = record.objective.direction == .maximised ? whole - value : value - whole
            return Line(step: step, model: one.name, with: whole, without: value, gain: gain)
        }.sorted { ($1.gain, $0.step) < ($0.gain, $1.step) }
    }

    public var json: JSONValue {
        .object([
            "base": .string(base),
            "steps": .array(
                lines.map { line in
                    .object([
                        "step": .string(line.step), "model": .string(line.model), "with": .number(line.with),
                        "without": .number(line.without), "gain": .number(line.gain),
                    ])
                }),
        ])
    }
}

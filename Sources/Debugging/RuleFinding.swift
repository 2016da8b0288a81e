import Events

/// What a rule has found, and where.
public struct RuleFinding: Sendable, Hashable {
    public var alert: Alert
    /// Place in the stretch of the sample that was the last piece of evidence, by which findings of several rules are put in
    /// order; 0 where the evidence is no sample.
    public var place: Int

    public init(_ alert: Alert, at place: Int = 0) {
        self.alert = alert
        self.place = place
    }
}

/// What a rule has to see before it can say anything.
public struct RuleWait: Sendable, Hashable {
    public var have: Int
    public var need: Int
    /// What is counted, such as `evaluations`.
    public var what: String

    public init(_ have: Int, of need: Int, _ what: String) {
        self.have = have
        self.need = need
        self.what = what
    }

    /// `3 of 5 evaluations`.
    public func words(_ number: (Int) -> String) -> String { "\(number(have)) of \(number(need)) \(what)" }
}

/// What a rule has to see before it can say anything.
public struct RuleWait: Sendable, Hashable {
    public var have: Int
    public var need: Int
    /// What is counted, such as `evaluations`.
    public var what: String
    /// Whether it comes once, so that there is nothing to count.
    public var isOnce = false
    /// Why it may wait for ever, and what to do; nil where nothing points to that.
    public var hint: String?

    public init(_ have: Int, of need: Int, _ what: String) {
        self.have = have
        self.need = need
        self.what = what
    }

    /// What comes once, such as `the run's end`.
    public static func once(_ what: String) -> RuleWait {
        var wait = RuleWait(0, of: 1, what)
        wait.isOnce = true
        return wait
    }

    /// The end of the run.
    public static let end = once("the run's end")

    /// `3 of 5 evaluations`; of what comes once `the run's end`.
    public func words(_ number: (Int) -> String) -> String {
        (isOnce ? what : "\(number(have)) of \(number(need)) \(what)") + (hint.map { ": \($0)" } ?? "")
    }
}

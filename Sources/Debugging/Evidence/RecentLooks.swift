import Events

/// Of the newest looks enough were ill.
struct RecentLooks {
    private let needed: Int, window: Int
    private var newest: [Bool] = []
    private(set) var count = 0

    /// - Parameters:
    ///   - needed: how many have to be ill.
    ///   - window: of how many.
    init(_ needed: Int, of window: Int) { (self.needed, self.window) = (needed, window) }

    /// What is still to be seen before it can say anything.
    func waits(_ what: String) -> RuleWait? { count < needed ? RuleWait(count, of: needed, what) : nil }

    /// - Returns: whether enough are ill, with this one.
    mutating func add(isIll: Bool) -> Bool {
        count = min(count + 1, window)
        newest.append(isIll)
        if newest.count > window { newest.removeFirst() }
        return newest.count { $0 } >= needed
    }

    mutating func forget() { newest = [] }
}

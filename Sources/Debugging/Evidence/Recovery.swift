/// Whether what was found is gone: when enough looks in a row were well.
///
/// Each time that it is found again, twice as many looks are needed for either answer, so that what comes and goes is told a few times
/// and not for ever.
struct Recovery {
    private(set) var isRaised = false
    private var wellCount = 0
    private var times = 0
    private let looks: Int

    /// - Parameter looks: how many looks in a row are enough the first time.
    init(after looks: Int) { self.looks = looks }

    /// How many looks that are ill a finding needs now, where it needs some number the first time.
    func patience(_ first: Int) -> Int { first << times }

    mutating func raise() { (isRaised, wellCount) = (true, 0) }

    /// - Returns: whether that was the last look needed: what was found is gone.
    mutating func look(isWell: Bool) -> Bool {
        guard isRaised else { return false }
        wellCount = isWell ? wellCount + 1 : 0
        guard wellCount >= looks << times else { return false }
        clear()
        return true
    }

    /// What was found is gone for certain.
    mutating func clear() {
        isRaised = false
        times = min(times + 1, 16)
    }
}

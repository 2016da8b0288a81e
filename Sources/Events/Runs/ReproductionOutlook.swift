/// What is known, before a run is run again, about how it will come out.
public struct ReproductionOutlook: Sendable, Hashable {
    public var run: RunID
    /// Why it cannot be run again at all: what happened, what to do.
    public var obstacles: [String]
    /// Why the result cannot be expected to be the same.
    public var differences: [String]
    /// What is done as it was, and is worth knowing.
    public var notes: [String]

    public init(run: RunID, obstacles: [String] = [], differences: [String] = [], notes: [String] = []) {
        self.run = run
        self.obstacles = obstacles
        self.differences = differences
        self.notes = notes
    }
}

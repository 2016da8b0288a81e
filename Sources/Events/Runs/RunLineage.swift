/// Where a run comes from and what came of it: the links that the workspace has of it.
public struct RunLineage: Hashable, Sendable {
    /// A link with what its other end is called.
    public struct Entry: Hashable, Sendable {
        public var link: Link
        /// Such as `DataOrder of adam` for an alert; the id of what is gone.
        public var name: String

        public init(_ link: Link, name: String) {
            self.link = link
            self.name = name
        }
    }

    /// What led to the run, oldest first.
    public var sources: [Entry]
    /// What the run led to, and after that what its alerts led to, each oldest first.
    public var results: [Entry]

    public init(sources: [Entry] = [], results: [Entry] = []) {
        self.sources = sources
        self.results = results
    }
}

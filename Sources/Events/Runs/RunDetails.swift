/// What only the workspace knows about a run: the files it left, what happened to it and what it is linked with.
public struct RunDetails: Hashable, Sendable {
    /// A file in the run's folder.
    public struct File: Hashable, Sendable {
        public var name: String
        public var byteCount: Int
        /// When it was last written, in seconds since 1970.
        public var modifiedAt: Double

        public init(name: String, byteCount: Int, modifiedAt: Double) {
            self.name = name
            self.byteCount = byteCount
            self.modifiedAt = modifiedAt
        }
    }

    /// How far a run's recorded events were read: a later reading goes on from there, if what was read is still there.
    public struct Place: Hashable, Sendable {
        /// The last event's number in the workspace.
        public var id: Int
        /// Events up to it.
        public var count: Int
        /// When the last one happened, in seconds since 1970.
        public var time: Double

        public init(id: Int, count: Int, time: Double) {
            self.id = id
            self.count = count
            self.time = time
        }

        /// Nothing was read yet.
        public static let beginning = Place(id: 0, count: 0, time: 0)
    }

    /// So many files are listed at most.
    public static let mostFiles = 1_000

    public var run: RunID
    /// The run's folder.
    public var folder: String
    /// What is in it and below it, by name.
    public var files: [File]
    /// The run's lifecycle events, oldest first: those after `start`.
    public var events: [StudioEvent]
    public var lineage: RunLineage
    /// What is wrong with it, by cause.
    public var diagnoses: [Diagnosis] = []
    public var start: Place
    public var end: Place

    public init(
        run: RunID, folder: String, files: [File], events: [StudioEvent], lineage: RunLineage = RunLineage(),
        start: Place = .beginning, end: Place = .beginning
    ) {
        self.run = run
        self.folder = folder
        self.files = files
        self.events = events
        self.lineage = lineage
        self.start = start
        self.end = end
    }

    /// What is known together with what was read after it.
    public func following(_ known: RunDetails?) -> RunDetails {
        guard let known, known.run == run, start != .beginning, start == known.end else { return self }
        var all = self
        all.events = known.events + events
        all.start = known.start
        return all
    }
}

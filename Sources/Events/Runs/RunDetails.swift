/// What only the workspace knows about a run: the files it left and everything that happened to it.
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

    public var run: RunID
    /// The run's folder.
    public var folder: String
    /// What is in it, by name.
    public var files: [File]
    /// The run's lifecycle events, oldest first.
    public var events: [StudioEvent]

    public init(run: RunID, folder: String, files: [File], events: [StudioEvent]) {
        self.run = run
        self.folder = folder
        self.files = files
        self.events = events
    }
}

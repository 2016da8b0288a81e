/// Names a data set: the fingerprint of its bytes, 16 hexadecimal digits. Files with equal content are one data set.
public struct DatasetID: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init(_ text: String) { self.text = text }

    public var description: String { text }
    public var entity: EntityReference { EntityReference(.dataset, text) }
}

/// What a workspace knows of a data set: content that was read once, wherever it lay.
public struct DatasetSummary: Hashable, Sendable {
    public var id: DatasetID
    public var labels: EntityLabels
    /// Seconds since 1970.
    public var firstSeen: Double
    public var lastSeen: Double
    /// nil until somebody looked.
    public var byteCount: Int?
    public var rowCount: Int?
    /// nil until the file was profiled: who trains on it does not need one.
    public var profile: DatasetProfile?
    /// What the user says about reading it, by read option: it is profiled and trained on with that.
    public var reading: [String: String]
    /// Where it was seen, newest first.
    public var places: [DatasetPlace]

    public init(
        id: DatasetID, labels: EntityLabels, firstSeen: Double, lastSeen: Double, byteCount: Int? = nil, rowCount: Int? = nil,
        profile: DatasetProfile? = nil, reading: [String: String] = [:], places: [DatasetPlace] = []
    ) {
        self.id = id
        self.labels = labels
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.byteCount = byteCount
        self.rowCount = rowCount
        self.profile = profile
        self.reading = reading
        self.places = places
    }

    /// Where to read it: a place where it still lies, as far as is known, else where it lay last; nil when other data took its place
    /// everywhere, which makes it an older version.
    public var place: DatasetPlace? {
        let own = places.filter { !$0.isSuperseded }
        return own.min { $0.state.rank < $1.state.rank }
    }
}

/// A path at which a data set was seen.
public struct DatasetPlace: Hashable, Sendable {
    /// Whether the data set still lies there, as far as the file's stamp tells.
    public enum State: Hashable, Sendable {
        /// The file is as it was.
        case unchanged
        /// There is a file, and nobody knows whether it is the same one: only reading it tells.
        case unsure
        /// It cannot be read as data any more, and why.
        case unreadable(String)
        case changed
        case gone

        /// Less is better.
        var rank: Int {
            switch self {
            case .unchanged: 0
            case .unsure: 1
            case .unreadable: 2
            case .changed: 3
            case .gone: 4
            }
        }
    }

    public var path: String
    /// Seconds since 1970.
    public var lastSeen: Double
    /// The file's, when it was read; nil when it may have been changed meanwhile.
    public var stamp: DataFileStamp?
    /// Whether other data was seen there later.
    public var isSuperseded: Bool
    public var state: State

    public init(
        path: String, lastSeen: Double, stamp: DataFileStamp? = nil, isSuperseded: Bool = false, state: State = .unsure
    ) {
        self.path = path
        self.lastSeen = lastSeen
        self.stamp = stamp
        self.isSuperseded = isSuperseded
        self.state = state
    }
}

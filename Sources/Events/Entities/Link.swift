import JSON

/// Where something comes from: one of a workspace's things led to another. Reads from its end: `to` was trained on `from`.
public struct Link: Hashable, Sendable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// From a data set to a run that learned from it; with the `path` it was read from.
        case trainedOn
        /// From a data set to a run that was judged by it; with the `path` it was read from.
        case validatedOn
        /// From a run to one that goes on from one of its checkpoints; with the `step`.
        case forkedFrom
        /// From a run to one that does it again.
        case reproduces
        /// From an alert to the run that was started to mend what it found.
        case remedies
        /// From a run to a simple one that was started beside it, to be beaten.
        case baselineOf
    }

    public var kind: Kind
    public var from: EntityReference
    public var to: EntityReference
    /// When it came about, in seconds since 1970.
    public var createdAt: Double
    /// What else there is to know; an object.
    public var detail: JSONValue?

    public init(_ kind: Kind, from: EntityReference, to: EntityReference, createdAt: Double, detail: JSONValue? = nil) {
        self.kind = kind
        self.from = from
        self.to = to
        self.createdAt = createdAt
        self.detail = detail
    }
}

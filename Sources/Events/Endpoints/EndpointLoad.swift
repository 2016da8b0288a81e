/// A load of the user's own on an endpoint: requests that are sent to see what it does under them.
public struct EndpointLoad: Hashable, Sendable {
    /// What is sent.
    public enum Source: Hashable, Sendable {
        /// What was captured of the endpoint's requests.
        case captured
        /// The rows of a file, a request each.
        case file(String)
    }

    /// The endpoint's id.
    public var endpoint: String
    public var source: Source
    /// Requests a second.
    /// - Range: 1 to `mostRate`.
    public var rate: Double
    /// How long it goes on.
    /// - Range: 1 to `mostSeconds`.
    public var seconds: Double

    public static let mostRate = 2000.0, mostSeconds = 3600.0

    public init(endpoint: String, source: Source, rate: Double, seconds: Double) {
        (self.endpoint, self.source, self.rate, self.seconds) = (endpoint, source, rate, seconds)
    }
}

/// How such a load comes on.
public struct EndpointLoadStanding: Hashable, Sendable {
    public var load: EndpointLoad
    /// What is sent, in words: `captured: 120 requests`.
    public var source: String
    /// Requests that were answered, those of them whose answer was no good, and those that got none.
    public var answered = 0, refused = 0, unanswered = 0
    /// - Units: seconds since it began.
    public var elapsed = 0.0
    /// Why it is over, in words; empty while it goes on.
    public var ending = ""

    public init(_ load: EndpointLoad, source: String) { (self.load, self.source) = (load, source) }

    public var isOver: Bool { !ending.isEmpty }
}

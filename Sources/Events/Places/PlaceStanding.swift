/// How a place that the studio is attached to is reached just now.
public struct PlaceStanding: Hashable, Sendable {
    public enum Link: Hashable, Sendable {
        case connecting
        case connected
        /// Nothing is heard of it.
        /// - Parameters:
        ///   - since: when it was last heard of, in seconds since 1970; nil = not since the studio was opened.
        ///   - nextTry: when it is tried again, in seconds since 1970; nil = it is being tried.
        ///   - why: in words for the user.
        case away(since: Double?, nextTry: Double?, why: String)
    }

    /// What it is called here, such as `gpu1`.
    public var name: String
    /// How the user named it, such as `ssh://gpu1`.
    public var address: String
    public var link: Link

    public init(name: String, address: String, link: Link) {
        (self.name, self.address, self.link) = (name, address, link)
    }

    /// Whether what is shown of it may not be so any more.
    public var isStale: Bool { link != .connected }
}

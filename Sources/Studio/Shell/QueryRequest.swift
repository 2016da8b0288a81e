/// A query that was asked, with its number.
public struct QueryRequest: Hashable, Sendable {
    /// Counts the queries of a session.
    package let id: Int
    package let query: any StudioQuery

    public static func == (left: QueryRequest, right: QueryRequest) -> Bool {
        left.id == right.id && left.query.isEqual(to: right.query)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// What came of a query.
public struct QueryAnswer: Sendable {
    package enum Outcome: Sendable {
        /// What is known already; more follows.
        case part(any Sendable)
        case whole(any Sendable)
        /// Why there is no answer.
        case refused(String)
        /// Nobody wanted to know any more.
        case cancelled
    }

    package let request: QueryRequest
    package let outcome: Outcome

    package init(to request: QueryRequest, _ outcome: Outcome) {
        self.request = request
        self.outcome = outcome
    }
}

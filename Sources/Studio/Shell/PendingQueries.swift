/// The queries that were asked and are not answered yet: at most one a slot.
struct PendingQueries: Sendable {
    private struct Pending {
        var request: QueryRequest
        /// Whether it was asked for again since.
        var isOutdated = false
    }

    private var pending: [QuerySlot: Pending] = [:]
    private var count = 0

    /// The request to send for a query; nil when the same one is being answered already.
    mutating func request(_ query: some StudioQuery) -> QueryRequest? {
        let slot = query.slot
        if let waiting = pending[slot], query.isEqual(to: waiting.request.query) {
            pending[slot]?.isOutdated = type(of: query).isLive
            return nil
        }
        count += 1
        let request = QueryRequest(id: count, query: query)
        pending[slot] = Pending(request: request)
        return request
    }

    /// The query of a slot that is not answered yet.
    func waiting(_ slot: QuerySlot) -> QueryRequest? { pending[slot]?.request }

    /// Whether an answer is still wanted.
    func wants(_ answer: QueryAnswer) -> Bool { pending[answer.request.query.slot]?.request.id == answer.request.id }

    /// Notes that a query is answered.
    /// - Returns: whether it was asked for again meanwhile.
    mutating func finish(_ request: QueryRequest) -> Bool {
        pending.removeValue(forKey: request.query.slot)?.isOutdated ?? false
    }

    /// Forgets a slot's query, whose answer nobody wants any more.
    var isEmpty: Bool { pending.isEmpty }

    mutating func cancel(_ slot: QuerySlot) -> QueryRequest? { pending.removeValue(forKey: slot)?.request }
}

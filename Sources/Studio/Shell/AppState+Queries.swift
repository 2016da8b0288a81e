extension AppState {
    /// Asks something; what came of it is taken in by the query itself.
    mutating func ask(_ query: some StudioQuery) -> [Effect] {
        assert(QueryList.all.contains { $0 == type(of: query) }, "\(type(of: query)) is missing in QueryList")
        return queries.request(query).map { [.ask($0)] } ?? []
    }

    /// Nobody wants to know any more.
    mutating func cancel(_ slot: QuerySlot) -> [Effect] { queries.cancel(slot).map { [.cancel($0)] } ?? [] }

    /// Takes in an answer; one to a query whose place another has taken is dropped.
    mutating func take(_ answer: QueryAnswer) -> [Effect] {
        guard queries.wants(answer) else { return [] }
        needsRedraw = true
        let query = answer.request.query
        switch answer.outcome {
        case .part(let value): return query.take(any: value, into: &self)
        case .cancelled: return queries.finish(answer.request) ? askAgain(query) : []
        case .refused(let message):
            _ = queries.finish(answer.request)
            return query.refuse(message, in: &self)
        case .whole(let value):
            let isOutdated = queries.finish(answer.request)
            let effects = query.take(any: value, into: &self)
            return isOutdated ? effects + askAgain(query) : effects
        }
    }

    /// The answer to the query that its slot waits for, which is asked now if there is none: how a recorded session is replayed.
    package mutating func answer<Query: StudioQuery>(to query: Query, _ answer: Query.Answer) -> QueryAnswer {
        if !(queries.waiting(query.slot)?.query.isEqual(to: query) ?? false) { _ = ask(query) }
        guard let request = queries.waiting(query.slot) else { preconditionFailure("\(query) was asked and does not wait") }
        return QueryAnswer(to: request, .whole(answer))
    }

    private mutating func askAgain(_ query: some StudioQuery) -> [Effect] { query.renewed(in: self).map { ask($0) } ?? [] }
}

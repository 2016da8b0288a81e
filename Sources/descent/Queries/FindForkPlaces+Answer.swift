import Events
import Studio

extension FindForkPlaces: AnsweredQuery {
    func answer(_ work: QueryWork<ForkPlaces>) throws -> ForkPlaces { try work.engine.forkPlaces(run, in: work.store) }
}

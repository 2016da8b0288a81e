import Events
import Studio

extension FindForkPlaces: AnsweredQuery {
    func answer(_ work: QueryWork<ForkPlaces>) throws -> ForkPlaces {
        if let attachments = work.attachments {
            return FarAnswers.forkPlaces(try attachments.ask(.forkPlaces(run), in: work.store))
        }
        return try work.engine.forkPlaces(run, in: work.store)
    }
}

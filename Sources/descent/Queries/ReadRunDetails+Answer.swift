import Events
import Studio

extension ReadRunDetails: AnsweredQuery {
    func answer(_ work: QueryWork<RunDetails>) throws -> RunDetails { try work.engine.details(run, after: known, in: work.store) }
}

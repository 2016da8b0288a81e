import Events
import Studio

extension ReadRunDetails: AnsweredQuery {
    func answer(_ work: QueryWork<RunDetails>) throws -> RunDetails {
        var details = try work.engine.details(run, after: known, in: work.store)
        if let attachments = work.attachments { details.files = try attachments.files(of: run, in: work.store) }
        return details
    }
}

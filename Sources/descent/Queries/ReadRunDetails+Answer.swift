import Events
import Studio

extension ReadRunDetails: AnsweredQuery {
    func answer(_ work: QueryWork<RunDetails>) throws -> RunDetails {
        var details = try work.engine.details(run, after: known, in: work.store)
        if let attachments = work.attachments { details.files = try attachments.files(of: run, in: work.store) }
        if let record = try work.store.run(run)?.record { details.diagnoses = try DebugDiagnosis.all(of: record, work.store) }
        return details
    }
}

import Events
import Studio

extension InspectReproduction: AnsweredQuery {
    func answer(_ work: QueryWork<ReproductionOutlook>) throws -> ReproductionOutlook {
        if let attachments = work.attachments {
            return FarAnswers.outlook(try attachments.ask(.outlook(run), in: work.store), of: run)
        }
        return try work.engine.reproduction(of: run, in: try work.store).outlook
    }
}

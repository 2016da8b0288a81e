import Events
import Studio

extension InspectReproduction: AnsweredQuery {
    func answer(_ work: QueryWork<ReproductionOutlook>) throws -> ReproductionOutlook {
        try work.engine.reproduction(of: run, in: try work.store).outlook
    }
}

import Events
import Studio

extension ReadRuns: AnsweredQuery {
    func answer(_ work: QueryWork<[RunSummary]>) throws -> [RunSummary] { try work.store.runs() }
}

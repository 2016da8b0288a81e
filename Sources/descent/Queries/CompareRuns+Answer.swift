import Events
import Studio

extension CompareRuns: AnsweredQuery {
    func answer(_ work: QueryWork<RunComparison>) throws -> RunComparison {
        work.engine.flush()
        let found = try runs.compactMap { try work.store.run($0) }
        guard found.count == runs.count else {
            throw CommandError.failed("one of the runs to compare is gone from the workspace: mark others")
        }
        let others = try siblings.compactMap { try work.store.run($0) }
        let comparison = try ComparisonWork.recorded(found, siblings: others, work.store)
        work.tell(comparison)
        guard work.isWanted() else { throw QueryCancelled() }
        let complete = ComparisonWork.complete(comparison, found, work.engine.workspace)
        work.tell(complete)
        guard work.isWanted() else { throw QueryCancelled() }
        return ComparisonCauses.adding(to: complete, found, work.engine.workspace, isWanted: work.isWanted) ?? complete
    }
}

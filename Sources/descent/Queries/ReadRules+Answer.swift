import Events
import Studio

extension ReadRules: AnsweredQuery {
    func answer(_ work: QueryWork<[RuleReport]>) throws -> [RuleReport] {
        work.engine.flush()
        guard let summary = try work.store.run(run) else { return [] }
        return try DebugCommands.reports(of: summary, work.store)
    }
}

import Events
import Studio
import Training

extension FindImportance: AnsweredQuery {
    func answer(_ work: QueryWork<ParameterImportance>) throws -> ParameterImportance {
        work.engine.flush()
        let found = try runs.compactMap { try work.store.run($0) }
        do throws(TrainingError) { return try ImportanceComparing.importance(of: found) } catch {
            throw CommandError.failed(error.message)
        }
    }
}

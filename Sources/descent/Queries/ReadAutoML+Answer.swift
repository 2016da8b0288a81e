import Events
import Experiments
import Studio

extension ReadAutoML: AnsweredQuery {
    func answer(_ work: QueryWork<AutoMLStanding?>) throws -> AutoMLStanding? {
        let store = try work.store.automls
        return try store.all().first { $0.id == automl }.map {
            AutoMLStanding(
                record: $0, candidates: try store.candidates(of: $0.id),
                exploration: ExplorationFile.read(from: work.engine.workspace.artifactFolder(of: $0.id)))
        }
    }
}

extension ReadModelInsights: AnsweredQuery {
    func answer(_ work: QueryWork<ModelInsights>) throws -> ModelInsights {
        work.engine.flush()
        let store = try work.store, workspace = work.engine.workspace
        switch subject {
        case .run(let id):
            guard let run = try store.run(id) else { throw CommandError.failed("the run is gone from the workspace") }
            return try InsightsReading.insights(of: run.record, in: workspace)
        case .automl(let id):
            let record = try store.automls.automl(named: id)
            return try InsightsReading.insights(of: record, try store.automls.candidates(of: id), store, in: workspace)
        }
    }
}

extension ReadAutoMLs: AnsweredQuery {
    func answer(_ work: QueryWork<[AutoMLStanding]>) throws -> [AutoMLStanding] {
        let store = try work.store.automls
        return try store.all().map { AutoMLStanding(record: $0, candidates: try store.candidates(of: $0.id)) }
    }
}

import Events
import Experiments
import Studio

extension ReadAutoML: AnsweredQuery {
    func answer(_ work: QueryWork<AutoMLStanding?>) throws -> AutoMLStanding? {
        let store = try work.store.automls
        return try store.all().first { $0.id == automl }.map {
            AutoMLStanding(record: $0, candidates: try store.candidates(of: $0.id))
        }
    }
}

extension ReadAutoMLs: AnsweredQuery {
    func answer(_ work: QueryWork<[AutoMLStanding]>) throws -> [AutoMLStanding] {
        let store = try work.store.automls
        return try store.all().map { AutoMLStanding(record: $0, candidates: try store.candidates(of: $0.id)) }
    }
}

import Events
import Experiments
import Studio

extension ReadVersions: AnsweredQuery {
    func answer(_ work: QueryWork<[DatasetVersion]>) throws -> [DatasetVersion] { try work.store.datasets.versions(at: path) }
}

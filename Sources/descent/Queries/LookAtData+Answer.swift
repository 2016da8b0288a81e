import Events
import Experiments
import Studio

extension LookAtData: AnsweredQuery {
    func answer(_ work: QueryWork<DatasetPlace.State?>) throws -> DatasetPlace.State? {
        let place = try work.store.datasets.dataset(dataset)?.lookedAt().places.first { $0.path == path }
        // Other data was seen there since.
        return place.map { $0.isSuperseded ? .changed : $0.state }
    }
}

import Databases
import Events

/// The stores that hear what happens to the runs of a workspace. A new feature with tables adds a line here, beside that of its
/// migration in `MigrationList.workspace`.
struct FeatureStoreList {
    static let types: [any FeatureStore.Type] = [
        RunTables.self, LinkStore.self, DatasetStore.self, QueueStore.self, MirrorStore.self, TensorStore.self,
        NoticeStore.self, TrackingStore.self,
    ]

    private let stores: [any FeatureStore]

    init(_ database: Database) { stores = Self.types.map { $0.init(database) } }

    func fold(_ event: StudioEvent, of record: RunRecord?, change: Int) throws(StoreError) {
        for store in stores { try store.fold(event, of: record, change: change) }
    }

    func recover(_ record: RunRecord, change: Int) throws(StoreError) {
        for store in stores { try store.recover(record, change: change) }
    }

    func forget(_ run: RunID) throws(StoreError) {
        for store in stores { try store.forget(run) }
    }

    func forget(_ run: RunID, afterStep step: Int) throws(StoreError) {
        for store in stores { try store.forget(run, afterStep: step) }
    }

    func removeOrphans() throws(StoreError) {
        for store in stores { try store.removeOrphans() }
    }
}

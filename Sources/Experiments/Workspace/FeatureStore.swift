import Databases
import Events

/// What a feature keeps in tables of its own, and what becomes of their rows when something happens to a run. All of it is called
/// inside a transaction that the caller holds.
protocol FeatureStore: SendableMetatype {
    /// Tables whose rows concern only processes that run: nothing of them is brought back from a damaged database.
    static var passingTables: Set<String> { get }

    init(_ database: Database)

    /// Keeps what an event says. Called for every event that is kept, in the transaction that keeps it.
    /// - Parameters:
    ///   - record: that of the event's run, the event folded in; nil when the event is about none.
    ///   - change: the transaction's number, for rows that others read when they have changed.
    func fold(_ event: StudioEvent, of record: RunRecord?, change: Int) throws(StoreError)

    /// Keeps what the record of a run says that is brought back from its files.
    func recover(_ record: RunRecord, change: Int) throws(StoreError)

    /// Forgets a run that is removed for good.
    func forget(_ run: RunID) throws(StoreError)

    /// Forgets what a run recorded after a step, since it goes on from there.
    func forget(_ run: RunID, afterStep step: Int) throws(StoreError)

    /// Removes the rows of runs that are not there: they did not come back from a damaged database.
    func removeOrphans() throws(StoreError)
}

extension FeatureStore {
    static var passingTables: Set<String> { [] }

    func fold(_ event: StudioEvent, of record: RunRecord?, change: Int) throws(StoreError) {}
    func recover(_ record: RunRecord, change: Int) throws(StoreError) {}
    func forget(_ run: RunID) throws(StoreError) {}
    func forget(_ run: RunID, afterStep step: Int) throws(StoreError) {}
    func removeOrphans() throws(StoreError) {}
}

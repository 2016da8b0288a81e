import Databases
import Events

/// What somebody is to be told. A change of these rows is none of a run: screens read nothing anew for it.
extension RunStore {
    private var notices: NoticeStore { NoticeStore(database) }

    /// Notes that somebody is to be told, once however often it is asked for.
    /// - Returns: whether it is new. Nothing is noted of a run that the workspace does not have.
    public func add(_ notice: PendingNotice) throws(StoreError) -> Bool {
        try database.transaction { () throws(StoreError) in try notices.add(notice) }
    }

    /// What is still to be sent by this process, or was by one that is gone; the oldest first.
    public func openNotices() throws(StoreError) -> [PendingNotice] { try notices.open() }

    /// All notices of a run, the oldest first.
    public func notices(of run: RunID) throws(StoreError) -> [PendingNotice] { try notices.all(of: run) }

    /// Makes notices that are told together this process's, in one step for all who might.
    public func take(_ ids: [String], as delivery: String) throws(StoreError) -> Bool {
        try database.transaction { () throws(StoreError) in try notices.take(ids, as: delivery) }
    }

    /// Notes that they were sent, or are given up.
    public func end(notices ids: [String], as state: PendingNotice.State, at time: Double) throws(StoreError) {
        try database.transaction { () throws(StoreError) in try notices.end(ids, as: state, at: time) }
    }

    /// Has them wait.
    public func postpone(
        notices ids: [String], until time: Double, isHeld: Bool = false, hasFailed: Bool = false
    ) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            try notices.postpone(ids, until: time, isHeld: isHeld, hasFailed: hasFailed)
        }
    }

    /// When a channel told something since a time.
    public func noticeTimes(of channel: String, since time: Double) throws(StoreError) -> [Double] {
        try notices.times(of: channel, since: time)
    }
}

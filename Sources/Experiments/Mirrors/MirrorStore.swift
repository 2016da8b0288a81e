import Databases
import Events

/// Which runs of this workspace are another one's, and what they are called there.
struct MirrorStore: FeatureStore {
    private let database: Database

    init(_ database: Database) { self.database = database }

    func forget(_ run: RunID) throws(StoreError) { try database.run("DELETE FROM mirrored WHERE run = ?", [.text(run.text)]) }

    /// What a run of a place is called here: as there, unless a run of another place is called so. Once given, it stays.
    /// Call it in a transaction.
    func local(_ remote: RunID, of place: String) throws(StoreError) -> RunID {
        let known = try database.rows(
            "SELECT run FROM mirrored WHERE place = ? AND remote = ?", [.text(place), .text(remote.text)]
        ) { RunID($0.text(0)) }
        if let known = known.first { return known }
        var run = remote, number = 1
        while try isTaken(run) {
            run = RunID(number == 1 ? "\(remote.text)-\(place)" : "\(remote.text)-\(place)-\(number)")
            number += 1
        }
        try database.run("INSERT INTO mirrored VALUES (?, ?, ?)", [.text(run.text), .text(place), .text(remote.text)])
        return run
    }

    private func isTaken(_ run: RunID) throws(StoreError) -> Bool {
        let sql = "SELECT 1 FROM mirrored WHERE run = ?1 UNION SELECT 1 FROM runs WHERE id = ?1"
        return try !database.rows(sql, [.text(run.text)]) { $0.integer(0) }.isEmpty
    }

    /// The place that a run is shown from, and what it is called there; nil for a run of this workspace.
    func remote(_ run: RunID) throws(StoreError) -> (place: String, run: RunID)? {
        try database.rows("SELECT place, remote FROM mirrored WHERE run = ?", [.text(run.text)]) {
            ($0.text(0), RunID($0.text(1)))
        }.first
    }

    /// The runs of a place, by what they are called there.
    func runs(of place: String) throws(StoreError) -> [RunID: RunID] {
        let rows = try database.rows("SELECT remote, run FROM mirrored WHERE place = ?", [.text(place)]) {
            (RunID($0.text(0)), RunID($0.text(1)))
        }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }
}

extension RunStore {
    var mirrored: MirrorStore { MirrorStore(database) }

    /// The place that a run is shown from, and what it is called there; nil for a run of this workspace.
    public func remote(_ run: RunID) throws(StoreError) -> (place: String, run: RunID)? { try mirrored.remote(run) }

    /// Whether runs of other places are shown in this workspace.
    public func isMirror() throws(StoreError) -> Bool {
        try !database.rows("SELECT 1 FROM places LIMIT 1") { $0.integer(0) }.isEmpty
    }

    /// Whether a place that is shown here has a host for its queue.
    public func hasHostElsewhere() throws(StoreError) -> Bool {
        try !database.rows("SELECT 1 FROM places WHERE has_host = 1 LIMIT 1") { $0.integer(0) }.isEmpty
    }
}

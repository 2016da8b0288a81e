import Databases
import Events
import Files
import JSON

/// What is written of data sets when they are read, inside a transaction that the caller holds.
extension DatasetStore {
    /// Keeps what an event says about data: that a file was opened, or that a run read its own. Either takes the data set out of the
    /// bin.
    /// - Parameter record: that of the event's run, if it has one.
    func fold(_ event: StudioEvent, of record: RunRecord?, change: Int) throws(StoreError) {
        switch event.kind {
        case .dataset(.profiled(let profile)) where !profile.fingerprint.isEmpty:
            let place = DatasetPlace(path: profile.path, lastSeen: event.wallTime, stamp: profile.stamp)
            try see(DatasetID(profile.fingerprint), at: place, change: change)
            try writeProfile(profile, change: change)
            if let options = profile.options { try write(options, on: profile.fingerprint) }
        case .job(.trainingDataSummarised):
            if let record { try see(dataOf: record, at: event.wallTime, change: change) }
        // A script's data is handed over, and not looked at.
        case .run(.registered(let record)) where record.request.isScript:
            try see(dataOf: record, at: event.wallTime, change: change)
        default: break
        }
    }

    func recover(_ record: RunRecord, change: Int) throws(StoreError) {
        try see(dataOf: record, at: record.createdAt, change: change)
    }

    /// Keeps which data a run read.
    /// - Parameter time: when that was, in seconds since 1970.
    func see(dataOf record: RunRecord, at time: Double, change: Int) throws(StoreError) {
        for use in record.dataUses {
            // What was not touched since before the run was asked for is what the run has read.
            let stamp = DataFileStamp(at: use.path, untouchedSince: record.createdAt)
            try see(DatasetID(use.fingerprint), at: DatasetPlace(path: use.path, lastSeen: time, stamp: stamp), change: change)
        }
    }

    private func see(_ id: DatasetID, at place: DatasetPlace, change: Int) throws(StoreError) {
        if try names.labels(of: id.text) == nil {
            let file = place.path.split(separator: "/").last.map(String.init) ?? id.text
            // What was said about reading the file holds when there are other data in it.
            try database.run(
                """
                INSERT INTO known_datasets (id, name, created_at, last_seen, change, reading)
                    VALUES (?2, ?3, ?4, ?4, ?5, (\(Self.readingAtPath)))
                """,
                [
                    .text(place.path), .text(id.text), .text(try names.free(like: EntityEdit.usable(file, else: "data"))),
                    .real(place.lastSeen), .integer(change),
                ])
        }
        try database.run(
            """
            UPDATE known_datasets SET last_seen = max(last_seen, ?), is_deleted = 0, byte_count = coalesce(?, byte_count),
                change = ? WHERE id = ?
            """,
            [.real(place.lastSeen), .optional(place.stamp?.byteCount), .integer(change), .text(id.text)])
        try database.run(
            """
            INSERT INTO dataset_places (dataset, path, last_seen) VALUES (?1, ?2, ?3)
            ON CONFLICT(dataset, path) DO UPDATE SET last_seen = max(last_seen, ?3)
            """,
            [.text(id.text), .text(place.path), .real(place.lastSeen)])
        try writeStamp(place.stamp, of: id, at: place.path)
    }

    func writeStamp(_ stamp: DataFileStamp?, of id: DatasetID, at path: String) throws(StoreError) {
        try database.run(
            "UPDATE dataset_places SET byte_count = ?, modified = ? WHERE dataset = ? AND path = ?",
            [.optional(stamp?.byteCount), .optional(stamp?.modified), .text(id.text), .text(path)])
    }

    private func write(_ options: [String: String], on id: String) throws(StoreError) {
        try database.run(
            "UPDATE known_datasets SET reading = ? WHERE id = ?",
            [options.isEmpty ? .null : .text(JSONValue(options).text), .text(id)])
    }

    func writeProfile(_ profile: DatasetProfile, change: Int) throws(StoreError) {
        try database.run(
            "UPDATE known_datasets SET profile = ?, byte_count = ?, row_count = ?, change = ? WHERE id = ?",
            [
                .text(profile.json.text), .integer(profile.byteCount), .integer(profile.rowCount), .integer(change),
                .text(profile.fingerprint),
            ])
    }
}

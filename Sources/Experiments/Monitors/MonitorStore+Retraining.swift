import Databases
import Events

// Models that are trained again. Commands, the studio and monitors write down that one is wanted; the host alone carries it on.
extension MonitorStore {
    /// Those of an endpoint's model, the newest first.
    public func retrainings(of endpoint: String) throws(StoreError) -> [RetrainingRecord] {
        try database.rows(
            "SELECT body FROM monitor_retrainings WHERE endpoint = ? ORDER BY rowid DESC", [.text(endpoint)]
        ) { Self.read($0.text(0), RetrainingRecord.init) }.compactMap { $0 }
    }

    public func retraining(id: String) throws(StoreError) -> RetrainingRecord? {
        try database.rows("SELECT body FROM monitor_retrainings WHERE id = ?", [.text(id)]) {
            Self.read($0.text(0), RetrainingRecord.init)
        }.compactMap { $0 }.first
    }

    /// Those that have not come to their end, the oldest first.
    public func openRetrainings() throws(StoreError) -> [RetrainingRecord] {
        try database.rows("SELECT body FROM monitor_retrainings WHERE is_over = 0 ORDER BY rowid") {
            Self.read($0.text(0), RetrainingRecord.init)
        }.compactMap { $0 }
    }

    /// Writes down that one is wanted.
    ///
    /// - Throws: `stillRunning` where one of the endpoint's model is under way.
    public func ask(_ retraining: RetrainingRecord) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            let known = try retrainings(of: retraining.endpoint).first { !$0.status.isOver }
            if let known {
                throw StoreError(
                    code: .stillRunning,
                    message:
                        "\(known.endpoint)'s model is being trained again (\(known.status.rawValue)): wait until that is done",
                    operation: "retrain")
            }
            try database.run(
                "INSERT INTO monitor_retrainings (id, endpoint, is_over, body) VALUES (?, ?, ?, ?)",
                [
                    .text(retraining.id), .text(retraining.endpoint), .integer(retraining.status.isOver ? 1 : 0),
                    .text(retraining.json.text),
                ])
        }
    }

    /// Keeps how one stands.
    public func write(_ retraining: RetrainingRecord) throws(StoreError) {
        try database.run(
            "UPDATE monitor_retrainings SET is_over = ?, body = ? WHERE id = ?",
            [.integer(retraining.status.isOver ? 1 : 0), .text(retraining.json.text), .text(retraining.id)])
    }
}

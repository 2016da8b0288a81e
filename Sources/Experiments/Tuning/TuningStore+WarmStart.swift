import Databases
import Events
import JSON

extension TuningStore {
    /// Keeps what a job begins with, so that it goes on alike whatever becomes of where that came from.
    func keep(_ earlier: [EarlierTuning], for tuning: String) throws(StoreError) {
        for (place, search) in earlier.enumerated() {
            try database.run(
                "INSERT INTO tuning_warm_starts (tuning, place, earlier) VALUES (?, ?, ?)",
                [.text(tuning), .integer(place), .text(search.json.text)])
        }
    }

    /// What a job began with.
    public func warmStart(of tuning: String) throws(StoreError) -> [EarlierTuning] {
        try database.rows("SELECT earlier FROM tuning_warm_starts WHERE tuning = ? ORDER BY place", [.text(tuning)]) {
            Self.json($0.text(0)).flatMap(EarlierTuning.init(json:))
        }.compactMap { $0 }
    }
}

import Events
import Glibc

/// Everything a job needs to go on exactly where it was: the trainer's state, the best model so far, early stopping.
struct Checkpoint: Equatable, Sendable {
    var step: Int
    var epoch: Double
    /// The trainer's own snapshot: weights, optimiser, random source, data order and position.
    var trainer: [UInt8]
    var earlyStopping: EarlyStopping
    /// The run at its best evaluation; nil before the first one.
    var best: Best?
    /// Fingerprint of the data it was trained on.
    var dataFingerprint: String
    /// Hyperparameters that were changed while training, by name; the trainer's snapshot holds their effect.
    var changes: [String: String] = [:]

    /// What brings a later state of the run back to its best evaluation.
    struct Best: Hashable {
        /// The trainer's mark.
        var mark: [UInt8]
        var epoch: Double
        var earlyStopping: EarlyStopping
        var changes: [String: String]

        fileprivate var json: JSONValue {
            .object([
                "epoch": .number(epoch), "earlyStopping": earlyStopping.json, "changes": JSONValue(changes),
                "bytes": .integer(mark.count),
            ])
        }
    }

    /// Whether the run begins at the best evaluation, as a fork can.
    var startsAtBest = false

    /// Whether all planned steps are done, so that nothing is left to go on with.
    var isComplete = false

    /// Steps done where the run begins.
    var startStep: Int { startsAtBest ? earlyStopping.bestStep : step }

    private static let magic = Array("DESCENT CHECKPOINT 2\n".utf8)

    /// File form: a magic line, a JSON line with the lengths and a checksum, then the two snapshots.
    var bytes: [UInt8] {
        let header = JSONValue.object([
            "step": .integer(step), "epoch": .number(epoch), "earlyStopping": earlyStopping.json,
            "dataFingerprint": .string(dataFingerprint),
            "changes": changes.isEmpty ? nil : JSONValue(changes), "trainerBytes": .integer(trainer.count),
            "best": best?.json, "startsAtBest": startsAtBest ? .boolean(true) : nil,
            "isComplete": isComplete ? .boolean(true) : nil, "checksum": .string(Self.checksum(trainer, best?.mark ?? [])),
        ])
        return Self.magic + Array(header.text.utf8) + [0x0A] + trainer + (best?.mark ?? [])
    }

    init(
        step: Int, epoch: Double, trainer: [UInt8], earlyStopping: EarlyStopping, best: Best?, dataFingerprint: String,
        changes: [String: String] = [:]
    ) {
        self.step = step
        self.epoch = epoch
        self.trainer = trainer
        self.earlyStopping = earlyStopping
        self.best = best
        self.dataFingerprint = dataFingerprint
        self.changes = changes
    }

    /// - Throws: `badCheckpoint` for a file that is not one, is cut short or damaged.
    init(bytes: [UInt8], path: String) throws(TrainingError) {
        let damaged = TrainingError(
            .badCheckpoint, "\(path) is not a whole checkpoint: delete it and the run starts from an earlier one",
            operation: "read checkpoint")
        guard bytes.starts(with: Self.magic), let end = bytes[Self.magic.count...].firstIndex(of: 0x0A) else { throw damaged }
        let header: JSONValue
        do {
            header = try JSONValue(parsing: String(decoding: bytes[Self.magic.count..<end], as: UTF8.self))
        } catch { throw damaged }
        guard let step = header["step"]?.integer, let epoch = header["epoch"]?.double,
            let earlyStopping = header["earlyStopping"].flatMap(EarlyStopping.init(json:)),
            let fingerprint = header["dataFingerprint"]?.string, let trainerBytes = header["trainerBytes"]?.integer,
            trainerBytes >= 0, bytes.count >= end + 1 + trainerBytes
        else { throw damaged }
        trainer = Array(bytes[(end + 1)..<(end + 1 + trainerBytes)])
        let mark = Array(bytes[(end + 1 + trainerBytes)...])
        guard header["checksum"]?.string == Self.checksum(trainer, mark) else { throw damaged }
        if let best = header["best"] {
            guard let bestEpoch = best["epoch"]?.double, best["bytes"]?.integer == mark.count,
                let stopping = best["earlyStopping"].flatMap(EarlyStopping.init(json:)), let changes = best["changes"]?.strings
            else { throw damaged }
            self.best = Best(mark: mark, epoch: bestEpoch, earlyStopping: stopping, changes: changes)
        } else if !mark.isEmpty {
            throw damaged
        }
        startsAtBest = header["startsAtBest"]?.boolean ?? false
        isComplete = header["isComplete"]?.boolean ?? false
        self.step = step
        self.epoch = epoch
        self.earlyStopping = earlyStopping
        dataFingerprint = fingerprint
        changes = header["changes"]?.strings ?? [:]
    }

    /// FNV-1a over both parts.
    private static func checksum(_ parts: [UInt8]...) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for part in parts { for byte in part { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 } }
        return String(hash, radix: 16)
    }
}

import Events
import Glibc
import JSON

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

    private static let magic = Array("DESCENT CHECKPOINT 3\n".utf8)
    /// Of version 2, whose checksum covered the snapshots alone.
    private static let oldMagic = Array("DESCENT CHECKPOINT 2\n".utf8)

    /// File form: a magic line, a line with the checksum of all that follows, a JSON line with the lengths, then the two snapshots.
    var bytes: [UInt8] {
        let header = JSONValue.object([
            "step": .integer(step), "epoch": .number(epoch), "earlyStopping": earlyStopping.json,
            "dataFingerprint": .string(dataFingerprint),
            "changes": changes.isEmpty ? nil : JSONValue(changes), "trainerBytes": .integer(trainer.count),
            "best": best?.json, "startsAtBest": startsAtBest ? .boolean(true) : nil,
            "isComplete": isComplete ? .boolean(true) : nil,
        ])
        let content = Array(header.text.utf8) + [0x0A] + trainer + (best?.mark ?? [])
        return Self.magic + Checksum.text(content) + [0x0A] + content
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
        guard let checkpoint = Checkpoint(bytes) else {
            throw TrainingError(
                .badCheckpoint, "\(path) is damaged: delete it, and the run goes on from an earlier one",
                operation: "read checkpoint")
        }
        self = checkpoint
    }

    private init?(_ bytes: [UInt8]) {
        let content: ArraySlice<UInt8>
        if bytes.starts(with: Self.magic) {
            let start = Self.magic.count + Checksum.length + 1
            guard bytes.count > start, bytes[start - 1] == 0x0A,
                bytes[Self.magic.count..<start - 1].elementsEqual(Checksum.text(bytes[start...]))
            else { return nil }
            content = bytes[start...]
        } else if bytes.starts(with: Self.oldMagic) {
            content = bytes[Self.oldMagic.count...]
        } else {
            return nil
        }
        guard let end = content.firstIndex(of: 0x0A),
            let header = Self.document(content[..<end]),
            let step = header["step"]?.integer, step >= 0, let epoch = header["epoch"]?.double, epoch.isFinite, epoch >= 0,
            let earlyStopping = header["earlyStopping"].flatMap(EarlyStopping.init(json:)), earlyStopping.bestStep <= step,
            let fingerprint = header["dataFingerprint"]?.string, let trainerBytes = header["trainerBytes"]?.integer,
            (0...content.endIndex - (end + 1)).contains(trainerBytes)
        else { return nil }
        trainer = Array(content[(end + 1)..<(end + 1 + trainerBytes)])
        let mark = Array(content[(end + 1 + trainerBytes)...])
        if let old = header["checksum"]?.string {
            guard old == Self.oldChecksum(trainer + mark) else { return nil }
        } else if !bytes.starts(with: Self.magic) {
            return nil
        }
        if let best = header["best"] {
            guard let bestEpoch = best["epoch"]?.double, bestEpoch.isFinite, bestEpoch >= 0, best["bytes"]?.integer == mark.count,
                let stopping = best["earlyStopping"].flatMap(EarlyStopping.init(json:)), stopping.bestStep <= step,
                let changes = best["changes"]?.strings
            else { return nil }
            self.best = Best(mark: mark, epoch: bestEpoch, earlyStopping: stopping, changes: changes)
        } else if !mark.isEmpty {
            return nil
        }
        startsAtBest = header["startsAtBest"]?.boolean ?? false
        isComplete = header["isComplete"]?.boolean ?? false
        self.step = step
        self.epoch = epoch
        self.earlyStopping = earlyStopping
        dataFingerprint = fingerprint
        changes = header["changes"]?.strings ?? [:]
    }

    private static func document(_ bytes: ArraySlice<UInt8>) -> JSONValue? {
        do { return try JSONValue(parsing: String(decoding: bytes, as: UTF8.self)) } catch { return nil }
    }

    private static func oldChecksum(_ bytes: [UInt8]) -> String {
        let text = String(decoding: Checksum.text(bytes), as: UTF8.self)
        return String(text.drop { $0 == "0" })
    }
}

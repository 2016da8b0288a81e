import Events
import Glibc

/// Everything a job needs to go on exactly where it was: the trainer's state, the best model so far, early stopping.
struct Checkpoint: Equatable {
    var step: Int
    var epoch: Double
    /// The trainer's own snapshot: weights, optimiser, random source, data order and position.
    var trainer: [UInt8]
    var earlyStopping: EarlyStopping
    /// Snapshot of the trainer at its best evaluation; empty before the first one.
    var bestModel: [UInt8]
    /// Fingerprint of the data it was trained on.
    var dataFingerprint: String
    /// Hyperparameters that were changed while training, by name; the trainer's snapshot holds their effect.
    var changes: [String: String] = [:]

    private static let magic = Array("DESCENT CHECKPOINT 1\n".utf8)

    /// File form: a magic line, a JSON line with the lengths and a checksum, then the two snapshots.
    var bytes: [UInt8] {
        let header = JSONValue.object([
            "step": .integer(step), "epoch": .number(epoch), "earlyStopping": earlyStopping.json,
            "dataFingerprint": .string(dataFingerprint),
            "changes": changes.isEmpty ? nil : JSONValue(changes), "trainerBytes": .integer(trainer.count),
            "bestModelBytes": .integer(bestModel.count), "checksum": .string(Self.checksum(trainer, bestModel)),
        ])
        return Self.magic + Array(header.text.utf8) + [0x0A] + trainer + bestModel
    }

    init(
        step: Int, epoch: Double, trainer: [UInt8], earlyStopping: EarlyStopping, bestModel: [UInt8], dataFingerprint: String,
        changes: [String: String] = [:]
    ) {
        self.step = step
        self.epoch = epoch
        self.trainer = trainer
        self.earlyStopping = earlyStopping
        self.bestModel = bestModel
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
            let bestBytes = header["bestModelBytes"]?.integer, trainerBytes >= 0, bestBytes >= 0,
            bytes.count == end + 1 + trainerBytes + bestBytes
        else { throw damaged }
        trainer = Array(bytes[(end + 1)..<(end + 1 + trainerBytes)])
        bestModel = Array(bytes[(end + 1 + trainerBytes)...])
        guard header["checksum"]?.string == Self.checksum(trainer, bestModel) else { throw damaged }
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

/// A run's checkpoint files. Two are kept: a process killed just after writing one may not have recorded the last quarter of a
/// second of its curve, and then the one before it, which is at least a second older, continues the curve without a hole.
struct CheckpointFolder {
    /// The run's artifact folder.
    let path: String

    private var newest: String { path + "/checkpoint" }
    private var previous: String { path + "/checkpoint.previous" }

    /// - Parameter replacingNewest: the one before the newest stays, and the newest goes.
    func write(_ checkpoint: Checkpoint, replacingNewest: Bool = false) throws(TrainingError) {
        try AtomicFile.makeFolder(path)
        if !replacingNewest { rename(newest, previous) }
        try AtomicFile.write(checkpoint.bytes, to: newest)
    }

    /// Steps of the whole checkpoints, newest first.
    func steps() throws(TrainingError) -> [Int] {
        var steps: [Int] = []
        for file in [newest, previous] {
            guard let bytes = try AtomicFile.read(file) else { continue }
            do { steps.append(try Checkpoint(bytes: bytes, path: file).step) } catch { continue }
        }
        return steps
    }

    /// The checkpoint of another run that this one was forked from. Never replaced, so that the run can begin again.
    private var origin: String { path + "/checkpoint.fork" }

    func writeOrigin(_ checkpoint: Checkpoint) throws(TrainingError) {
        try AtomicFile.makeFolder(path)
        try AtomicFile.write(checkpoint.bytes, to: origin)
    }

    /// - Throws: `badCheckpoint` when it is not there or damaged.
    func readOrigin() throws(TrainingError) -> Checkpoint {
        guard let bytes = try AtomicFile.read(origin) else {
            throw TrainingError(.badCheckpoint, "\(origin) is gone: fork the run again", operation: "fork")
        }
        return try Checkpoint(bytes: bytes, path: origin)
    }

    /// Name of the newest checkpoint relative to the workspace.
    static func relativePath(of run: RunID) -> String { "artifacts/\(run.text)/checkpoint" }

    /// The newest whole checkpoint that is not ahead of the recorded curve; nil = start from the beginning.
    func newest(notAfter recordedStep: Int) throws(TrainingError) -> Checkpoint? {
        for file in [newest, previous] {
            guard let bytes = try AtomicFile.read(file) else { continue }
            do {
                let checkpoint = try Checkpoint(bytes: bytes, path: file)
                if checkpoint.step <= recordedStep { return checkpoint }
            } catch { continue }
        }
        return nil
    }
}

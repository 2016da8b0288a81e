import Events
import Files
import Glibc

/// A run's checkpoint files, named by their steps. The newest two are always kept: a process killed just after writing one may
/// not have recorded the last third of a second of its curve, and then the one before it, which is at least half a second
/// older, continues the curve without a hole. Older ones thin out with age, to fork at.
struct CheckpointFolder {
    /// The run's artifact folder.
    let path: String
    /// Most checkpoints.
    var countLimit = 8
    /// Bytes that all but the newest two may take together with them.
    var byteLimit = 1 << 29

    private static let prefix = "checkpoint-"

    private func file(_ step: Int) -> String { path + "/" + Self.prefix + String(step) }

    /// Name of a checkpoint relative to the workspace.
    static func relativePath(of run: RunID, step: Int) -> String { "artifacts/\(run.text)/\(prefix)\(step)" }

    /// - Parameter replacingNewest: the one before the newest stays, and the newest goes.
    func write(_ checkpoint: Checkpoint, replacingNewest: Bool = false) throws(TrainingError) {
        try JobFile.makeFolder(path)
        let older = try steps().filter { $0 != checkpoint.step }
        try JobFile.write(checkpoint.bytes, to: file(checkpoint.step))
        if replacingNewest, let newest = older.first { unlink(file(newest)) }
        try thin()
    }

    /// Steps of the checkpoints, newest first; none when there is no folder.
    /// - Throws: when the folder is there but cannot be read: that is not the same as having no checkpoint.
    func steps() throws(TrainingError) -> [Int] {
        guard let folder = opendir(path) else {
            if errno == ENOENT { return [] }
            throw TrainingError(FileError(failing: "open", path))
        }
        defer { closedir(folder) }
        var steps: [Int] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(Self.prefix), let step = Int(name.dropFirst(Self.prefix.count)), step >= 0 { steps.append(step) }
        }
        return steps.sorted(by: >)
    }

    func byteCount(step: Int) -> Int {
        var status = stat()
        return stat(file(step), &status) == 0 ? Int(status.st_size) : 0
    }

    /// Removes, while there are too many, the one that is missed least: whose neighbours are closest together for its age. So
    /// what is left lies about twice as far back each time.
    private func thin() throws(TrainingError) {
        var steps = try steps()
        var bytes = steps.reduce(0) { $0 + byteCount(step: $1) }
        while steps.count > 2, steps.count > countLimit || bytes > byteLimit {
            let gap = { (index: Int) in
                let before = index + 1 < steps.count ? steps[index + 1] : 0
                return Double(steps[index - 1] - before) / Double(max(1, steps[0] - steps[index]))
            }
            let victim = (2..<steps.count).min { gap($0) < gap($1) } ?? 2
            bytes -= byteCount(step: steps[victim])
            unlink(file(steps[victim]))
            steps.remove(at: victim)
        }
    }

    /// Removes what lies beyond the step from which a run goes on: it is not of this curve any more.
    func removeAll(after step: Int) throws(TrainingError) {
        for later in try steps() where later > step { unlink(file(later)) }
    }

    /// The newest whole checkpoint that is not ahead of the recorded curve; nil = start from the beginning.
    /// - Throws: when there are some and none of them can be used, so that nothing begins anew without a word.
    func newest(notAfter recordedStep: Int) throws(TrainingError) -> Checkpoint? {
        var damaged: Int?
        for step in try steps() where step <= recordedStep {
            guard let bytes = try JobFile.read(file(step)) else { continue }
            do throws(TrainingError) { return try Checkpoint(bytes: bytes, path: file(step)) } catch { damaged = damaged ?? step }
        }
        guard let damaged else { return nil }
        throw TrainingError(
            .badCheckpoint,
            "\(file(damaged)) is damaged, and no earlier checkpoint is whole: delete them, and the run begins anew",
            operation: "read checkpoint")
    }

    /// The checkpoint of another run that this one was forked from. Never replaced, so that the run can begin again.
    private var origin: String { path + "/checkpoint.fork" }

    func writeOrigin(_ checkpoint: Checkpoint) throws(TrainingError) {
        try JobFile.makeFolder(path)
        try JobFile.write(checkpoint.bytes, to: origin)
    }

    /// - Throws: `badCheckpoint` when it is not there or damaged.
    func readOrigin() throws(TrainingError) -> Checkpoint {
        guard let bytes = try JobFile.read(origin) else {
            throw TrainingError(.badCheckpoint, "\(origin) is gone: fork the run again", operation: "fork")
        }
        return try Checkpoint(bytes: bytes, path: origin)
    }
}

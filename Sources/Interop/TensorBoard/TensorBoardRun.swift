import Events
import Files

/// A TensorBoard run: the event files of one folder, and those in its `train` and `validation` folders, as Keras writes them.
final class TensorBoardRun: LogReader {
    let path: String
    let writer = "tensorboard"
    let tellsEnd = false
    private let name: String
    private let experiment: String
    private var parts: [Part] = []
    private var restarts = TensorBoardRestarts()
    private var saidDamage: Set<String> = []
    /// Whether the next update begins with the first file's first record.
    private var isLate = false
    /// Whether the files are looked through for restarts before anything is handed out.
    private var isScanning = false

    private struct Part {
        let split: String
        var file: EventFile
    }

    init(path: String, name: String, experiment: String) {
        self.path = path
        self.name = name
        self.experiment = experiment
    }

    /// The run that an event file belongs to, and the split its folder stands for.
    static func place(of file: String, root: String) -> (run: String, split: String) {
        let folder = FilePath.folder(file)
        let name = FilePath.name(folder).lowercased()
        guard folder != root, ["train", "validation", "val", "eval", "test"].contains(name) else { return (folder, "") }
        return (FilePath.folder(folder), name + "/")
    }

    /// Adds a file; files are read in the order of their names, which is that of their times.
    func add(_ file: String, split: String) {
        guard !parts.contains(where: { $0.file.path == file }) else { return }
        // Of two files the later one may have replaced what the earlier one says: that is known before either is read.
        let isSecond = parts.contains { $0.split == split }
        parts.append(Part(split: split, file: EventFile(path: file)))
        parts.sort { ($0.split, $0.file.path) < ($1.split, $1.file.path) }
        if isSecond { startOver() }
    }

    private func startOver() {
        for index in parts.indices { parts[index].file.rewind() }
        isScanning = Set(parts.map(\.split)).count < parts.count
        restarts = TensorBoardRestarts()
        isLate = true
    }

    var files: [String] { parts.map(\.file.path) }
    private(set) var hasMore = false

    func read() -> [RunUpdate] {
        hasMore = false
        if isScanning {
            scan()
            return []
        }
        var update = RunUpdate(name: name, experiment: experiment)
        update.isFromTheBeginning = isLate
        isLate = false
        for index in parts.indices {
            let (records, isRestarted) = parts[index].file.read()
            // One file anew is the whole run anew, and so is a restart that what was handed out did not heed.
            if isRestarted || hasManyFiles && restarts.learn(records, part(index)) {
                startOver()
                hasMore = true
                return []
            }
            for record in records { take(record, part(index), into: &update) }
            note(parts[index].file, in: &update)
            if parts[index].file.hasMore {
                hasMore = true
                break
            }
        }
        return [update]
    }

    private var hasManyFiles: Bool { parts.count > 1 }

    /// Looks through a portion of the files; when all is seen, they are read from their beginnings.
    private func scan() {
        hasMore = true
        for index in parts.indices {
            let (records, isRestarted) = parts[index].file.read()
            if isRestarted { return startOver() }
            _ = restarts.learn(records, part(index))
            if parts[index].file.hasMore { return }
        }
        isScanning = false
        for index in parts.indices { parts[index].file.rewind() }
    }

    private func part(_ index: Int) -> TensorBoardRestarts.Part {
        TensorBoardRestarts.Part(
            split: parts[index].split, number: index - (parts.firstIndex { $0.split == parts[index].split } ?? index))
    }

    private func take(_ record: EventFileRecord, _ part: TensorBoardRestarts.Part, into update: inout RunUpdate) {
        if update.startedAt == nil, record.wallTime > 0 { update.startedAt = record.wallTime }
        for (tag, value) in record.scalars {
            let restart = hasManyFiles ? restarts.replacing(tag, at: record.step, part) : nil
            let word = tag.hasPrefix("epoch_") && !part.split.isEmpty ? String(tag.dropFirst(6)) : tag
            update.values.append(
                LoggedValue(
                    name: part.split + word, step: record.step, wallTime: record.wallTime, value: value, replacedBy: restart))
            if restart != nil {
                update.note(
                    "\(path): its program was restarted from an earlier step; what that replaced is kept as METRIC@replaced-1 and on"
                )
            }
        }
        update.parameters.merge(record.parameters) { $1 }
        if let ending = record.ending { update.ending = .init(status: ending, reason: .unsaid, time: record.wallTime) }
    }

    private func note(_ file: EventFile, in update: inout RunUpdate) {
        let dropped = file.droppedCount > 0 ? "\(file.path): \(file.droppedCount) damaged records were left out" : nil
        guard let damage = file.damage ?? dropped, saidDamage.insert(file.path).inserted else { return }
        update.note(damage)
    }
}

import Events

/// A TensorBoard run: the event files of one folder, and those in its `train` and `validation` folders, as Keras writes them.
final class TensorBoardRun: LogReader {
    let path: String
    let writer = "tensorboard"
    let tellsEnd = false
    private let name: String
    private let experiment: String
    private var parts: [(split: String, file: EventFile)] = []
    private var saidDamage: Set<String> = []

    init(path: String, name: String, experiment: String) {
        self.path = path
        self.name = name
        self.experiment = experiment
    }

    /// The run that an event file belongs to, and the split its folder stands for.
    static func place(of file: String, root: String) -> (run: String, split: String) {
        let folder = Files.folder(file)
        let name = Files.name(folder).lowercased()
        guard folder != root, ["train", "validation", "val", "eval", "test"].contains(name) else { return (folder, "") }
        return (Files.folder(folder), name + "/")
    }

    /// Adds a file; files are read in the order of their names, which is that of their times.
    func add(_ file: String, split: String) {
        guard !parts.contains(where: { $0.file.path == file }) else { return }
        let late = parts.contains { $0.split == split && $0.file.path > file }
        parts.append((split, EventFile(path: file)))
        parts.sort { ($0.split, $0.file.path) < ($1.split, $1.file.path) }
        // What a file found late says belongs before what was read already.
        if late { for index in parts.indices { parts[index].file.rewind() } }
        isLate = isLate || late
    }

    private var isLate = false

    var files: [String] { parts.map(\.file.path) }
    private(set) var hasMore = false

    func read() -> [RunUpdate] {
        hasMore = false
        var update = RunUpdate(name: name, experiment: experiment)
        update.isFromTheBeginning = isLate
        isLate = false
        for index in parts.indices {
            let (records, isRestarted) = parts[index].file.read()
            if isRestarted {
                // One file anew is the whole run anew.
                for other in parts.indices { parts[other].file.rewind() }
                isLate = true
                hasMore = true
                return []
            }
            for record in records { take(record, split: parts[index].split, into: &update) }
            note(parts[index].file, in: &update)
            if parts[index].file.hasMore {
                hasMore = true
                break
            }
        }
        return [update]
    }

    private func take(_ record: EventFileRecord, split: String, into update: inout RunUpdate) {
        if update.startedAt == nil, record.wallTime > 0 { update.startedAt = record.wallTime }
        for (tag, value) in record.scalars {
            let tag = tag.hasPrefix("epoch_") && !split.isEmpty ? String(tag.dropFirst(6)) : tag
            update.values.append(
                LoggedValue(name: split + tag, step: record.step, wallTime: record.wallTime, value: value))
        }
        update.parameters.merge(record.parameters) { $1 }
        if let ending = record.ending { update.ending = .init(status: ending, reason: "", time: record.wallTime) }
    }

    private func note(_ file: EventFile, in update: inout RunUpdate) {
        let dropped = file.droppedCount > 0 ? "\(file.path): \(file.droppedCount) damaged records were left out" : nil
        guard let damage = file.damage ?? dropped, saidDamage.insert(file.path).inserted else { return }
        update.damage = damage
    }
}

import Events
import Files
import Glibc

/// A run in an MLflow file store: `mlruns/EXPERIMENT/RUN/` with `meta.yaml`, `metrics/`, `params/` and `tags/`.
final class MLflowRunFolder: LogReader {
    let path: String
    let writer = "mlflow"
    let tellsEnd = true
    private var tails: [String: FileTail] = [:]
    private var latest = MLflowLatest()
    private(set) var hasMore = false

    init(path: String) { self.path = path }

    /// Whether a folder is a run of a file store.
    static func recognises(_ folder: String, names: [String]) -> Bool {
        guard names.contains("meta.yaml"), let text = FileContents.text(folder + "/meta.yaml") else { return false }
        let meta = FlatYAML.values(text)
        return meta["run_id"] != nil && meta["experiment_id"] != nil
    }

    var files: [String] { [path + "/meta.yaml"] + entries("metrics").map { path + "/metrics/" + $0 } }

    func read() -> [RunUpdate] {
        guard let meta = FileContents.text(path + "/meta.yaml").map(FlatYAML.values), meta["run_id"] != nil,
            meta["lifecycle_stage"] != "deleted"
        else { return [] }
        let experiment = FileContents.text(FilePath.folder(path) + "/meta.yaml").map(FlatYAML.values)?["name"]
        var update = RunUpdate(
            name: meta["run_name"].flatMap { $0.isEmpty ? nil : $0 } ?? FilePath.name(path),
            experiment: experiment ?? FilePath.name(FilePath.folder(path)))
        update.startedAt = meta["start_time"].flatMap(Double.init).map { $0 / 1000 }
        for name in entries("params") { update.parameters[name] = FileContents.text(path + "/params/" + name) ?? "" }
        for name in entries("tags").sorted() {
            update.remarks.take(mlflowTag: name, value: FileContents.text(path + "/tags/" + name) ?? "")
        }
        hasMore = false
        for name in entries("metrics") { readMetric(name, into: &update) }
        if update.isFromTheBeginning {
            // One curve anew is the whole run anew.
            (tails, latest) = ([:], MLflowLatest())
            update.values = []
            for name in entries("metrics") { readMetric(name, into: &update) }
        }
        for value in update.values where LoggedValue.isStep(value.step) { latest.include(value) }
        update.latest = latest.values
        if !hasMore {
            update.ending = Self.ending(meta["status"] ?? "", milliseconds: meta["end_time"].flatMap(Double.init))
        }
        return [update]
    }

    /// What a status means, as a number in files and as a word in databases; nil while the run goes on.
    static func ending(_ status: String, milliseconds: Double?) -> RunUpdate.Ending? {
        let time = milliseconds.map { $0 / 1000 }
        return switch status {
        case "3", "FINISHED": .init(status: .completed, reason: .unsaid, time: time)
        case "4", "FAILED": .init(status: .failed, reason: .unsaid, time: time)
        case "5", "KILLED": .init(status: .stopped, reason: EndReason("killed"), time: time)
        default: nil
        }
    }

    /// Lines `milliseconds value step`.
    private func readMetric(_ name: String, into update: inout RunUpdate) {
        let file = path + "/metrics/" + name
        var tail = tails[name] ?? FileTail(path: file)
        if case .restarted = tail.readMore() { update.isFromTheBeginning = true }
        var start = 0
        while let end = tail.bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let words = tail.bytes[start..<end].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            start = end + 1
            guard words.count >= 2, let time = Double(words[0]), let value = Double(words[1]) else { continue }
            let step = words.count > 2 ? Int(words[2]) ?? 0 : 0
            update.values.append(LoggedValue(name: name, step: step, wallTime: time / 1000, value: value))
        }
        tail.consume(start)
        hasMore = hasMore || tail.hasMore
        tails[name] = tail
    }

    /// Files in a folder of the run; a slash in a name is a folder further down.
    private func entries(_ folder: String) -> [String] {
        var found: [String] = []
        var waiting = [""]
        while let prefix = waiting.popLast(), found.count < 10_000 {
            for name in Folder.names(in: path + "/" + folder + "/" + prefix) {
                switch FileKind(at: path + "/" + folder + "/" + prefix + name) {
                case .file: found.append(prefix + name)
                case .folder: waiting.append(prefix + name + "/")
                case .other: break
                }
            }
        }
        return found.sorted()
    }
}

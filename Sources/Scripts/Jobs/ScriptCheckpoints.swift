import Events
import Files
import Glibc
import Interop
import JSON

/// What a script announced that it can go on from, kept in the run's folder as a line each.
///
/// What lies below the workspace's runs is kept as it is seen from the run's folder, so that a workspace that was moved, or copied, goes
/// on with its own files.
package struct ScriptCheckpoints: Sendable {
    /// What to go on from: a file or folder of the script's own, and the step that it stands for.
    package struct Place: Sendable, Hashable {
        package var step: Int
        package var epoch: Double
        package var path: String
        package var isBest: Bool
        /// What it held when it was announced; nil = nobody looked in time.
        var contents: CheckpointContents?

        package init(step: Int, epoch: Double, path: String, isBest: Bool) {
            (self.step, self.epoch, self.path, self.isBest) = (step, epoch, path, isBest)
        }

        fileprivate var key: String { "\(step) \(path)" }

        /// Why it cannot be gone on from; nil = it can.
        package var problem: String? { problem(writtenUntil: 0) }

        /// A script that keeps its newest state in one file may be killed after it wrote that, and before it announced it.
        /// - Parameter end: until when what was written is the script's own doing, in nanoseconds since 1970.
        fileprivate func problem(writtenUntil end: Int) -> String? {
            let name = FilePath.name(path)
            if access(path, F_OK) != 0 { return "\(name) is gone" }
            guard let contents else { return nil }
            guard let now = CheckpointContents(of: path) else { return "\(name) cannot be read" }
            if now.isSame(as: contents) { return nil }
            if contents.modified > 0, now.modified > contents.modified, now.modified <= end { return nil }
            return now.size == contents.size
                ? "\(name) is not what was announced"
                : "\(name) has \(now.size) bytes and had \(contents.size) when it was announced"
        }
    }

    /// What was found to go on from.
    package struct Choice {
        /// nil = nothing that was announced will do.
        package var place: Place?
        /// Why what would have come first cannot be gone on from.
        package var problems: [String] = []

        /// The first few of the problems.
        package var reasons: String {
            problems.prefix(3).joined(separator: ", ") + (problems.count > 3 ? " and \(problems.count - 3) more" : "")
        }

        /// What is told where another place had to do; nil where the first one did.
        package var note: String? {
            place.flatMap { problems.isEmpty ? nil : "\(reasons): going on from step \($0.step)" }
        }
    }

    private let folder: String
    private var file: String { folder + "/checkpoints.jsonl" }

    /// - Parameter folder: the run's.
    package init(folder: String) { self.folder = folder }

    /// Whether the run's folder is there at all.
    package var hasFolder: Bool { access(folder, F_OK) == 0 }

    /// All that were announced, in that order, whatever became of them.
    package var announced: [Place] {
        guard let text = FileContents.text(file, atMost: 1 << 26) else { return [] }
        var places: [Place] = []
        var indices: [String: Int] = [:]
        for line in text.split(separator: "\n") {
            guard let place = FlatJSON.parse(String(line)).flatMap(read) else { continue }
            // It comes again with what it holds.
            if place.contents != nil, let known = indices[place.key] {
                places[known] = place
            } else {
                indices[place.key] = places.count
                places.append(place)
            }
        }
        return places
    }

    /// Those that are still there.
    package var all: [Place] { announced.filter { access($0.path, F_OK) == 0 } }

    /// The newest that will do, of those that are meant.
    /// - Parameter orBeyond: whether the first one beyond the step that is meant will do where no other does.
    package func choose(_ wanted: ForkPlace, orBeyond: Bool = false) -> Choice {
        let places = announced
        var candidates: [Place] =
            switch wanted {
            case .best: places.reversed().filter(\.isBest)
            case .newest: places.reversed()
            case .notAfter(let step): places.reversed().filter { $0.step <= step }
            }
        if orBeyond { candidates += places.filter { !candidates.contains($0) } }
        var choice = Choice()
        var refused: Set<String> = []
        let end = lastSign + Self.unheard
        for candidate in candidates {
            // What was announced under its name later is what it holds now.
            let later = places.last { $0.path == candidate.path && $0.step > candidate.step }
            let over = later.map { "\(FilePath.name(candidate.path)) was written over at step \($0.step)" }
            guard let problem = over ?? candidate.problem(writtenUntil: end) else {
                choice.place = candidate
                break
            }
            if refused.insert(candidate.path).inserted { choice.problems.append(problem) }
        }
        return choice
    }

    /// What a run begins with that goes on.
    var place: Place? {
        FileContents.text(file + ".start").flatMap(FlatJSON.parse).flatMap(read)
    }

    /// What a fork began with.
    package func beginning(atStep step: Int) -> Place? {
        place.map { begun in
            var place = Place(step: step, epoch: 0, path: begun.path, isBest: false)
            place.contents = begun.contents
            return place
        }
    }

    /// Says where the next attempt begins; nil = at the beginning.
    package func begin(at place: Place?) throws(ScriptError) {
        guard let place else {
            unlink(file + ".start")
            return
        }
        try ScriptFile.write(json(place).text, to: file + ".start")
    }

    package func announce(_ place: Place) {
        let line = Array((json(place).text + "\n").utf8)
        let descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return }
        _ = write(descriptor, line, line.count)
        close(descriptor)
    }

    /// Takes over what the last attempt announced when nobody read it any more, as when Descent was killed.
    /// - Parameter base: the folder that the script ran in.
    package func takeUnread(base: String) {
        let known = Set(announced.map(\.key))
        let messages = folder + "/messages"
        for name in Folder.names(in: messages) where name.hasPrefix("0-") && name.hasSuffix(".jsonl") {
            let path = messages + "/" + name
            let file = open(path, O_RDONLY | O_CLOEXEC)
            guard file >= 0, let size = FileStamp(path)?.size else { continue }
            let start = max(0, size - Self.unreadBytes)
            let bytes = FileContents.read(file, at: start, count: size - start)
            close(file)
            for line in bytes.split(separator: 10).dropFirst(start > 0 ? 1 : 0) {
                guard case .checkpoint(let told)? = ScriptMessage(String(decoding: line, as: UTF8.self)) else { continue }
                let path = told.path.hasPrefix("/") ? found(told.path) : base + "/" + told.path
                let place = Place(step: told.step, epoch: told.epoch, path: path, isBest: told.isBest)
                if !known.contains(place.key) { announce(place) }
            }
        }
    }

    /// When the script last wrote or told something, in nanoseconds since 1970.
    private var lastSign: Int {
        let messages = folder + "/messages"
        let paths = [folder + "/output.log", file] + Folder.names(in: messages).map { messages + "/" + $0 }
        return paths.compactMap { FileStamp($0)?.modified }.max() ?? 0
    }

    /// How long a script may have gone on without a sign, in nanoseconds.
    private static let unheard = 10_000_000_000

    /// So much of what was told last is looked at.
    private static let unreadBytes = 4 << 20

    private func json(_ place: Place) -> JSONValue {
        .object([
            "step": .integer(place.step), "epoch": .number(place.epoch), "path": .string(kept(place.path)),
            "best": .boolean(place.isBest),
        ]).adding(place.contents?.members ?? [])
    }

    private func read(_ json: JSONValue) -> Place? {
        guard let step = json["step"]?.integer, let path = json["path"]?.string else { return nil }
        var place = Place(
            step: step, epoch: json["epoch"]?.double ?? 0, path: found(path), isBest: json["best"]?.boolean ?? false)
        place.contents = CheckpointContents(json)
        return place
    }

    // MARK: paths

    /// A path as it is kept: from the run's folder on where it lies below the workspace's runs.
    private func kept(_ path: String) -> String {
        guard let inside = position(of: path) else { return path }
        return inside.run == FilePath.name(folder) ? inside.rest : "../\(inside.run)/\(inside.rest)"
    }

    /// Where what was kept is now. Versions before this one kept whole paths.
    private func found(_ path: String) -> String {
        if !path.hasPrefix("/") {
            return path.hasPrefix("../") ? FilePath.folder(folder) + path.dropFirst(2) : folder + "/" + path
        }
        guard let inside = position(of: path) else { return path }
        return "\(FilePath.folder(folder))/\(inside.run)/\(inside.rest)"
    }

    /// The run in whose folder something lies, of this one and those beside it, and where in it.
    private func position(of path: String) -> (run: String, rest: String)? {
        let parts = path.split(separator: "/").map(String.init)
        let runs = FilePath.folder(folder)
        for index in parts.indices.dropLast(2) where parts[index] == FilePath.name(runs) {
            let run = parts[index + 1]
            guard run == FilePath.name(folder) || access("\(runs)/\(run)", F_OK) == 0 else { continue }
            return (run, parts[(index + 2)...].joined(separator: "/"))
        }
        return nil
    }
}

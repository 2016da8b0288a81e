import Files
import Glibc
import JSON

/// What a script announced that it can go on from, kept in the run's folder as a line each.
package struct ScriptCheckpoints {
    /// What to go on from: a file or folder of the script's own, and the step that it stands for.
    package struct Place: Sendable, Hashable {
        package var step: Int
        package var epoch: Double
        package var path: String
        package var isBest: Bool
    }

    private let file: String

    /// - Parameter folder: the run's.
    package init(folder: String) { file = folder + "/checkpoints.jsonl" }

    /// All that are still there, in the order in which they were announced.
    package var all: [Place] {
        guard let text = FileContents.text(file, atMost: 1 << 26) else { return [] }
        return text.split(separator: "\n").compactMap { line in
            guard let json = try? JSONValue(parsing: String(line)), let step = json["step"]?.integer,
                let path = json["path"]?.string, access(path, F_OK) == 0
            else { return nil }
            return Place(step: step, epoch: json["epoch"]?.double ?? 0, path: path, isBest: json["best"]?.boolean ?? false)
        }
    }

    /// The newest that is not beyond a step.
    package func newest(notAfter step: Int = .max) -> Place? { all.last { $0.step <= step } }

    /// What a run begins with that goes on.
    var place: (path: String, step: Int)? {
        guard let text = FileContents.text(file + ".start"), let json = try? JSONValue(parsing: text),
            let path = json["path"]?.string, let step = json["step"]?.integer
        else { return nil }
        return (path, step)
    }

    /// What a fork began with.
    package func beginning(atStep step: Int) -> Place? {
        place.map { Place(step: step, epoch: 0, path: $0.path, isBest: false) }
    }

    /// Says where the next attempt begins; nil = at the beginning.
    package func begin(at place: Place?) throws(ScriptError) {
        guard let place else {
            unlink(file + ".start")
            return
        }
        try ScriptFile.write(Self.json(place).text, to: file + ".start")
    }

    func announce(_ place: Place) {
        let line = Array((Self.json(place).text + "\n").utf8)
        let descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return }
        _ = write(descriptor, line, line.count)
        close(descriptor)
    }

    private static func json(_ place: Place) -> JSONValue {
        .object([
            "step": .integer(place.step), "epoch": .number(place.epoch), "path": .string(place.path),
            "best": .boolean(place.isBest),
        ])
    }
}

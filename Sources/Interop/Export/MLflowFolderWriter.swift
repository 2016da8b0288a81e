import CheckedNumbers
import Events
import Files
import Glibc

/// Writes runs as MLflow's file store has them: `EXPERIMENT/RUN/` with `meta.yaml`, `metrics/`, `params/` and `tags/`.
struct MLflowFolderWriter {
    let root: String

    func write(_ run: RunSummary, curves: [(metric: MetricName, points: [MetricPoint])]) throws(LogError) {
        let experiment = Self.digits(run.record.experiment)
        let folder = "\(root)/\(experiment)"
        if FileStamp(folder + "/meta.yaml") == nil {
            try makeFolder(folder)
            let milliseconds = Self.milliseconds(run.record.createdAt)
            try put(
                """
                artifact_location: \(Self.quoted(address(folder)))
                creation_time: \(milliseconds)
                experiment_id: '\(experiment)'
                last_update_time: \(milliseconds)
                lifecycle_stage: active
                name: \(Self.quoted(run.record.experiment))

                """, as: folder + "/meta.yaml")
        }
        let id = Self.hexadecimal(run.record.id.text)
        let own = folder + "/" + id
        guard FileStamp(own) == nil else {
            throw LogError(message: "\(run.record.name) is in \(root) already: choose another folder")
        }
        do throws(LogError) { try write(run, curves, id: id, experiment: experiment, into: own) } catch {
            // Half of it would stand in the way.
            Folder.remove(own)
            throw error
        }
    }

    private func write(
        _ run: RunSummary, _ curves: [(metric: MetricName, points: [MetricPoint])], id: String, experiment: String,
        into own: String
    ) throws(LogError) {
        for part in ["metrics", "params", "tags", "artifacts"] { try makeFolder(own + "/" + part) }
        for (metric, points) in curves {
            var text = ""
            for point in points {
                text += "\(Self.milliseconds(point.wallTime)) \(Self.number(point.value)) \(point.step)\n"
            }
            try put(text, as: own + "/metrics/" + Self.key(Self.word(metric)))
        }
        for (name, value) in run.record.hyperparameters { try put(value, as: own + "/params/" + Self.key(name)) }
        for (name, value) in MLflowTags.of(run) { try put(value, as: own + "/tags/" + Self.key(name)) }
        // Last: without it there is no run.
        try put(meta(run, id: id, experiment: experiment, folder: own), as: own + "/meta.yaml")
    }

    private func meta(_ run: RunSummary, id: String, experiment: String, folder: String) -> String {
        let status =
            switch run.status {
            case .completed: 3
            case .failed: 4
            case .stopped: 5
            case .pending: 2
            default: 1
            }
        return """
            artifact_uri: \(Self.quoted(address(folder + "/artifacts")))
            end_time: \(run.finishedAt.map { String(Self.milliseconds($0)) } ?? "null")
            entry_point_name: ''
            experiment_id: '\(experiment)'
            lifecycle_stage: active
            run_id: \(id)
            run_name: \(Self.quoted(run.record.name))
            run_uuid: \(id)
            source_name: ''
            source_type: 4
            source_version: ''
            start_time: \(Self.milliseconds(run.startedAt ?? run.record.createdAt))
            status: \(status)
            tags: []
            user_id: ''

            """
    }

    /// A folder's address; relative until the folder is there to be resolved.
    private func address(_ path: String) -> String {
        let root = FilePath.absolute(root) ?? root
        return "file://" + root + path.dropFirst(self.root.count)
    }

    private func makeFolder(_ path: String) throws(LogError) {
        var partial = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            partial += "/" + part
            if mkdir(partial, 0o777) != 0, FileKind(at: partial) == .file || FileStamp(partial) == nil {
                throw LogError(message: "\(partial) cannot be made (\(String(cString: strerror(errno)))): choose another folder")
            }
        }
    }

    /// A slash in a key is a folder further down.
    private func put(_ text: String, as path: String) throws(LogError) {
        try makeFolder(FilePath.folder(path))
        let file = try ExportFile(path)
        try file.write(text)
        try file.finish()
    }

    /// MLflow's pages show apart what lies under `system/`.
    private static func word(_ metric: MetricName) -> String {
        guard metric.isSystem else { return metric.text }
        return "system/" + (MetricSpelling.systemWords.first { $0.value.name == metric }?.key ?? String(metric.metric))
    }

    /// A key that MLflow takes and that stays in its folder: letters, digits, `_-. :/`, no part of dots alone.
    static func key(_ name: String) -> String {
        let allowed = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "_-. :/".contains($0)) ? $0 : "_" }
        let parts = String(allowed).split(separator: "/").map { $0.allSatisfy { $0 == "." } ? "_" : String($0) }
        return parts.isEmpty ? "_" : String(parts.joined(separator: "/").prefix(250))
    }

    private static func quoted(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return "'" + line.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    private static func number(_ value: Double) -> String {
        value.isNaN ? "nan" : value.isInfinite ? (value > 0 ? "inf" : "-inf") : "\(value)"
    }
    private static func milliseconds(_ time: Double) -> Int { Int(nearestWithin: time * 1000) }

    /// Ids as MLflow makes them, always the same for the same name: experiments have 18 digits, runs 32 hexadecimal ones.
    private static func digits(_ name: String) -> String {
        String(100_000_000_000_000_000 + hash(name, 1) % 899_999_999_999_999_999)
    }

    private static func hexadecimal(_ id: String) -> String {
        [hash(id, 2), hash(id, 3)].map { value in
            let text = String(value, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
    }

    private static func hash(_ text: String, _ salt: UInt64) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ salt &* 0x9e37_79b9_7f4a_7c15
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return (hash ^ hash >> 29) &* 0xbf58_476d_1ce4_e5b9
    }
}

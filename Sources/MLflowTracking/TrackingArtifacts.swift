import Databases
import Events
import Experiments
import Files
import Glibc
import JSON
import Serving

/// Files of runs and of logged models, by the paths that clients know them by: `EXPERIMENT/RUN/artifacts/…` and
/// `EXPERIMENT/models/MODEL/artifacts/…`.
struct TrackingArtifacts {
    /// The workspace's folder.
    let workspace: String

    /// A path that was found to be one.
    struct Place {
        /// Where the run's or the model's files are.
        var root: String
        /// Below it; empty for the root itself.
        var rest: String
        /// Whether clients may change what lies there.
        var isClients: Bool

        var path: String { rest.isEmpty ? root : root + "/" + rest }
    }

    /// The path that a location names; nil for files that are elsewhere.
    static func path(ofLocation location: String) -> String? {
        let scheme = "mlflow-artifacts:/"
        return location.hasPrefix(scheme) ? String(location.dropFirst(scheme.count).drop { $0 == "/" }) : nil
    }

    /// - Parameter isClients: whether a client made the run of an id.
    /// - Throws: `invalidParameter` for a path that leads elsewhere.
    func place(_ path: String, isClients: (String) throws(TrackingError) -> Bool) throws(TrackingError) -> Place {
        let parts = path.split(separator: "/").map(String.init)
        guard parts.allSatisfy({ $0 != "." && $0 != ".." && !$0.contains("\0") && !$0.contains("\\") }), !path.hasPrefix("/")
        else {
            throw TrackingError(.invalidParameter, "Invalid path")
        }
        if parts.count >= 4, parts[1] == "models", parts[3] == "artifacts", parts[2].hasPrefix("m-") {
            return Place(
                root: workspace + "/mlflow-models/" + parts[2], rest: parts.dropFirst(4).joined(separator: "/"),
                isClients: true)
        }
        guard parts.count >= 3, parts[2] == "artifacts", let run = TrackingID.run(parts[1]) else {
            throw TrackingError(.invalidParameter, "Invalid path: \(path) is no run's and no model's")
        }
        let isClients = try isClients(parts[1]), folder = workspace + "/artifacts/" + run.text
        return Place(
            root: isClients ? folder + "/mlflow" : folder, rest: parts.dropFirst(3).joined(separator: "/"), isClients: isClients)
    }

    /// What lies in a folder; nothing for what is no folder.
    /// - Parameter prefix: what stands before names.
    func list(_ place: Place, prefix: String = "") -> JSONValue {
        let files = Folder.names(in: place.path).sorted().compactMap { name -> JSONValue? in
            guard let stamp = FileStamp(place.path + "/" + name) else { return nil }
            return .object([
                "path": .string(prefix + name), "is_dir": .boolean(!stamp.isRegular),
                "file_size": stamp.isRegular ? .integer(stamp.size) : nil,
            ])
        }
        return .array(files)
    }

    /// - Throws: `notFound`.
    func read(_ place: Place) throws(TrackingError) -> [UInt8] {
        let bytes: [UInt8]?
        do throws(FileError) { bytes = FileStamp(place.path)?.isRegular == true ? try AtomicFile.read(place.path) : nil } catch {
            throw TrackingError(.internalError, error.description)
        }
        guard let bytes else { throw TrackingError(.notFound, "No such artifact: '\(place.rest)'") }
        return bytes
    }

    /// A file is there whole or not at all.
    /// - Throws: `denied` for files of a run that was trained here; `unavailable` where there is no room.
    func write(_ bytes: [UInt8], to place: Place) throws(TrackingError) {
        try check(place)
        do throws(FileError) {
            try Folder.make(FilePath.folder(place.path))
            try AtomicFile.write(bytes, to: place.path)
        } catch { throw TrackingError(.unavailable, error.description) }
    }

    func remove(_ place: Place) throws(TrackingError) {
        try check(place)
        if FileStamp(place.path)?.isRegular == true { unlink(place.path) } else { Folder.remove(place.path) }
    }

    private func check(_ place: Place) throws(TrackingError) {
        guard place.isClients else {
            throw TrackingError(.denied, "the files of a run that was trained by Descent are not a client's to change")
        }
        guard !place.rest.isEmpty else { throw TrackingError(.invalidParameter, "Invalid path: name a file") }
    }
}

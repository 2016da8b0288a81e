import Events
import Files

/// The files that a run left.
enum ArtifactFiles {
    /// The files of a folder, shorter names first, so that checkpoints stand in the order of their steps; none when there is no
    /// folder. What is being written is left out.
    static func list(_ folder: String) -> [RunDetails.File] {
        let files = Folder.names(in: folder).compactMap { name -> RunDetails.File? in
            let path = folder + "/" + name
            guard !name.hasSuffix(".partial"), FileKind(at: path) == .file, let stamp = FileStamp(path) else { return nil }
            return RunDetails.File(name: name, byteCount: stamp.size, modifiedAt: stamp.modifiedAt)
        }
        return files.sorted { ($0.name.count, $0.name) < ($1.name.count, $1.name) }
    }
}

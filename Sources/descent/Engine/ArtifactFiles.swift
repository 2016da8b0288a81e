import Events
import Glibc

/// The files that a run left.
enum ArtifactFiles {
    /// The files of a folder, shorter names first, so that checkpoints stand in the order of their steps; none when there is no
    /// folder. What is being written is left out.
    static func list(_ folder: String) -> [RunDetails.File] {
        let files = ThemeLibrary.files(in: folder).compactMap { name -> RunDetails.File? in
            var status = stat()
            guard !name.hasSuffix(".partial"), stat(folder + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                return nil
            }
            let time = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) * 1e-9
            return RunDetails.File(name: name, byteCount: Int(status.st_size), modifiedAt: time)
        }
        return files.sorted { ($0.name.count, $0.name) < ($1.name.count, $1.name) }
    }
}

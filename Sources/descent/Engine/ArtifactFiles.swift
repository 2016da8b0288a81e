import Events
import Files
import Glibc

/// The files that a run left.
enum ArtifactFiles {
    /// The files in a folder and below it, names relative to it: folder by folder, shorter names first, so that checkpoints stand in the
    /// order of their steps; none when there is no folder. What is being written is left out, and so is what lies elsewhere: links.
    /// - Parameter limit: how many are looked at; of the others nothing is said.
    static func list(_ folder: String, atMost limit: Int = RunDetails.mostFiles) -> [RunDetails.File] {
        var files: [RunDetails.File] = [], folders = [""]
        while let place = folders.popLast(), files.count < limit {
            var own: [RunDetails.File] = [], below: [String] = []
            for name in Folder.names(in: folder + "/" + place) where !name.hasSuffix(".partial") {
                let path = place + name
                switch FileKind(at: folder + "/" + path) {
                case .folder: below.append(path + "/")
                case .file:
                    guard !isLink(folder + "/" + path), let stamp = FileStamp(folder + "/" + path) else { continue }
                    own.append(RunDetails.File(name: path, byteCount: stamp.size, modifiedAt: stamp.modifiedAt))
                case .other: continue
                }
            }
            files += own.sorted { ($0.name.count, $0.name) < ($1.name.count, $1.name) }.prefix(limit - files.count)
            folders += below.reversed()
        }
        return files
    }

    private static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// Whether two folders hold the same files, to the byte; nil when there is none in the first.
    static func areSame(_ folder: String, _ other: String) -> Bool? {
        let files = list(folder), others = list(other)
        guard !files.isEmpty else { return nil }
        guard files.map(\.name) == others.map(\.name), files.map(\.byteCount) == others.map(\.byteCount) else { return false }
        return files.allSatisfy { isSame(folder + "/" + $0.name, other + "/" + $0.name) }
    }

    private static func isSame(_ path: String, _ other: String) -> Bool {
        let files: [Int32] = [path, other].map { (name: String) in open(name, O_RDONLY | O_CLOEXEC) }
        defer { for file in files where file >= 0 { close(file) } }
        guard files.allSatisfy({ $0 >= 0 }) else { return false }
        let portion = 1 << 20
        var offset = 0
        while true {
            let parts = files.map { FileContents.read($0, at: offset, count: portion) }
            guard parts[0] == parts[1] else { return false }
            if parts[0].count < portion { return true }
            offset += portion
        }
    }
}

import Glibc

/// What a path is; links to folders are `other`, so that a search ends.
public enum FileKind: Sendable {
    case file, folder, other

    public init(at path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            self = .other
            return
        }
        if status.st_mode & S_IFMT == S_IFLNK {
            self = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? .file : .other
        } else {
            self = status.st_mode & S_IFMT == S_IFDIR ? .folder : status.st_mode & S_IFMT == S_IFREG ? .file : .other
        }
    }
}

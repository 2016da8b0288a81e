import Files
import Glibc

/// Completes paths for the forms.
enum PathListing {
    /// Paths that begin with `prefix`, folders with a slash at the end; hidden ones only when asked for; at most 200.
    static func paths(prefix: String) -> [String] {
        let slash = prefix.lastIndex(of: "/")
        let folder = slash.map { String(prefix[...$0]) } ?? ""
        let start = slash.map { String(prefix[prefix.index(after: $0)...]) } ?? prefix
        let names = Folder.names(in: folder.isEmpty ? "." : folder).filter { name in
            name != "." && name != ".." && name.hasPrefix(start) && (start.hasPrefix(".") || !name.hasPrefix("."))
        }
        return names.sorted().prefix(200).map { name in
            var status = stat()
            let isFolder = stat(folder + name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            return folder + name + (isFolder ? "/" : "")
        }
    }
}

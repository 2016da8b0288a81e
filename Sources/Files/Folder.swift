import Glibc

/// What lies in a folder, and folders as a whole.
public enum Folder {
    /// Names in a folder in order, without `.` and `..`; none when it cannot be read. Those that are not UTF-8 are left out.
    public static func names(in folder: String) -> [String] { list(folder).names }

    /// Names in a folder, and those that are not UTF-8 with their bad bytes written out: no path can be made of them.
    public static func list(_ folder: String) -> (names: [String], strange: [String]) {
        guard let handle = opendir(folder) else { return ([], []) }
        defer { closedir(handle) }
        var names: [String] = []
        var strange: [String] = []
        while let entry = readdir(handle) {
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if let name = String(validating: bytes, as: UTF8.self) {
                if name != ".", name != ".." { names.append(name) }
            } else {
                strange.append(
                    bytes.map { (0x20..<0x7F).contains($0) ? String(UnicodeScalar($0)) : "\\x" + String($0, radix: 16) }.joined())
            }
        }
        return (names.sorted(), strange.sorted())
    }

    /// Makes a folder and its parents; being there already is fine.
    public static func make(_ path: String) throws(FileError) {
        var partial = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            partial += "/" + part
            if mkdir(partial, 0o777) != 0, errno != EEXIST, access(partial, F_OK) != 0 {
                throw FileError(failing: "mkdir", partial)
            }
        }
    }

    /// Removes a folder and what is in it; links are removed, not followed.
    public static func remove(_ path: String) {
        for name in names(in: path) {
            let child = path + "/" + name
            var status = stat()
            if lstat(child, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { remove(child) } else { unlink(child) }
        }
        rmdir(path)
    }
}

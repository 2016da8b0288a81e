import Glibc

/// A folder that holds runs: `descent.sqlite` and `artifacts/RUN/…`.
public struct Workspace: Sendable, Hashable {
    /// Absolute path of the folder.
    public let path: String

    /// Opens a workspace folder, making it if it is not there.
    /// - Throws: `cannotOpen` when the folder cannot be made, and what opening the database throws.
    public init(path: String) throws(StoreError) {
        try Self.makeFolder(path)
        guard let resolved = realpath(path, nil) else {
            throw StoreError(
                code: .cannotOpen, message: "cannot open the workspace \(path): check its permissions", operation: "realpath",
                cause: String(cString: strerror(errno)))
        }
        self.path = String(cString: resolved)
        free(resolved)
        try Self.makeFolder(self.path + "/artifacts")
        _ = try openDatabase()
    }

    /// Where a workspace is when none is named: `.descent` in the current folder if that is there, else the user's data folder.
    /// - Parameter environment: `XDG_DATA_HOME` and `HOME` are looked at.
    public static func defaultPath(currentFolder: String, environment: [String: String]) -> String {
        let local = currentFolder + "/.descent"
        if access(local, F_OK) == 0 { return local }
        if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") { return data + "/descent" }
        if let home = environment["HOME"], home.hasPrefix("/") { return home + "/.local/share/descent" }
        return local
    }

    public var databasePath: String { path + "/descent.sqlite" }

    /// Where a run's files lie: model, checkpoints.
    public func artifactFolder(of run: String) -> String { path + "/artifacts/" + run }

    /// The folder's name for the header: its own, or its parent's when it is called `.descent`.
    public var name: String {
        let parts = path.split(separator: "/")
        let last = parts.last.map(String.init) ?? path
        return last == ".descent" && parts.count > 1 ? String(parts[parts.count - 2]) : last
    }

    /// Makes a folder and its parents.
    public static func makeFolder(_ path: String) throws(StoreError) {
        var partial = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            partial += "/" + part
            if mkdir(partial, 0o777) != 0, errno != EEXIST {
                let reason = String(cString: strerror(errno))
                // A parent that exists but may not be written is fine as long as the folder itself is there.
                if access(partial, F_OK) == 0 { continue }
                throw StoreError(
                    code: .cannotOpen, message: "cannot make the folder \(path): choose another with --workspace",
                    operation: "mkdir \(partial)", cause: reason)
            }
        }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw StoreError(
                code: .cannotOpen, message: "\(path) is not a folder: choose another with --workspace", operation: "stat")
        }
    }

    func openDatabase() throws(StoreError) -> Database {
        let database = try Database(path: databasePath)
        try Migrations.apply(to: database)
        return database
    }
}

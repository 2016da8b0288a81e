import Databases
import Glibc

/// A folder that holds runs: `descent.sqlite` and `artifacts/RUN/…`.
public struct Workspace: Sendable, Hashable {
    /// Absolute path of the folder.
    public let path: String

    /// Opens a workspace folder, making it if it is not there.
    /// - Throws: `cannotOpen` when the folder cannot be made, and what opening the database throws.
    public init(path: String) throws(StoreError) {
        // A workspace is its user's: others neither read it nor steer what trains in it.
        let isNew = access(path, F_OK) != 0
        try Self.makeFolder(path)
        if isNew { chmod(path, 0o700) }
        self.path = try Self.resolved(path)
        try Self.makeFolder(self.path + "/artifacts")
        _ = try makeDatabase()
    }

    /// Opens a workspace that is there already, and makes nothing.
    /// - Throws: `noWorkspace` when there is none.
    public init(existing path: String) throws(StoreError) {
        guard access(path, F_OK) == 0 else { throw Self.noWorkspace(path) }
        self.path = try Self.resolved(path)
        guard access(databasePath, F_OK) == 0 else {
            let count = artifactRuns().count
            guard count == 0 else {
                throw StoreError(
                    code: .gone,
                    message:
                        "\(databasePath) is gone, but files of \(count) run\(count == 1 ? "" : "s") are there: "
                        + "`descent doctor --recover` brings back what they tell",
                    operation: "open")
            }
            throw Self.noWorkspace(path)
        }
    }

    /// The folder of a workspace whose database may be gone or damaged.
    init(damaged path: String) throws(StoreError) {
        guard access(path, F_OK) == 0 else { throw Self.noWorkspace(path) }
        self.path = try Self.resolved(path)
    }

    static func noWorkspace(_ path: String) -> StoreError {
        StoreError(
            code: .noWorkspace, message: "there is no workspace in \(path): `descent train` makes one, --workspace names another",
            operation: "open")
    }

    private static func resolved(_ path: String) throws(StoreError) -> String {
        guard let resolved = realpath(path, nil) else {
            throw StoreError(
                code: .cannotOpen, message: "cannot open the workspace \(path): check its permissions", operation: "realpath",
                cause: String(cString: strerror(errno)))
        }
        defer { free(resolved) }
        // What is no UTF-8 has no other name that a string can hold.
        return String(validatingCString: resolved) ?? path
    }

    /// Where a workspace is when none is named: where `DESCENT_WORKSPACE` says, else `.descent` in the current folder if that is there,
    /// else the user's data folder.
    /// - Parameter environment: `DESCENT_WORKSPACE`, `XDG_DATA_HOME` and `HOME` are looked at.
    public static func defaultPath(currentFolder: String, environment: [String: String]) -> String {
        if let named = environment["DESCENT_WORKSPACE"], !named.isEmpty { return named }
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

    /// Opens the database, making it if it is not there.
    func makeDatabase() throws(StoreError) -> Database { try openDatabase(.making) }

    /// Opens a database that was made before. One that was removed since is not made anew: a file that takes its place would be
    /// written to as if nothing had happened.
    /// - Throws: `gone` when there is none any more.
    func openDatabase() throws(StoreError) -> Database {
        do throws(StoreError) { return try openDatabase(.writing) } catch {
            guard error.code == .cannotOpen, access(databasePath, F_OK) != 0 else { throw error }
            throw StoreError(
                code: .gone, message: "\(databasePath) is gone: bring it back, or leave and start again", operation: "open")
        }
    }

    private func openDatabase(_ access: Database.Access) throws(StoreError) -> Database {
        do throws(StoreError) {
            let database = try Database(path: databasePath, access)
            try MigrationList.workspace.apply(to: database)
            return database
        } catch {
            // What may only be read is read; whoever writes hears that it cannot be.
            guard error.code == .readOnly, Glibc.access(databasePath, R_OK) == 0 else { throw error }
            return try openDatabaseToRead()
        }
    }

    /// Opens the database to read it, if need be without writing anything: on a read-only or full disk, or without permission.
    func openDatabaseToRead() throws(StoreError) -> Database {
        let first: StoreError
        do throws(StoreError) {
            let database = try Database(path: databasePath, .writing)
            try MigrationList.workspace.apply(to: database)
            return database
        } catch { first = error }
        guard [.readOnly, .cannotOpen, .diskFull, .failed].contains(first.code) else { throw first }
        // Without a log nobody writes it, and the library cannot make one here.
        let still: [Database.Access] = ForeignDatabase.log(of: databasePath) == nil ? [.readingStill] : []
        for access in [Database.Access.reading, .readingAlone] + still {
            do throws(StoreError) {
                let database = try Database(path: databasePath, access)
                try MigrationList.workspace.check(database)
                return database
            } catch { if [.newerVersion, .olderVersion, .corrupt].contains(error.code) { throw error } }
        }
        throw first
    }
}

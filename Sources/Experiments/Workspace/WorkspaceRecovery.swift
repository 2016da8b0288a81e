import Databases
import Events
import Glibc

/// Brings back what can be brought back of a workspace whose database is gone, emptied or damaged: readable rows from the old
/// database, and runs from the files that lie beside their models and checkpoints. Nothing is thrown away: the damaged database
/// stays beside the new one.
public struct WorkspaceRecovery {
    /// What is wrong with a workspace; nothing, when all is well.
    public struct Findings: Sendable, Hashable {
        /// What SQLite says about a damaged database, a line each; empty when it is whole.
        public var damages: [String] = []
        /// Whether there is no database.
        public var isGone = false
        /// Runs that have files here and that the database does not know.
        public var missing: [RunID] = []

        public var isFine: Bool { damages.isEmpty && missing.isEmpty }
    }

    /// What was brought back.
    public struct Outcome: Sendable, Hashable {
        /// Where the damaged database lies now; nil when it was not damaged.
        public var oldDatabase: String?
        /// Rows that were read from it, by table.
        public var rowCounts: [String: Int] = [:]
        /// Runs that came back from their files, with what is known of them.
        public var recovered: [RunSummary] = []
        /// Runs whose files do not say what they are.
        public var unknown: [RunID] = []
    }

    private let workspace: Workspace

    /// - Parameter path: the workspace's folder, which must be there.
    /// - Throws: `noWorkspace` when there is neither a database nor a run's files.
    public init(path: String) throws(StoreError) {
        workspace = try Workspace(damaged: path)
        guard access(workspace.databasePath, F_OK) == 0 || !workspace.artifactRuns().isEmpty else {
            throw Workspace.noWorkspace(path)
        }
    }

    /// Looks at every page of the database and for runs that are missing from it; changes nothing.
    /// - Throws: when the database can neither be read nor be called damaged, such as one in use or of a newer version.
    public func findings() throws(StoreError) -> Findings {
        guard access(workspace.databasePath, F_OK) == 0 else {
            return Findings(isGone: true, missing: workspace.artifactRuns())
        }
        var findings = Findings()
        do throws(StoreError) {
            let database = try workspace.openDatabaseToRead()
            let lines = try database.rows("PRAGMA quick_check(20)") { $0.text(0) }
            findings.damages = lines == ["ok"] ? [] : lines
            let known = Set(try database.rows("SELECT id FROM runs") { $0.text(0) })
            findings.missing = workspace.artifactRuns().filter { !known.contains($0.text) }
        } catch {
            guard error.code == .corrupt else { throw error }
            findings.damages.append(error.cause ?? error.description)
        }
        return findings
    }

    /// Brings back what can be read.
    /// - Parameter describe: what the files of a run tell that has no file with its record; nil when they tell nothing.
    /// - Throws: `busy` while a process uses the workspace, and what writing throws.
    public func recover(describing describe: (RunID) -> RunRecord?) throws(StoreError) -> Outcome {
        var outcome = Outcome()
        let found = try findings()
        if !found.damages.isEmpty {
            try checkIsUnused()
            let old = try moveAway()
            outcome.oldDatabase = old
            let new = try Database(path: workspace.databasePath)
            outcome.rowCounts = try Salvage(from: old, into: new, .workspace).run()
        }
        let database = try workspace.makeDatabase()
        let known = Set(try database.rows("SELECT id FROM runs") { $0.text(0) })
        for run in workspace.artifactRuns() where !known.contains(run.text) {
            guard let summary = RunFile.read(run, in: workspace) ?? describe(run).map({ Self.summary(of: $0) }) else {
                outcome.unknown.append(run)
                continue
            }
            outcome.recovered.append(try add(summary, to: database))
        }
        if outcome.oldDatabase != nil { try Salvage.removeOrphans(database) }
        return outcome
    }

    private static func summary(of record: RunRecord) -> RunSummary {
        var summary = RunSummary(record: record)
        summary.status = .stopped
        summary.reason = .recovered
        return summary
    }

    /// A run that has not ended has nobody who trains it.
    private func add(_ found: RunSummary, to database: Database) throws(StoreError) -> RunSummary {
        var summary = found
        if !summary.status.isFinal { (summary.status, summary.reason) = (.stopped, EndReason.interrupted) }
        summary.phase = nil
        let writer = RunWriter(database)
        return try database.transaction { () throws(StoreError) in
            let names = EntityStore(database, .runs)
            summary.record.name = try names.free(like: summary.record.name)
            let change = try writer.nextChange()
            try writer.write(summary, owner: ProcessMark(text: "0:0"), change: change)
            try names.write(summary.labels, of: summary.record.id.text, change: change)
            try FeatureStoreList(database).recover(summary.record, change: change)
            return summary
        }
    }

    /// - Throws: `busy` when a process that trains a run here is alive, as far as that can be read.
    private func checkIsUnused() throws(StoreError) {
        do throws(StoreError) {
            let database = try Database(path: workspace.databasePath, .reading)
            let owners = try database.rows("SELECT owner FROM runs WHERE status NOT IN ('Stopped', 'Completed', 'Failed')") {
                ProcessMark(text: $0.text(0))
            }
            guard let alive = owners.first(where: \.isAlive) else { return }
            throw StoreError(
                code: .busy,
                message: "process \(alive.text.prefix { $0 != ":" }) is training in \(workspace.path): stop it first",
                operation: "recover")
        } catch { if error.code == .busy { throw error } }
    }

    /// Moves the database and its log to a name that is free.
    private func moveAway() throws(StoreError) -> String {
        let path = workspace.databasePath
        let names = (1...999).lazy.map { "\(path).damaged-\($0)" }
        guard let free = names.first(where: { access($0, F_OK) != 0 }) else {
            throw StoreError(
                code: .failed, message: "there are 999 damaged databases beside \(path): remove some", operation: "recover")
        }
        for end in ["-wal", "-shm", ""] where access(path + end, F_OK) == 0 {
            guard rename(path + end, free + end) == 0 else {
                throw StoreError(
                    code: .readOnly, message: "\(path + end) cannot be moved away: check the folder's permissions",
                    operation: "rename", cause: String(cString: strerror(errno)))
            }
        }
        return free
    }
}

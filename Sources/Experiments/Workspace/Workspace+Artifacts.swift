import Events
import Files

extension Workspace {
    /// Runs that left something to go on from or to predict with in the folder `artifacts`, whether the database knows them or
    /// not.
    public func artifactRuns() -> [RunID] {
        Folder.names(in: path + "/artifacts").filter { name in
            let files = Folder.names(in: path + "/artifacts/" + name)
            return files.contains { $0 == RunFile.name || $0 == "model.json" || $0.hasPrefix("checkpoint-") }
        }.sorted().map { RunID($0) }
    }
}

import Events
import Glibc

extension Workspace {
    /// Runs that left something to go on from or to predict with in the folder `artifacts`, whether the database knows them or
    /// not.
    public func artifactRuns() -> [RunID] {
        Self.names(in: path + "/artifacts").filter { name in
            let files = Self.names(in: path + "/artifacts/" + name)
            return files.contains { $0 == RunFile.name || $0 == "model.json" || $0.hasPrefix("checkpoint-") }
        }.sorted().map { RunID($0) }
    }

    /// What lies in a folder; nothing when it cannot be read.
    static func names(in folder: String) -> [String] {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

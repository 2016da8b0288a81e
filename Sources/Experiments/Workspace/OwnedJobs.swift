import Databases
import Events

/// The rows of jobs of one kind, each of which one process carries out and any other may stop: what is the same for all kinds.
///
/// The table has the columns `id`, `name`, `owner`, `status`, `reason`, `created_at`, `finished_at`, `is_asked_to_stop` and `is_hosted`.
struct OwnedJobs {
    let database: Database
    let table: String
    /// Such as `tuning job`.
    let noun: String
    /// What `descent` has for them, such as `tune`.
    let command: String

    /// The one a user means by its name, its id, a unique beginning of either, or `@latest`.
    ///
    /// - Parameters:
    ///   - all: newest first.
    ///   - place: what a job is called.
    /// - Throws: `notFound` and `ambiguous`, with what to type instead.
    func named<Record>(
        _ text: String, among all: [Record], _ place: (Record) -> (id: String, name: String)
    ) throws(StoreError) -> Record {
        if text == "@latest", let newest = all.first { return newest }
        if let exact = all.first(where: { place($0).name == text || place($0).id == text }) { return exact }
        let found = all.filter { place($0).name.hasPrefix(text) || place($0).id.hasPrefix(text) }
        if let only = found.first, found.count == 1 { return only }
        if found.count > 1 {
            let names = found.prefix(5).map { place($0).name }.joined(separator: ", ")
            throw StoreError(code: .ambiguous, message: "'\(text)' may be \(names): type more of it", operation: "find \(noun)")
        }
        let known = all.isEmpty ? "there is none yet" : "`descent \(command) list` lists them"
        throw StoreError(code: .notFound, message: "no \(noun) '\(text)': \(known)", operation: "find \(noun)")
    }

    /// A name that is not taken: the given one, or that with a number.
    static func free(_ name: String, among taken: Set<String>) -> String {
        let stem = name.split(separator: "~").first.map(String.init) ?? name
        var free = name, number = 2
        while taken.contains(free) { (free, number) = ("\(stem)~\(number)", number + 1) }
        return free
    }

    /// Gives a job that ended, waits, or whose process is gone to this process.
    /// - Throws: `failed` where another process has it.
    func claim(_ id: String, name: String) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            if let (owner, status) = try owner(of: id), owner != .current, owner != .queue, owner.isAlive, status?.isFinal != true
            {
                throw StoreError(
                    code: .failed, message: "\(name) runs in another process: `descent \(command) stop \(name)` ends it there",
                    operation: "resume \(noun)")
            }
            try database.run(
                "UPDATE \(table) SET owner = ?, status = ?, reason = '', finished_at = NULL, is_asked_to_stop = 0 WHERE id = ?",
                [.text(ProcessMark.current.text), .text(JobStatus.inProgress.rawValue), .text(id)])
        }
    }

    // MARK: - The host's

    /// Has a job wait for the host, which carries it out, and takes it up again when it is killed.
    func enqueue(_ id: String) throws(StoreError) {
        try database.run(
            """
            UPDATE \(table) SET owner = ?, status = ?, reason = '', finished_at = NULL, is_asked_to_stop = 0, is_hosted = 1 WHERE id = ?
            """,
            [.text(ProcessMark.queue.text), .text(JobStatus.pending.rawValue), .text(id)])
    }

    /// Takes a job from the host: whoever carries it out from now on is looked after by somebody else.
    func leaveHost(_ id: String) throws(StoreError) {
        try database.run("UPDATE \(table) SET is_hosted = 0 WHERE id = ?", [.text(id)])
    }

    /// Jobs for the host to begin or to go on with, oldest first: those that wait, and those whose host was killed.
    func forHost() throws(StoreError) -> [String] {
        let sql = "SELECT id, owner, status FROM \(table) WHERE is_hosted = 1 ORDER BY created_at"
        return try database.rows(sql) { row -> String? in
            let owner = ProcessMark(text: row.text(1)), isOver = JobStatus(rawValue: row.text(2))?.isFinal ?? true
            return !isOver && (owner == .queue || !owner.isAlive) ? row.text(0) : nil
        }.compactMap { $0 }
    }

    /// Those of the host, whether it has them or is to have them.
    func hosted() throws(StoreError) -> Set<String> {
        Set(try database.rows("SELECT id FROM \(table) WHERE is_hosted = 1") { $0.text(0) })
    }

    /// Ends a job that waits for the host, or whose host was killed.
    func end(unbegun id: String, _ status: JobStatus, because reason: EndReason) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            guard let owner = try owner(of: id)?.mark, owner == .queue || !owner.isAlive else { return }
            try database.run(
                "UPDATE \(table) SET owner = ?, status = ?, reason = ? WHERE id = ?",
                [.text(ProcessMark.current.text), .text(status.rawValue), .text(reason.text), .text(id)])
        }
    }

    // MARK: - Who has one

    /// Asks the process that has a job to stop it.
    func askToStop(_ id: String) throws(StoreError) {
        try database.run("UPDATE \(table) SET is_asked_to_stop = 1 WHERE id = ?", [.text(id)])
    }

    func isAskedToStop(_ id: String) throws(StoreError) -> Bool {
        try database.rows("SELECT is_asked_to_stop FROM \(table) WHERE id = ?", [.text(id)]) { $0.integer(0) != 0 }.first ?? false
    }

    /// Whether a living process carries a job out: this one, or another.
    func isCarriedOut(_ id: String) throws(StoreError) -> Bool {
        try owner(of: id).map { $0.status?.isFinal == false && $0.mark != .queue && $0.mark.isAlive } ?? false
    }

    /// Whether this process carries it out.
    func isOurs(_ id: String) throws(StoreError) -> Bool {
        try owner(of: id).map { $0.status?.isFinal == false && $0.mark == .current } ?? false
    }

    private func owner(of id: String) throws(StoreError) -> (mark: ProcessMark, status: JobStatus?)? {
        try database.rows("SELECT owner, status FROM \(table) WHERE id = ?", [.text(id)]) {
            (ProcessMark(text: $0.text(0)), JobStatus(rawValue: $0.text(1)))
        }.first
    }
}

import Clocks
import Databases
import Events
import JSON

extension RunStore {
    /// A command that waits for the process that trains its run.
    public struct SentCommand: Hashable, Sendable {
        public let id: Int
        public let run: RunID
        /// The run's newest event when the command was written: what comes of it is told by a later one.
        public let lastEvent: Int
    }

    /// Whether the process that trains a run is another one, and is still there.
    public func isTrainedElsewhere(_ run: RunID) throws(StoreError) -> Bool {
        guard let (owner, status) = try names.owner(of: run.text) else { return false }
        return owner != .current && owner.isAlive && status?.isFinal == false
    }

    /// Writes a command down for the process that trains its run, which looks several times a second.
    /// - Throws: `failed` for a command that only its own process can carry out.
    public func send(_ command: StudioCommand) throws(StoreError) -> SentCommand {
        guard let (run, kind, body) = command.wire else {
            throw StoreError(code: .failed, message: "this cannot be asked of another process: do it there", operation: "send")
        }
        return try database.transaction { () throws(StoreError) in
            let last = try database.rows("SELECT max(id) FROM events WHERE run = ?", [.text(run.text)]) { $0.integer(0) }
            let id = try database.rows(
                "INSERT INTO commands (run, kind, body, created_at) VALUES (?, ?, ?, ?) RETURNING id",
                [.text(run.text), .text(kind), .text(body.text), .real(WallClock.now())]
            ) { $0.integer(0) }
            return SentCommand(id: id.first ?? 0, run: run, lastEvent: last.first ?? 0)
        }
    }

    /// Takes the commands for the runs of this process, oldest first: each is handed out once.
    public func takeCommands() throws(StoreError) -> [StudioCommand] {
        let sql = """
            SELECT commands.id, commands.run, commands.kind, commands.body FROM commands JOIN runs ON runs.id = commands.run
            WHERE runs.owner = ? ORDER BY commands.id
            """
        // A look without a write: nearly always there is nothing.
        let found = try database.rows(sql, [.text(ProcessMark.current.text)]) { row in
            (id: row.integer(0), command: Self.command(run: row.text(1), kind: row.text(2), body: row.text(3)))
        }
        guard !found.isEmpty else { return [] }
        return try database.transaction { () throws(StoreError) in
            var commands: [StudioCommand] = []
            for (id, command) in found {
                let taken = try database.rows("DELETE FROM commands WHERE id = ? RETURNING id", [.integer(id)]) { $0.integer(0) }
                if !taken.isEmpty, let command { commands.append(command) }
            }
            return commands
        }
    }

    /// Takes a command back that nobody took.
    /// - Returns: whether it was still waiting.
    public func withdraw(_ sent: SentCommand) throws(StoreError) -> Bool {
        try database.transaction { () throws(StoreError) in
            let taken = try database.rows("DELETE FROM commands WHERE id = ? RETURNING id", [.integer(sent.id)]) { $0.integer(0) }
            return !taken.isEmpty
        }
    }

    /// What happened to a command's run since it was sent.
    public func events(since sent: SentCommand) throws(StoreError) -> [StudioEvent] {
        let sql = "SELECT body FROM events WHERE run = ? AND id > ? ORDER BY id"
        return try database.rows(sql, [.text(sent.run.text), .integer(sent.lastEvent)]) { $0.text(0) }.compactMap(Self.event)
    }

    private static func command(run: String, kind: String, body: String) -> StudioCommand? {
        do { return StudioCommand(run: RunID(run), kind: kind, body: try JSONValue(parsing: body)) } catch { return nil }
    }
}

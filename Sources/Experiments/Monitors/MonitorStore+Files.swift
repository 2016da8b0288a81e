import Databases
import Events

// Which files of a folder a monitor has read: a file belongs to one execution, however old it says that it is.
extension MonitorStore {
    static let files = Migration(
        "0037-monitor-files",
        """
        CREATE TABLE monitor_files (
            id INTEGER PRIMARY KEY, monitor TEXT NOT NULL, scheduled_at REAL NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL,
            inode INTEGER NOT NULL, modified INTEGER NOT NULL, rows_before INTEGER NOT NULL, row_count INTEGER) STRICT;
        CREATE INDEX monitor_files_by_monitor ON monitor_files (monitor, scheduled_at);
        """)

    /// Makes the files that no other execution of the monitor has read this execution's. One that is asked for again gets what it had,
    /// and what has come since.
    ///
    /// - Parameter present: what is in the folder now.
    /// - Returns: what the execution is to read, in the order of `present`.
    public func claim(_ present: [MonitoredFile], for execution: MonitorExecution) throws(StoreError) -> [MonitoredFile] {
        try database.transaction { () throws(StoreError) in
            try database.run(
                "DELETE FROM monitor_files WHERE monitor = ? AND scheduled_at = ?",
                [.text(execution.monitor), .real(execution.scheduledAt)])
            let read = try database.rows(
                "SELECT name, size, inode, modified, row_count FROM monitor_files WHERE monitor = ? ORDER BY id",
                [.text(execution.monitor)]
            ) { row in
                var file = MonitoredFile(
                    name: row.text(0), size: row.integer(1), inode: UInt(bitPattern: row.integer(2)), modified: row.integer(3))
                file.rowCount = row.isNull(4) ? nil : row.integer(4)
                return file
            }
            // Before there was such a table, files were read in the time in which they were written.
            let isFirst = read.isEmpty && execution.from > 0
            let lastOfName = Dictionary(read.map { ($0.name, $0) }) { $1 }
            var claimed: [MonitoredFile] = []
            for file in present {
                var file = file
                let wasRead = isFirst && Double(file.modified) / 1e9 < execution.from
                if !wasRead {
                    if read.contains(where: { $0.isSame(as: file) }) { continue }
                    if let before = lastOfName[file.name] {
                        // Rows were added where it is the file that it was, and larger.
                        let hasGrown = before.inode == file.inode && file.size > before.size
                        file.rowsBefore = hasGrown ? before.rowCount ?? 0 : 0
                        file.isWrittenAnew = file.rowsBefore == 0
                    }
                    claimed.append(file)
                }
                try write(file, of: execution)
            }
            // That somebody looked is known, too, where nothing was there.
            if read.isEmpty, present.isEmpty { try write(MonitoredFile(name: "", size: 0, inode: 0, modified: 0), of: execution) }
            return claimed
        }
    }

    /// Keeps how many rows a claimed file had.
    public func note(rows: Int, of file: MonitoredFile, for execution: MonitorExecution) throws(StoreError) {
        try database.run(
            "UPDATE monitor_files SET row_count = ? WHERE monitor = ? AND scheduled_at = ? AND name = ?",
            [.integer(rows), .text(execution.monitor), .real(execution.scheduledAt), .text(file.name)])
    }

    private func write(_ file: MonitoredFile, of execution: MonitorExecution) throws(StoreError) {
        try database.run(
            """
            INSERT INTO monitor_files (monitor, scheduled_at, name, size, inode, modified, rows_before) VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(execution.monitor), .real(execution.scheduledAt), .text(file.name), .integer(file.size),
                .integer(Int(bitPattern: file.inode)), .integer(file.modified), .integer(file.rowsBefore),
            ])
    }
}

import Events
import Experiments
import Files
import Monitoring
import Tables

extension MonitorExecutor {
    /// The rows of files that came into a folder, and those that were added to files, which no execution has read before.
    func filedRows(
        _ execution: MonitorExecution, _ folder: String, _ baseline: Baseline, _ notes: inout [String]
    ) throws -> Table {
        guard FileKind(at: folder) == .folder else {
            throw CommandError.failed(
                "\(folder), which files are to come into, is not there: bring it back, or delete the monitor")
        }
        let files = try store.claim(files(in: folder, until: execution.until), for: execution)
        var tables: [Table] = [], unread: [String] = [], counts: [(file: MonitoredFile, rows: Int)] = []
        for file in files {
            do throws(TableError) {
                var table = try Table(contentsOf: folder + "/" + file.name, schema: baseline.readingSchema)
                if let first = tables.first, first.columns.map(\.name) != table.columns.map(\.name) {
                    notes.append("\(file.name) has other columns than the files before it, and is left out")
                    continue
                }
                let count = table.rowCount
                if file.isWrittenAnew || count < file.rowsBefore {
                    notes.append("\(file.name) was written anew, and all of its rows are looked at")
                } else if file.rowsBefore > 0 {
                    table = table.selecting(rows: Array(file.rowsBefore..<count))
                    notes.append("of \(file.name) the \(MonitorText.count(table.rowCount, "row")) that were added")
                }
                tables.append(table)
                counts.append((file, count))
            } catch { unread.append("\(file.name) could not be read: \(error.description)") }
        }
        for (file, rows) in counts { try store.note(rows: rows, of: file, for: execution) }
        if tables.isEmpty, let first = unread.first {
            throw CommandError.failed("of \(MonitorText.count(unread.count, "file")) none could be read: \(first)")
        }
        notes += unread
        if files.isEmpty { notes.append("no file came into \(folder) in this time") }
        return tables.isEmpty ? Table(columns: []) : Table.joined(tables)
    }

    /// What nobody has touched since a moment. Files that are being written begin with a point.
    private func files(in folder: String, until end: Double) -> [MonitoredFile] {
        Folder.names(in: folder).filter { !$0.hasPrefix(".") }.compactMap { name in
            let path = folder + "/" + name
            guard let stamp = FileStamp(path), stamp.isRegular, let arrival = FileStamp.arrival(path), arrival < end else {
                return nil
            }
            return MonitoredFile(name: name, size: stamp.size, inode: stamp.inode, modified: stamp.modified)
        }
    }
}

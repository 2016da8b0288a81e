import Events
import Files
import Glibc
import Tables
import Training

/// The data of a script's job as its channels: the files as they are given, or a file's rows split in two.
struct ScriptData {
    /// The folder of each channel, by name.
    private(set) var channels: [String: String] = [:]
    /// Hash of the data's bytes, with the validation file's when there is one; empty where there is no data, or none that can be read
    /// whole.
    private(set) var fingerprint = ""
    private(set) var reading: DataReading?
    private(set) var warnings: [DataWarning] = []

    /// - Throws: `badData` when the data cannot be read, or split; `cannotWrite`.
    init(_ request: JobRequest, _ folders: ScriptFolders) throws(TrainingError) {
        guard !request.datasetPath.isEmpty else { return }
        do throws(TableError) {
            if request.validationSplit > 0, request.validationPath == nil {
                try split(request, folders)
            } else {
                try take(request.datasetPath, as: "train", folders)
                if let path = request.validationPath { try take(path, as: "validation", folders) }
            }
        } catch { throw TrainingError(.badData, error.description, operation: "prepare") }
    }

    private mutating func take(_ path: String, as name: String, _ folders: ScriptFolders) throws(TableError) {
        let folder = folders.channel(name)
        do throws(FileError) {
            Folder.remove(folder)
            // A folder of files is the channel itself.
            if case .folder = FileKind(at: path) {
                try Folder.make(FilePath.folder(folder))
                symlink(path, folder)
            } else {
                try Folder.make(folder)
                // A pattern stands for the files that it fits.
                let members = access(path, F_OK) == 0 ? [path] : FileSet(path)?.members.map(\.path) ?? [path]
                for member in members { symlink(member, folder + "/" + FilePath.name(member)) }
            }
        } catch { throw TableError(.writeFailed, error.description) }
        channels[name] = folder
        // What no table is in, such as images, has no fingerprint.
        do throws(TableError) { fingerprint += try DataFingerprint.of(path) } catch {
            if !FileSet.exists(path) { throw error }
            warnings.append(
                DataWarning(
                    code: "noFingerprint", column: nil,
                    message: "\(path) is handed over as it is; whether it changes is not seen (\(error.message))"))
        }
    }

    private mutating func split(_ request: JobRequest, _ folders: ScriptFolders) throws(TableError) {
        let table = try Table(contentsOf: request.datasetPath, options: try ReadOptions(request.reading))
        var method = RowSplit.Method.random
        if let group = request.group { method = .grouped(by: try table.column(matching: group).name) }
        switch request.validationOrder {
        case nil: if request.group == nil, let target = request.target { method = try Self.stratified(table, target) }
        case "random"?: break
        case "stratified"?: method = try Self.stratified(table, request.target ?? "last")
        case "file"?, "time"?: method = .ordered()
        case let column?: method = .ordered(by: try table.column(matching: column).name)
        }
        let split = try RowSplit(table, method: method, fraction: request.validationSplit, seed: request.seed)
        var status = stat()
        let isFile = stat(request.datasetPath, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        let name = isFile ? FilePath.name(request.datasetPath) : "data" + TableWriter.ending(for: table)
        let batch = OutputBatch()
        for (channel, rows) in [("train", split.training), ("validation", split.heldOut)] {
            let folder = folders.channel(channel)
            do throws(FileError) {
                Folder.remove(folder)
                try Folder.make(folder)
            } catch { throw TableError(.writeFailed, error.description) }
            try TableWriter.write(table, rows: rows, to: folder + "/" + name, in: batch)
            channels[channel] = folder
        }
        try batch.finish()
        fingerprint = table.fingerprint
        reading = DataReading(table)
        warnings += table.warnings.map { DataWarning($0) }
    }

    /// Classes keep their shares; a target with too many values is no class.
    private static func stratified(_ table: Table, _ target: String) throws(TableError) -> RowSplit.Method {
        let column = try table.column(matching: target)
        let method = RowSplit.Method.stratified(by: column.name)
        do throws(TableError) {
            _ = try RowSplit(table, method: method, fraction: 0.5, seed: 0)
            return method
        } catch { return .random }
    }
}

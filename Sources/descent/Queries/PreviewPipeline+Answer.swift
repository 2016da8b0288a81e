import Clocks
import Events
import Files
import PipelineSteps
import Preparing
import Studio
import Synchronization
import Tables
import Training

extension PreviewPipeline: AnsweredQuery {
    func answer(_ work: QueryWork<PipelinePreview>) throws -> PipelinePreview {
        try work.checkDataIsHere()
        let (table, isWhole) = try PipelineTables.shared.table(file)
        do {
            let rows = try PipelineTables.rows(table, pipeline, file)
            var preview = PipelinePreviewing.preview(
                pipeline, table, rows: rows.training, heldOut: rows.heldOut.count, roles: rows.roles
            ).preview
            preview.isOfFirstRows = !isWhole
            return preview
        } catch let error as PipelineError {
            return PipelinePreview(rowCount: table.rowCount, fault: error.message)
        } catch let error as TrainingError {
            return PipelinePreview(rowCount: table.rowCount, fault: error.message)
        }
    }
}

extension FindPipeline: AnsweredQuery {
    func answer(_ work: QueryWork<DataPipeline?>) throws -> DataPipeline? {
        guard let steps = try work.store.datasets.pipeline(at: file.path) else { return nil }
        return try DataPipeline(parsing: steps)
    }
}

extension KeepPipeline: AnsweredQuery {
    func answer(_ work: QueryWork<Bool>) throws -> Bool {
        try work.checkDataIsHere()
        let steps = pipeline.steps.isEmpty ? nil : pipeline.text
        try work.store.datasets.keepPipeline(steps, at: file.path, time: WallClock.now())
        return true
    }
}

extension ReadPipeline: AnsweredQuery {
    func answer(_ work: QueryWork<DataPipeline>) throws -> DataPipeline { try PipelineFile.read(path) }
}

extension KeepPrepared: AnsweredQuery {
    func answer(_ work: QueryWork<KeepRows.Kept>) throws -> KeepRows.Kept {
        try work.checkDataIsHere()
        let own = FileStamp(file.path)?.inode
        if own != nil, FileStamp(path)?.inode == own {
            throw CommandError.data("\(path) is the data set itself: write to another file")
        }
        try WrittenFiles.checkIsFree(path)
        let table = try Table(contentsOf: file.path, options: try ReadOptions(file.reading))
        let rows = try PipelineTables.rows(table, pipeline, file)
        guard rows.heldOut.isEmpty else {
            throw CommandError.usage(
                "the pipeline holds rows out, which take a file of their own: descent data prepare --held-out writes both")
        }
        let fit = try FittedPipeline.fit(pipeline, table, rows: rows.training, roles: rows.roles)
        try TableWriter.write(columnsOf: try fit.learned, to: path)
        return KeepRows.Kept(path: FilePath.absolute(path) ?? path, rowCount: fit.rows.count)
    }
}

/// The table that a pipeline was last looked at with.
private final class PipelineTables: Sendable {
    static let shared = PipelineTables()

    private struct Kept: Sendable {
        let file: RowsFile
        let stamp: FileStamp?
        let table: Table
        let isWhole: Bool
    }

    private let kept = Mutex<Kept?>(nil)

    /// The first rows of a file, and whether they are all.
    func table(_ file: RowsFile) throws -> (table: Table, isWhole: Bool) {
        let stamp = FileStamp(file.path)
        if let known = kept.withLock({ $0 }), known.file == file, known.stamp == stamp { return (known.table, known.isWhole) }
        try DataFile.check(file.path)
        var options = try ReadOptions(file.reading)
        options.rowLimit = min(options.rowLimit ?? .max, PreviewPipeline.mostRows)
        let table = try Table(contentsOf: file.path, options: options)
        let isWhole = table.rowCount < PreviewPipeline.mostRows
        kept.withLock { $0 = Kept(file: file, stamp: stamp, table: table, isWhole: isWhole) }
        return (table, isWhole)
    }

    /// Which rows of it the pipeline is learned on.
    static func rows(_ table: Table, _ pipeline: DataPipeline, _ file: RowsFile) throws -> PipelineRows {
        var request = JobRequest(
            datasetPath: file.path, target: nil, algorithm: "linear-learner", validationSplit: 0, reading: file.reading)
        try request.take(pipeline)
        return try PipelineRows(table, request)
    }
}

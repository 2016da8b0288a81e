import Events
import Glibc
import Studio
import Training

extension PreviewData: AnsweredQuery {
    func answer(_ work: QueryWork<DataPreview.Outcome>) throws -> DataPreview.Outcome {
        if let attachments = work.attachments { return .unreadable(try attachments.read(path, reading, in: work.store)) }
        do { try DataFile.check(path) } catch { return .unreadable(error.description) }
        var status = stat()
        // What can be read but once is not read for a look.
        guard stat(path, &status) == 0, [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else {
            return .unreadable("\(path) is no file with a beginning to look at: open it as it is")
        }
        return DataPreviewing.preview(path: path, reading: reading)
    }
}

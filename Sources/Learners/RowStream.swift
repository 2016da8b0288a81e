/// Training rows that stay in their file and are handed out piece by piece. Confined to the trainer's thread.
public protocol RowStream: AnyObject {
    /// Rows of one epoch.
    var rowCount: Int { get }
    /// Rows that fit in memory at a time.
    var windowRowCount: Int { get }
    /// Some of an epoch's rows; which ones depends on nothing but the epoch and the range.
    ///
    /// - Throws: `streamFailed` when the file can no longer be read as it was.
    func rows(_ range: Range<Int>, epoch: Int) throws(LearnerError) -> LabelledMatrix
}

import Events
import Learners
import Tables

/// A cluster that reads a job's files and goes over their rows. Confined to the job's thread.
package protocol RowCluster: AnyObject {
    /// Reads the files once: what they hold, and some rows to learn types and encodings from.
    ///
    /// - Throws: `badData` with the file at fault, `clusterFailed`, `stopped`.
    func survey(_ wish: ClusterSurvey.Wish) throws(TrainingError) -> ClusterSurvey

    /// What all rows to learn from teach about columns.
    ///
    /// - Parameter schema: how their texts are read.
    /// - Throws: `badData` for a column whose values are none of its kind, `clusterFailed`, `stopped`.
    func statistics(
        of pipeline: FeaturePipeline, target: TargetEncoding?, schema: TableSchema
    ) throws(TrainingError) -> [String: ColumnStatistics]

    /// Encodes all rows to learn from, and keeps them.
    ///
    /// - Throws: as `statistics`.
    func encode(
        _ pipeline: FeaturePipeline, target: TargetEncoding?, schema: TableSchema
    ) throws(TrainingError) -> any DistributedRows

    /// Lets go of everything.
    func close()
}

extension JobPlan {
    /// Starts the engine that a request names.
    package typealias ClusterMaker =
        @Sendable (_ plan: JobPlan, _ control: JobControl, _ meter: JobMeter) throws(TrainingError) -> any RowCluster
}

/// What one pass over a job's files tells.
package struct ClusterSurvey: Sendable {
    /// What is asked for.
    package struct Wish: Sendable {
        package var path: String
        package var target: String?
        package var reading: [String: String]
        /// Share of the rows to hold out.
        package var heldOutFraction: Double
        package var seed: UInt64
        /// About the most rows to learn encodings from, and to hold out.
        package var sampleLimit: Int
    }

    /// Files of some rows to learn from, and of those that are held out; nil = none are.
    package var samplePath: String, heldOutPath: String?
    /// Rows of the files, of the sample, rows that are held out, rows without a target.
    package var rowCount: Int, heldOutCount: Int, missingTargetCount: Int
    /// Tells these files from others.
    package var fingerprint: String
    /// Files there are.
    package var fileCount: Int

    package init(
        samplePath: String, heldOutPath: String?, rowCount: Int, heldOutCount: Int, missingTargetCount: Int,
        fingerprint: String, fileCount: Int
    ) {
        (self.samplePath, self.heldOutPath) = (samplePath, heldOutPath)
        (self.rowCount, self.heldOutCount, self.missingTargetCount) = (rowCount, heldOutCount, missingTargetCount)
        (self.fingerprint, self.fileCount) = (fingerprint, fileCount)
    }
}

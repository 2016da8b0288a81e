import Files
import JSON

/// How good a model was, and what it has to be: `statistics.json` and `constraints.json` of a folder.
public struct ModelQualityBaseline: Sendable, Hashable {
    /// Nil where the folder has constraints alone.
    public var quality: ModelQuality?
    public var constraints: ModelQualityConstraints
    /// How often it was right when it was so sure; nil for numbers, and where nobody measured it.
    public var calibration: ConfidenceCalibration?

    public init(_ quality: ModelQuality, falseAlarms: Double? = Baseline.usualFalseAlarms) {
        self.quality = quality
        constraints = ModelQualityConstraints(suggestedFor: quality, falseAlarms: falseAlarms)
    }

    /// Reads a folder.
    ///
    /// - Throws: `badData`, with the file at fault.
    public init(folder: String) throws(MonitoringError) {
        constraints = try Baseline.read(folder, Baseline.constraintsName, ModelQualityConstraints.init)
        let path = folder + "/" + Baseline.statisticsName
        quality = FileKind(at: path) == .file ? try Baseline.read(folder, Baseline.statisticsName, ModelQuality.init) : nil
        let name = ConfidenceCalibration.fileName
        if FileKind(at: folder + "/" + name) == .file {
            calibration = try Baseline.read(folder, name, ConfidenceCalibration.init(json:))
        }
    }

    /// Writes the folder, which only its owner can read.
    ///
    /// - Throws: `badRequest` where it cannot be written.
    public func write(to folder: String) throws(MonitoringError) {
        do throws(FileError) {
            try Folder.make(folder)
            if let quality { try PrivateFile.write(quality.json, to: folder + "/" + Baseline.statisticsName) }
            try PrivateFile.write(constraints.json, to: folder + "/" + Baseline.constraintsName)
            if let calibration { try PrivateFile.write(calibration.json, to: folder + "/" + ConfidenceCalibration.fileName) }
        } catch { throw MonitoringError(.badRequest, error.description) }
    }
}

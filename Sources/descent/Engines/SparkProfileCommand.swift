import Events
import Files
import Spark

/// `descent data profile … --engine spark`: files are looked at where they lie.
enum SparkProfileCommand {
    /// - Returns: nil where the user interrupted it.
    static func profile(_ arguments: ParsedArguments, on size: ClusterSize) throws -> DatasetProfile? {
        if arguments.flag("--against") {
            throw CommandError.usage("--against is not to be had on spark: profile both, or compare samples of them here")
        }
        let folder = try ErrandFiles.folder()
        defer { Folder.remove(folder) }
        let profile = SparkProfile(
            SparkErrand(
                settings: try EngineSettings.spark(arguments.environment), size: size, name: "profile",
                logPath: folder + "/spark.log"),
            path: try ErrandFiles.path(arguments.positionals), target: arguments.value("--target"),
            reading: try arguments.reading(), folder: folder)
        var found = try ErrandWatch.run { isStopped, tell throws(SparkFault) in try profile.run(isStopped: isStopped, tell: tell)
        }
        found?.path = arguments.positionals.joined(separator: ",")
        return found
    }
}

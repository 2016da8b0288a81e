import Files
import Spark

/// Waits for what Spark is asked to do besides jobs.
enum ErrandWatch {
    /// - Returns: nil where the user interrupted it.
    /// - Throws: its faults, as a command's.
    static func run<Result>(
        _ work: (_ isStopped: @escaping () -> Bool, _ tell: @escaping (String) -> Void) throws(SparkFault) -> Result
    ) throws(CommandError) -> Result? {
        let watch = InterruptWatch { _ in }
        do throws(SparkFault) {
            return try work({ watch.wasInterrupted }) { Console.note($0) }
        } catch {
            switch error.code {
            case .stopped: return nil
            case .usage: throw .usage(error.message)
            case .data: throw .data(error.message)
            case .failed: throw .failed(error.message)
            }
        }
    }
}

/// The files that Spark is asked to go over.
enum ErrandFiles {
    /// Files and folders as the engine takes them: those of this machine from the root on, with commas between.
    static func path(_ paths: some Sequence<String>) throws(CommandError) -> String {
        var whole: [String] = []
        for path in paths {
            if path.contains(",") {
                throw .usage("'\(path)': a comma stands between the files of an engine: give the file another name")
            }
            whole.append(path.contains("://") ? path : Engine.absolute(path))
        }
        return whole.joined(separator: ",")
    }

    /// A folder for what is only needed meanwhile.
    static func folder() throws(CommandError) -> String {
        do throws(FileError) { return try TemporaryPlace.makeFolder("spark") } catch { throw .failed("\(error)") }
    }
}

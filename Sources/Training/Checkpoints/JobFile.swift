import Files

/// Models and checkpoints on disk: written whole or not at all, and what goes wrong told as the job's failure.
enum JobFile {
    static func write(_ bytes: [UInt8], to path: String) throws(TrainingError) {
        do throws(FileError) { try AtomicFile.write(bytes, to: path) } catch { throw TrainingError(error) }
    }

    /// Reads a whole file; nil if it is not there.
    static func read(_ path: String) throws(TrainingError) -> [UInt8]? {
        do throws(FileError) { return try AtomicFile.read(path, atMost: FreeMemory.available) } catch {
            throw TrainingError(error)
        }
    }

    static func makeFolder(_ path: String) throws(TrainingError) {
        do throws(FileError) { try Folder.make(path) } catch { throw TrainingError(error) }
    }
}

import Files
import OutputFiles

/// A file for an export, which replaces none unless it is said to; pipes, devices and `-` for standard output are written to.
final class ExportFile {
    private let output: OutputFile

    /// - Throws: when there is a file at `path` that is not to be replaced, or its folder cannot be written.
    init(_ path: String, replaces: Bool = false) throws(LogError) {
        if !replaces, FileKind(at: path) == .file, path != OutputFile.standardOutput {
            throw LogError(message: "\(path) is there already: choose another name")
        }
        do throws(OutputError) { output = try OutputFile(path) } catch { throw LogError(error) }
    }

    func write(_ text: String) throws(LogError) {
        do throws(OutputError) { try output.write(text) } catch { throw LogError(error) }
    }

    func write(_ bytes: [UInt8]) throws(LogError) {
        do throws(OutputError) {
            try bytes.withUnsafeBufferPointer { buffer throws(OutputError) in try output.write(buffer) }
        } catch { throw LogError(error) }
    }

    func finish() throws(LogError) {
        do throws(OutputError) { try output.finish() } catch { throw LogError(error) }
    }
}

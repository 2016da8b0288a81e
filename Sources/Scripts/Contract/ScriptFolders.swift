import Files
import Glibc

/// The folders of a training job as SageMaker lays them out below `/opt/ml`, here in a run's own folder.
///
/// - Source: SageMaker Developer Guide, "How Amazon SageMaker AI provides training information".
package struct ScriptFolders {
    package let root: String

    /// - Parameter artifacts: the run's folder.
    package init(artifacts: String) { root = artifacts + "/ml" }

    package var input: String { root + "/input" }
    package var configuration: String { root + "/input/config" }
    package func channel(_ name: String) -> String { root + "/input/data/" + name }
    package var model: String { root + "/model" }
    package var output: String { root + "/output" }
    package var outputData: String { root + "/output/data" }
    package var failure: String { root + "/output/failure" }
    package var checkpoints: String { root + "/checkpoints" }

    /// Where the script is kept as it was when it was run.
    package var code: String { root + "/code" }

    /// A script larger than this is no text that somebody wrote.
    private static let largestScript = 4 << 20

    /// Keeps the script.
    func keep(_ script: String) throws(ScriptError) {
        guard let bytes = FileContents.bytes(script, atMost: Self.largestScript + 1), bytes.count <= Self.largestScript else {
            return
        }
        do throws(FileError) {
            try Folder.make(code)
            try AtomicFile.write(bytes, to: code + "/" + FilePath.name(script))
        } catch { throw ScriptError("\(error)") }
    }

    /// Whether a script is not any more what was kept.
    package func hasChanged(_ script: String) -> Bool {
        guard let kept = FileContents.bytes(code + "/" + FilePath.name(script), atMost: Self.largestScript + 1) else {
            return false
        }
        return FileContents.bytes(script, atMost: Self.largestScript + 1) != kept
    }

    func make() throws(ScriptError) {
        do throws(FileError) {
            for folder in [configuration, model, outputData, checkpoints] { try Folder.make(folder) }
        } catch { throw ScriptError("\(error)") }
    }

    /// The first 1,024 characters of the file in which the script says why it failed; nil = it says nothing.
    var failureReason: String? {
        guard let text = FileContents.text(failure, atMost: 1 << 16) else { return nil }
        let reason = String(text.drop(while: \.isWhitespace).prefix(1024))
        return reason.isEmpty ? nil : reason
    }
}

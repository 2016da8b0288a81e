import Events
import Files
import PipelineSteps

/// A pipeline as a file has it.
enum PipelineFile {
    /// - Throws: what cannot be read, and the number of the step that is wrong.
    ///
    /// - Parameter path: a file, or the steps themselves.
    static func read(_ path: String) throws(CommandError) -> DataPipeline {
        if PipelineText.isSteps(path) {
            do throws(PipelineError) { return try DataPipeline(parsing: path) } catch { throw .usage(error.message) }
        }
        guard let text = FileContents.text(path) else {
            throw .data("\(path): there is no such file of text: give a pipeline (see descent data prepare --help)")
        }
        do throws(PipelineError) { return try DataPipeline(parsing: text) } catch { throw .data("\(path): \(error.message)") }
    }

    /// Puts the steps themselves where a request names their file, so that they stay with the run, and takes what they say of the job.
    static func resolve(_ request: inout JobRequest) throws(CommandError) {
        guard let text = request.pipeline else { return }
        let pipeline = try read(text)
        do throws(PipelineError) { try request.take(pipeline) } catch { throw .usage("--pipeline: \(error.message)") }
    }
}

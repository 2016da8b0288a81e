import Events
import Files
import Glibc
import Training

/// What is checked and settled about a script before its run is registered.
public enum ScriptRequest {
    /// Makes paths absolute, notes the folder to run in, and checks the program and the patterns.
    /// - Throws: `badRequest`.
    public static func prepare(_ request: inout JobRequest, environment: [String: String]) throws(TrainingError) {
        if request.folder == nil {
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
            request.folder = getcwd(&buffer, buffer.count).map { String(cString: $0) } ?? "/"
        }
        if let script = request.script { request.script = FilePath.absolute(script) ?? script }
        do throws(ScriptError) {
            for text in request.metrics { _ = try MetricDefinition(parsing: text) }
            _ = try ScriptProgram(request, hyperparameters: [:], environment)
        } catch { throw TrainingError(.badRequest, error.description, operation: "validate") }
    }
}

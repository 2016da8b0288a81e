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
            guard let folder = getcwd(&buffer, buffer.count) else {
                throw TrainingError(
                    .badRequest, "the folder this runs in is gone: cd to one that is there", operation: "validate")
            }
            request.folder = String(cString: folder)
        }
        if let folder = request.folder, access(folder, F_OK) != 0 {
            throw TrainingError(
                .badRequest, "\(folder), the folder the script runs in, is gone: make it again", operation: "validate")
        }
        if let script = request.script { request.script = FilePath.absolute(script) ?? script }
        if let file = request.description { request.description = FilePath.absolute(file) ?? file }
        do throws(ScriptError) {
            try complete(&request)
            for text in request.metrics { _ = try MetricDefinition(parsing: text) }
            _ = try ScriptProgram(request, hyperparameters: [:], environment)
        } catch { throw TrainingError(.badRequest, error.description, operation: "validate") }
    }

    /// What a script's description says where the user says nothing.
    private static func complete(_ request: inout JobRequest) throws(ScriptError) {
        let found: ScriptDescription?
        if let file = request.description {
            found = try ScriptDescription(file: file)
        } else {
            found = try request.script.map { script throws(ScriptError) in try ScriptDescription(beside: script) } ?? nil
        }
        guard let found else { return }
        request.hyperparameters = try found.complete(request.hyperparameters, but: JobSettings.names)
        if let objective = found.objective, request.hyperparameters[JobSettings.objective] == nil {
            request.hyperparameters[JobSettings.objective] = objective
        }
        if request.metrics.isEmpty { request.metrics = found.metrics }
    }
}

import Experiments
import Files
import Glibc
import JSON
import Serving
import Transfers

/// What `descent endpoint invoke --async` sends, and says of the answer.
enum EndpointAsyncInput {
    static func prepare(_ request: inout WebRequest, _ arguments: ParsedArguments, _ workspace: Workspace) throws {
        for (option, name) in [("--ttl", "RequestTTLSeconds"), ("--timeout", "InvocationTimeoutSeconds")] {
            guard let text = arguments.value(option) else { continue }
            guard let seconds = Int(text) else {
                throw CommandError.usage("\(option) '\(text)': give a whole number of seconds")
            }
            request.headers.append("X-Amzn-SageMaker-\(name): \(seconds)")
        }
        guard request.body.count > AsyncRequest.mostInline else { return }
        let folder = Engine.absolute(EndpointListener.asyncInputFolder(workspace))
        do throws(FileError) {
            try Folder.make(folder)
            chmod(folder, 0o700)
            var generator = SystemRandomNumberGenerator()
            let path = "\(folder)/\(AsyncPath.passingPrefix)\(generator.next())"
            try AtomicFile.write(request.body, to: path)
            request.headers.append("X-Amzn-SageMaker-InputLocation: \(AsyncPath.location(of: path))")
            request.body = []
        } catch { throw CommandError.failed(error.description) }
    }

    static func tell(_ answer: WebAnswer, _ arguments: ParsedArguments, _ name: String) throws {
        let id = try JSONValue(parsing: String(decoding: answer.body, as: UTF8.self))["InferenceId"]?.string ?? ""
        let output = answer.header("x-amzn-sagemaker-outputlocation") ?? ""
        let failure = answer.header("x-amzn-sagemaker-failurelocation") ?? ""
        guard arguments.flag("--json") else { return Console.print(output) }
        Console.print(
            JSONValue.object([
                "kind": .string("asyncInvocation"), "endpoint": .string(name), "inferenceID": .string(id),
                "outputLocation": .string(output), "failureLocation": .string(failure),
            ]).text)
    }
}

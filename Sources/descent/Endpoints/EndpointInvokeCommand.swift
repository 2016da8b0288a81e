import Events
import Experiments
import Files
import Glibc
import JSON
import OutputFiles
import Serving
import Transfers

/// `descent endpoint invoke`: asks an endpoint as any client does, over HTTP.
enum EndpointInvokeCommand {
    static let specification = CommandSpecification(
        words: ["endpoint", "invoke"], summary: "ask an endpoint: a file's bytes in, its answer out",
        details: """
            Sends the file as it is. What it is taken for follows from its ending (.csv, .json, .jsonl, .libsvm), or is said with \
            --content-type. The answer goes to standard output, or with --json as one line with the headers that tell of it. With \
            --async it is written to a file later, whose place is said at once, as a failure is.
            """,
        positionals: [EndpointCommands.named, .init(name: "FILE", help: "what is sent; - is standard input")],
        options: [
            .init(name: "--content-type", value: "TYPE", help: "what the file is, such as text/csv"),
            .init(name: "--accept", value: "TYPE", help: "what the answer is to be, such as application/json"),
            .init(name: "--variant", value: "NAME", help: "have this variant answer"),
            .init(name: "--inference-id", value: "ID", help: "by which the request is known again in what is captured"),
            .init(name: "--async", value: nil, help: "have it answered later, into a file"),
            .init(name: "--ttl", value: "SECONDS", help: "with --async: how long it may wait, 60 to 21600 (default: 21600)"),
            .init(
                name: "--timeout", value: "SECONDS", help: "with --async: how long the model may take, 1 to 3600 (default: 900)"),
            .init(name: "--authorities", value: "FILE", help: "with TLS: certificates to trust instead of the system's, in PEM"),
        ],
        examples: [
            "descent endpoint invoke churn rows.csv", "echo 1,2,3 | descent endpoint invoke churn - --accept application/json",
        ],
        run: { arguments in
            let client = try EndpointClient(arguments), file = arguments.positionals[1]
            let record = try client.endpoints.endpoint(named: arguments.positionals[0])
            guard let place = try client.endpoints.place(), place.isThere else {
                throw CommandError.failed("nobody serves \(record.name): `descent serve --detach` starts the workspace's host")
            }
            let isAsync = arguments.flag("--async")
            for option in ["--ttl", "--timeout"] where arguments.flag(option) && !isAsync {
                throw CommandError.usage("\(option) is for --async")
            }
            if isAsync, arguments.flag("--variant") { throw CommandError.usage("--variant is not for --async: leave it out") }
            var request = WebRequest(isAsync ? place.asyncURL(of: record.name) : place.url(of: record.name))
            request.body = try bytes(file)
            request.headers = try headers(arguments, file, client.workspace)
            if isAsync { try EndpointAsyncInput.prepare(&request, arguments, client.workspace) }
            (request.seconds, request.mostAnswerBytes) = (120, 1 << 30)
            request.authorities = arguments.value("--authorities")
            let answer: WebAnswer
            do throws(TransferError) { answer = try request.send() } catch { throw CommandError.failed(error.description) }
            if isAsync {
                try EndpointAsyncInput.tell(try good(answer, record.name), arguments, record.name)
            } else {
                try tell(answer, arguments, record.name)
            }
            return .done
        })

    /// - Throws: what an answer that is an error says.
    private static func good(_ answer: WebAnswer, _ name: String) throws -> WebAnswer {
        guard !answer.isGood else { return answer }
        let text = String(decoding: answer.body, as: UTF8.self)
        var message = text
        do { message = try JSONValue(parsing: text)["Message"]?.string ?? text } catch {}
        throw CommandError(
            code: answer.status == 424 || answer.status == 413 ? .data : .failed,
            description: "\(name) answered \(answer.status) \(answer.header("x-amzn-errortype") ?? ""): \(message)")
    }

    private static func tell(_ answer: WebAnswer, _ arguments: ParsedArguments, _ name: String) throws {
        let text = String(decoding: try good(answer, name).body, as: UTF8.self)
        if arguments.flag("--json") {
            let line = JSONValue.object([
                "kind": .string("invocation"), "endpoint": .string(name),
                "variant": answer.header("x-amzn-invoked-production-variant").map { .string($0) },
                "requestID": answer.header("x-amzn-requestid").map { .string($0) },
                "contentType": answer.header("content-type").map { .string($0) }, "body": .string(text),
            ])
            return Console.print(line.text)
        }
        if let warnings = answer.header("x-descent-warnings"), !arguments.flag("--quiet") { Console.note("warning: \(warnings)") }
        Console.printRaw(text.hasSuffix("\n") || text.isEmpty ? text : text + "\n")
    }

    private static func headers(_ arguments: ParsedArguments, _ file: String, _ workspace: Workspace) throws -> [String] {
        var headers = ["Authorization: Bearer \(try ServerCredentials(workspace: workspace.path).token)"]
        // The library would say that it is a form.
        headers.append("Content-Type: " + (arguments.value("--content-type") ?? usualType(file)))
        for (option, name) in [
            ("--accept", "Accept"), ("--variant", "X-Amzn-SageMaker-Target-Variant"),
            ("--inference-id", "X-Amzn-SageMaker-Inference-Id"),
        ] { if let value = arguments.value(option) { headers.append("\(name): \(value)") } }
        for header in headers where header.utf8.contains(where: { $0 < 32 || $0 == 127 }) {
            throw CommandError.usage("an option has a line break or another control character in it: leave it out")
        }
        return headers
    }

    private static func usualType(_ file: String) -> String {
        let ending = file.split(separator: ".").last?.lowercased() ?? ""
        return switch ending {
        case "json": "application/json"
        case "jsonl", "ndjson": "application/jsonlines"
        case "libsvm", "svm", "svmlight": "text/libsvm"
        case "pb", "recordio": "application/x-recordio-protobuf"
        default: "text/csv"
        }
    }

    private static func bytes(_ file: String) throws -> [UInt8] {
        let input = try DataInput(file)
        guard let bytes = FileContents.bytes(input.path) else { throw CommandError.data("\(file) cannot be read") }
        return bytes
    }
}

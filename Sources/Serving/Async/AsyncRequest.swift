import Clocks
import JSON

/// A request that is answered later, into a file.
package struct AsyncRequest: Sendable, Hashable {
    /// Bytes of rows that may come with a request.
    package static let mostInline = 128_000

    /// Where its rows are.
    package enum Input: Sendable, Hashable {
        /// In the queue's own folder.
        case inline
        /// A file of the folder for input, by its whole path.
        case file(String)
    }

    /// Of the queue: by it the files of the request are called.
    var id: String
    /// By which whoever asks knows it.
    var inferenceID: String
    /// The endpoint that was asked: one of the same name may come after it.
    var endpoint: String
    var input: Input
    var contentType: String?
    var accept: String?
    /// Where answer and failure are written, below the folder of the queue.
    package var output: String, failure: String
    /// When it came, in seconds since 1970; how long it may wait, and how long the model may take, in seconds.
    var receivedAt: Double, secondsToLive: Double, secondsToAnswer: Double

    var expiresAt: Double { receivedAt + secondsToLive }
}

extension AsyncRequest {
    package var json: JSONValue {
        let file: JSONValue? = if case .file(let path) = input { .string(path) } else { nil }
        return .object([
            "id": .string(id), "inferenceID": .string(inferenceID), "endpoint": .string(endpoint), "file": file,
            "contentType": contentType.map { .string($0) }, "accept": accept.map { .string($0) }, "output": .string(output),
            "failure": .string(failure), "receivedAt": .number(receivedAt), "secondsToLive": .number(secondsToLive),
            "secondsToAnswer": .number(secondsToAnswer),
        ])
    }

    package init?(json: JSONValue) {
        guard let id = json["id"]?.string, AsyncPath.isPart(id), let inferenceID = json["inferenceID"]?.string,
            let endpoint = json["endpoint"]?.string, let output = json["output"]?.string, AsyncPath.isBelow(output),
            let failure = json["failure"]?.string, AsyncPath.isBelow(failure), let receivedAt = json["receivedAt"]?.double,
            let secondsToLive = json["secondsToLive"]?.double, let secondsToAnswer = json["secondsToAnswer"]?.double,
            receivedAt.isFinite, secondsToLive.isFinite, secondsToAnswer.isFinite
        else { return nil }
        (self.id, self.inferenceID, self.endpoint) = (id, inferenceID, endpoint)
        input = json["file"]?.string.map { .file($0) } ?? .inline
        (contentType, accept) = (json["contentType"]?.string, json["accept"]?.string)
        (self.output, self.failure) = (output, failure)
        (self.receivedAt, self.secondsToLive, self.secondsToAnswer) = (receivedAt, secondsToLive, secondsToAnswer)
    }
}

/// What the headers of an asynchronous request say.
/// - Source: the service model of `sagemaker-runtime`, 2017-05-13, `InvokeEndpointAsync`.
struct AsyncCall {
    /// The file with the rows, as it was named; nil: they came with the request.
    var location: String?
    var inferenceID: String?
    var contentType: String?
    var accept: String?
    var secondsToLive = 21_600.0, secondsToAnswer = 900.0
    /// A part of the answer's file name, and a folder for it.
    var fileName: String?
    var outputFolder: String?

    private static let prefix = "x-amzn-sagemaker-"

    /// - Throws: `validation`, where a header is not as SageMaker has it.
    init(_ request: HTTPRequest) throws(ServiceError) {
        func header(_ name: String) -> String? { request.header(Self.prefix + name) }
        // What real-time requests may say holds here as well.
        let call = try InvocationCall(request)
        inferenceID = call.inferenceID
        guard !call.isExplained else {
            throw ServiceError(.validation, "Enable-Explanations is not for asynchronous requests: leave it out")
        }
        guard header("target-variant") == nil else {
            throw ServiceError(.validation, "Target-Variant is not for asynchronous requests: leave it out")
        }
        location = header("inputlocation")
        // What clients say of any body says nothing of this one.
        let plain = request.header("content-type").flatMap { $0 == "application/octet-stream" ? nil : $0 }
        contentType = header("content-type") ?? plain
        accept = header("accept") ?? request.header("accept")
        secondsToLive = try Self.seconds(header("requestttlseconds"), "RequestTTLSeconds", 60...21_600) ?? secondsToLive
        secondsToAnswer =
            try Self.seconds(header("invocationtimeoutseconds"), "InvocationTimeoutSeconds", 1...3600) ?? secondsToAnswer
        fileName = header("filename")
        outputFolder = header("s3outputpathextension")
        if let fileName, !AsyncPath.isPart(fileName) { throw ServiceError(.validation, "Filename is \(AsyncPath.form)") }
        if let outputFolder, !AsyncPath.isBelow(outputFolder) {
            throw ServiceError(.validation, "S3OutputPathExtension is names with '/' between, each \(AsyncPath.form)")
        }
        if location == nil, request.body.isEmpty {
            throw ServiceError(.validation, "there is no input: send InputLocation, or rows as the body")
        }
        if location != nil, !request.body.isEmpty {
            throw ServiceError(.validation, "there are InputLocation and a body: send one of them")
        }
        guard request.body.count <= AsyncRequest.mostInline else {
            throw ServiceError(
                .validation,
                "the body has \(request.body.count) bytes, at most \(AsyncRequest.mostInline) come with the request: send a file by "
                    + "InputLocation")
        }
    }

    private static func seconds(_ text: String?, _ name: String, _ range: ClosedRange<Int>) throws(ServiceError) -> Double? {
        guard let text else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw ServiceError(.validation, "\(name) is from \(range.lowerBound) to \(range.upperBound)")
        }
        return Double(number)
    }
}

import JSON

/// What went wrong, as SageMaker's runtime says it: the clients of its SDKs read the type from a header and the rest from the body.
/// - Source: the service model of `sagemaker-runtime`, 2017-05-13.
public struct ServiceError: Error, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case validation = "ValidationError"
        /// The model refused the request, or failed on it.
        case model = "ModelError"
        case notReady = "ModelNotReadyException"
        case internalFailure = "InternalFailure"
        case serviceUnavailable = "ServiceUnavailable"
        case internalDependency = "InternalDependencyException"
        case missingToken = "MissingAuthenticationTokenException"
        case unknownClient = "UnrecognizedClientException"
        case badSignature = "InvalidSignatureException"
        case expiredToken = "ExpiredTokenException"
        case notFound = "ResourceNotFound"
        case notAllowed = "MethodNotAllowed"

        public var status: Int {
            switch self {
            case .validation: 400
            case .model: 424
            case .notReady: 429
            case .internalFailure: 500
            case .serviceUnavailable: 503
            case .internalDependency: 530
            case .missingToken, .unknownClient, .badSignature, .expiredToken: 403
            case .notFound: 404
            case .notAllowed: 405
            }
        }
    }

    public var kind: Kind
    public var message: String
    /// What a model in a container would have answered, and said.
    public var original: (status: Int, message: String)?

    public init(_ kind: Kind, _ message: String, original: (status: Int, message: String)? = nil) {
        (self.kind, self.message, self.original) = (kind, message, original)
    }

    /// What a model that does not answer is told by.
    static func of(_ fault: ModelFault, from variant: String) -> ServiceError {
        ServiceError(
            .model,
            "Received \(fault.status < 500 ? "client" : "server") error (\(fault.status)) from \(variant) with message "
                + "\"\(fault.message)\"",
            original: (fault.status, fault.message))
    }

    public var response: HTTPResponse {
        var members: [JSONValue.Member] = [.init("Message", .string(message))]
        if let original {
            members += [
                .init("ErrorCode", .string(original.status < 500 ? "CLIENT_ERROR_FROM_MODEL" : "SERVER_ERROR_FROM_MODEL")),
                .init("OriginalStatusCode", .integer(original.status)), .init("OriginalMessage", .string(original.message)),
                .init("LogStreamArn", .string("")),
            ]
        } else {
            members.append(.init("ErrorCode", .string(kind.rawValue)))
        }
        var headers = [("Content-Type", "application/json"), ("x-amzn-ErrorType", kind.rawValue)]
        if kind == .notReady { headers.append(("Retry-After", "1")) }
        return HTTPResponse(kind.status, headers, body: Array(JSONValue.object(members).text.utf8))
    }
}

import Databases
import JSON
import Serving

/// Why a request cannot be answered, in MLflow's words.
///
/// - Source: MLflow 3.17, `mlflow.exceptions` and the statuses of its REST API.
struct TrackingError: Error, Hashable {
    enum Code: String {
        case invalidParameter = "INVALID_PARAMETER_VALUE"
        case notFound = "RESOURCE_DOES_NOT_EXIST"
        case exists = "RESOURCE_ALREADY_EXISTS"
        case noEndpoint = "ENDPOINT_NOT_FOUND"
        case unauthenticated = "UNAUTHENTICATED"
        case denied = "PERMISSION_DENIED"
        case internalError = "INTERNAL_ERROR"
        case unavailable = "TEMPORARILY_UNAVAILABLE"

        /// Clients try again on statuses of 500 and more, for minutes: what will not change is none of these.
        var status: Int {
            switch self {
            case .invalidParameter, .exists: 400
            case .notFound, .noEndpoint: 404
            case .unauthenticated: 401
            case .denied: 403
            case .internalError: 500
            case .unavailable: 503
            }
        }
    }

    var code: Code
    var message: String

    init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }

    /// A workspace that cannot be written now may be written later.
    init(_ error: StoreError) {
        self.init(error.code == .notFound ? .notFound : .unavailable, error.description)
    }

    static func missing(_ name: String) -> TrackingError {
        TrackingError(
            .invalidParameter,
            "Missing value for required parameter '\(name)'. See the API docs for more information about request parameters.")
    }

    static func invalid(_ name: String, _ value: String) -> TrackingError {
        TrackingError(
            .invalidParameter,
            "Invalid value \(value) for parameter '\(name)' supplied. See the API docs for more information about request parameters."
        )
    }

    var response: HTTPResponse {
        var headers = [("Content-Type", "application/json")]
        if code == .unauthenticated { headers.append(("WWW-Authenticate", "Basic realm=\"descent\"")) }
        let body = JSONValue.object(["error_code": .string(code.rawValue), "message": .string(message)])
        return HTTPResponse(code.status, headers, body: Array(body.text.utf8))
    }
}

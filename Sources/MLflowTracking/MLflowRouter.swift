import Clocks
import Events
import JSON
import RequestSigning
import Serving

/// MLflow's REST API over a workspace.
///
/// - Source: MLflow 3.17, `service.proto` and what its clients send.
final class MLflowRouter: HTTPHandler {
    /// The version of MLflow whose API this is.
    static let version = "3.17.2"

    let service: TrackingService
    let artifacts: TrackingArtifacts
    /// nil: everybody is answered.
    private let token: [UInt8]?
    private let boundHost: String

    init(
        _ service: TrackingService, _ artifacts: TrackingArtifacts, credentials: ServerCredentials?, boundHost: String
    ) {
        (self.service, self.artifacts, self.boundHost) = (service, artifacts, boundHost)
        token = credentials.map { Array($0.token.utf8) }
    }

    // MARK: - Who may ask

    func refusal(of head: HTTPRequest) -> HTTPResponse? {
        if head.path == "/health" || head.path == "/version" { return nil }
        guard let token else {
            // A page in somebody's browser that made its own name lead here is not let in.
            return isLocal(head.header("host") ?? "")
                ? nil : TrackingError(.denied, "Invalid Host header: this server is for programs of this machine").response
        }
        let said = head.headers("authorization")
        guard said.count == 1, let secret = Self.secret(said[0]) else {
            return TrackingError(
                .unauthenticated,
                "You are not authenticated: set MLFLOW_TRACKING_TOKEN to the token that `descent endpoint credentials` shows"
            ).response
        }
        return AWSRequestVerifier.areEqual(secret, token)
            ? nil
            : TrackingError(
                .unauthenticated, "The token is not this workspace's: `descent endpoint credentials` shows it"
            ).response
    }

    /// A token, or a password in its place.
    private static func secret(_ header: String) -> [UInt8]? {
        let words = header.split(separator: " ", maxSplits: 1).map(String.init)
        guard words.count == 2 else { return nil }
        switch words[0].lowercased() {
        case "bearer": return Array(words[1].utf8)
        case "basic":
            guard let bytes = Base64.bytes(words[1]), let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            return Array(bytes[(colon + 1)...])
        default: return nil
        }
    }

    private func isLocal(_ host: String) -> Bool {
        let name: Substring
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
            name = host[host.index(after: host.startIndex)..<end]
        } else {
            name = host.prefix { $0 != ":" }
        }
        return name == "localhost" || name == "::1" || name.hasPrefix("127.") || name == boundHost
    }

    // MARK: - Answers

    func isQuick(_ request: HTTPRequest) -> Bool { false }

    func answer(_ request: HTTPRequest) -> HTTPResponse {
        do throws(TrackingError) { return try answered(request) } catch { return error.response }
    }

    private func answered(_ request: HTTPRequest) throws(TrackingError) -> HTTPResponse {
        if request.path == "/health" { return Self.plain("OK") }
        if request.path == "/version" { return Self.plain(Self.version) }
        for prefix in ["/api/2.0/mlflow-artifacts/artifacts", "/ajax-api/2.0/mlflow-artifacts/artifacts"]
        where request.path == prefix || request.path.hasPrefix(prefix + "/") {
            return try artifact(request, path: PercentText.decoded(request.path.dropFirst(prefix.count + 1), plus: false))
        }
        if let file = try file(request) { return file }
        let now = TrackingService.milliseconds(WallClock.now()), asked = try TrackingRequest(request, now: now)
        for prefix in ["/api/3.0/mlflow/", "/ajax-api/3.0/mlflow/"]
        where request.path == prefix + "server-info" { return Self.json(Self.serverInfo) }
        for prefix in ["/api/2.0/mlflow/", "/ajax-api/2.0/mlflow/"] where request.path.hasPrefix(prefix) {
            return Self.json(try tracked(request.method, String(request.path.dropFirst(prefix.count)), asked))
        }
        throw Self.unknown(request)
    }

    static func unknown(_ request: HTTPRequest) -> TrackingError {
        TrackingError(
            .noEndpoint, "No API found for '\(request.method) \(request.path)': this server tracks experiments, runs and models")
    }

    private func tracked(_ method: String, _ path: String, _ asked: TrackingRequest) throws(TrackingError) -> JSONValue {
        if path == "logged-models" || path.hasPrefix("logged-models/") {
            return try model(method, path.split(separator: "/").dropFirst().map { PercentText.decoded($0, plus: false) }, asked)
        }
        if let answer = try registered(method, path, asked) { return answer }
        switch "\(method) \(path)" {
        case "POST experiments/create": return try service.createExperiment(asked)
        case "GET experiments/get": return try service.experiment(asked)
        case "GET experiments/get-by-name": return try service.experimentByName(asked)
        case "POST experiments/search", "GET experiments/search", "GET experiments/list":
            return try service.searchExperiments(asked)
        case "POST experiments/search-datasets": return try service.searchDatasets(asked)
        case "POST experiments/update": return try service.updateExperiment(asked)
        case "POST experiments/delete": return try service.setExperiment(asked, deleted: true)
        case "POST experiments/restore": return try service.setExperiment(asked, deleted: false)
        case "POST experiments/set-experiment-tag": return try service.setExperimentTag(asked)
        case "POST experiments/delete-experiment-tag": return try service.deleteExperimentTag(asked)
        case "POST runs/create": return try service.createRun(asked)
        case "GET runs/get": return try service.getRun(asked)
        case "POST runs/update": return try service.updateRun(asked)
        case "POST runs/delete": return try service.deleteRun(asked)
        case "POST runs/restore": return try service.restoreRun(asked)
        case "POST runs/search", "GET runs/search": return try service.searchRuns(asked)
        case "POST runs/log-metric": return try service.logMetric(asked)
        case "POST runs/log-parameter": return try service.logParameter(asked)
        case "POST runs/log-batch": return try service.logBatch(asked)
        case "POST runs/set-tag": return try service.setTag(asked)
        case "POST runs/delete-tag": return try service.deleteTag(asked)
        case "POST runs/log-model": return try service.logModel(asked)
        case "POST runs/log-inputs": return try service.logInputs(asked)
        case "POST runs/outputs": return try service.logOutputs(asked)
        case "GET metrics/get-history": return try service.metricHistory(asked)
        case "GET metrics/get-history-bulk": return try service.metricHistories(asked)
        case "GET metrics/get-history-bulk-interval": return try service.sampledHistories(asked)
        case "GET artifacts/list": return try listed(asked)
        default: throw TrackingError(.noEndpoint, "No API found for '\(method) /\(path)'")
        }
    }

    private func model(_ method: String, _ parts: [String], _ asked: TrackingRequest) throws(TrackingError) -> JSONValue {
        switch (method, parts.count) {
        case ("POST", 0): return try service.createModel(asked)
        case ("POST", 1) where parts[0] == "search": return try service.searchModels(asked)
        case ("GET", 1): return try service.getModel(parts[0])
        case ("PATCH", 1): return try service.finalizeModel(parts[0], asked)
        case ("DELETE", 1): return try service.deleteModel(parts[0])
        case ("PATCH", 2) where parts[1] == "tags": return try service.tagModel(parts[0], asked)
        case ("POST", 2) where parts[1] == "params": return try service.parametersOfModel(parts[0], asked)
        case ("GET", 3) where parts[1...] == ["artifacts", "directories"]:
            return try listed(model: parts[0], below: try asked.text("artifact_directory_path") ?? "")
        case ("DELETE", 3) where parts[1] == "tags": return try service.untagModel(parts[0], parts[2], asked)
        default: throw TrackingError(.noEndpoint, "No API found for '\(method) /logged-models/\(parts.joined(separator: "/"))'")
        }
    }

    // MARK: - Shapes

    private static let serverInfo = JSONValue.object([
        "store_type": .string("SqlStore"), "workspaces_enabled": .boolean(false), "multipart_upload_enabled": .boolean(false),
        "multipart_download_enabled": .boolean(false), "presigned_upload_supported": .boolean(false),
        "presigned_download_supported": .boolean(false), "features_enabled": TrackingJSON.nothing,
    ])

    static func json(_ value: JSONValue) -> HTTPResponse {
        HTTPResponse(200, [("Content-Type", "application/json")], body: Array(value.text.utf8))
    }

    private static func plain(_ text: String) -> HTTPResponse {
        HTTPResponse(200, [("Content-Type", "text/plain; charset=utf-8")], body: Array(text.utf8))
    }
}

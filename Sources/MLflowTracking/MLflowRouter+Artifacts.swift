import JSON
import Serving

/// Files of runs and of logged models: by their paths, and as pages ask for them.
extension MLflowRouter {
    func artifact(_ request: HTTPRequest, path: String) throws(TrackingError) -> HTTPResponse {
        if path.isEmpty {
            guard request.method == "GET" else { throw Self.unknown(request) }
            let asked = try TrackingRequest(request, now: 0)
            return Self.json(.object(["files": artifacts.list(try place(try asked.text("path") ?? ""))]))
        }
        let place = try place(path)
        switch request.method {
        case "GET": return Self.attachment(try artifacts.read(place))
        case "PUT": try artifacts.write(request.body, to: place)
        case "DELETE": try artifacts.remove(place)
        default: throw Self.unknown(request)
        }
        return Self.json(TrackingJSON.nothing)
    }

    private func place(_ path: String) throws(TrackingError) -> TrackingArtifacts.Place {
        try artifacts.place(path) { (run) throws(TrackingError) in try service.found(run).isClients }
    }

    func listed(_ asked: TrackingRequest) throws(TrackingError) -> JSONValue {
        let found = try service.found(try asked.runID()), below = try asked.text("path") ?? ""
        let root = root(of: found)
        let place = try place(below.isEmpty ? root : root + "/" + below)
        return .object([
            "root_uri": .string("mlflow-artifacts:/" + root),
            "files": artifacts.list(place, prefix: below.isEmpty ? "" : below + "/"),
        ])
    }

    private func root(of found: TrackingService.Found) -> String {
        "\(found.run.experiment)/\(TrackingID.text(of: found.id))/artifacts"
    }

    func listed(model id: String, below: String) throws(TrackingError) -> JSONValue {
        let root = try root(ofModel: id), place = try place(below.isEmpty ? root : root + "/" + below)
        return .object([
            "root_uri": .string("mlflow-artifacts:/" + root),
            "files": artifacts.list(place, prefix: below.isEmpty ? "" : below + "/"),
        ])
    }

    private func root(ofModel id: String) throws(TrackingError) -> String {
        let experiment = try service.model(id)["info"]?["experiment_id"]?.string ?? "0"
        return "\(experiment)/models/\(id)/artifacts"
    }

    // MARK: - As pages ask

    /// What is answered with a file, or is given one; nil for all else.
    func file(_ request: HTTPRequest) throws(TrackingError) -> HTTPResponse? {
        let parts = request.path.split(separator: "/"), asked = TrackingRequest(query: request, now: 0)
        switch (request.method, parts.last) {
        case ("GET", "get-artifact") where parts.count == 1:
            let found = try service.found(try asked.runID()), path = try asked.wanted("path")
            return Self.attachment(try artifacts.read(try place("\(root(of: found))/\(path)")))
        case ("GET", "get-artifact") where parts.count == 2 && parts[0] == "model-versions":
            let path = try asked.wanted("path")
            _ = try place("0/models/m-0/artifacts/\(path)")
            let location = try service.location(of: asked)
            guard let root = TrackingArtifacts.path(ofLocation: location) else {
                throw TrackingError(.notFound, "No such artifact: '\(path)': the version's files are at \(location)")
            }
            return Self.attachment(try artifacts.read(try place("\(root)/\(path)")))
        case ("POST", "upload-artifact") where parts.count == 4 && parts[2] == "mlflow":
            return try upload(request.body, asked)
        case ("GET", "files") where parts.count == 7 && parts[3] == "logged-models" && parts[5] == "artifacts":
            let root = try root(ofModel: String(parts[4])), path = try asked.wanted("artifact_file_path")
            return Self.attachment(try artifacts.read(try place("\(root)/\(path)")))
        default: return nil
        }
    }

    private func upload(_ bytes: [UInt8], _ asked: TrackingRequest) throws(TrackingError) -> HTTPResponse {
        func said(_ name: String) throws(TrackingError) -> String {
            guard let text = try asked.text(name), !text.isEmpty else {
                throw TrackingError(.invalidParameter, "Request must specify \(name).")
            }
            return text
        }
        let run = try said("run_uuid"), path = try said("path")
        let found = try service.found(run), place = try place("\(root(of: found))/\(path)")
        guard !bytes.isEmpty else { throw TrackingError(.invalidParameter, "Request must specify data.") }
        guard bytes.count <= TrackingLimits.uploadBytes else {
            throw TrackingError(
                .invalidParameter, "Artifact size is too large. Max size is \(TrackingLimits.uploadBytes >> 20)MB.")
        }
        try artifacts.write(bytes, to: place)
        return Self.json(TrackingJSON.nothing)
    }

    /// Never shown by a browser as a page of this server.
    private static func attachment(_ bytes: [UInt8]) -> HTTPResponse {
        HTTPResponse(
            200,
            [
                ("Content-Type", "application/octet-stream"), ("X-Content-Type-Options", "nosniff"),
                ("Content-Disposition", "attachment"),
            ], body: bytes)
    }
}

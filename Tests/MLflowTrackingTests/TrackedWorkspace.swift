import Databases
import Events
import Experiments
import JSON
import Serving
import TemporaryFolders
import Testing
import Transfers

@testable import MLflowTracking

/// A workspace, what records into it, and its server.
final class TrackedWorkspace {
    let folder: TemporaryFolder
    let workspace: Workspace
    private let bus = EventBus()
    private let recorder: StoreRecorder
    private let server: MLflowServer

    init(credentials: Bool = false) throws {
        folder = try TemporaryFolder()
        workspace = try Workspace(path: folder.path + "/workspace")
        let recorder = try StoreRecorder(workspace) { _, _ in }, bus = bus
        self.recorder = recorder
        bus.subscribe(recorder)
        server = try MLflowServer(
            workspace, at: ServerAddress(port: 0),
            credentials: credentials ? try ServerCredentials(workspace: workspace.path) : nil, bus: bus, version: "1",
            settle: {
                bus.flush()
                return recorder.flush(patience: 10)
            })
    }

    deinit {
        server.stop()
        bus.close()
        recorder.close()
    }

    func ask(
        _ path: String, _ body: JSONValue? = nil, method: String? = nil, bytes: [UInt8] = [], headers: [String] = []
    ) throws -> (status: Int, json: JSONValue) {
        let answer = try raw(
            path, body.map { Array($0.text.utf8) } ?? bytes, method ?? (body == nil ? "GET" : "POST"), headers)
        return (answer.status, try JSONValue(parsing: answer.body.isEmpty ? Array("null".utf8) : answer.body))
    }

    func raw(_ path: String, _ body: [UInt8], _ method: String, _ headers: [String] = []) throws -> WebAnswer {
        var request = WebRequest("http://\(server.address)\(path)")
        (request.method, request.body, request.headers) = (method, body, headers)
        request.mostAnswerBytes = 1 << 22
        return try request.send()
    }

    func api(_ path: String, _ body: JSONValue? = nil) throws -> JSONValue {
        let answer = try ask("/api/2.0/mlflow/" + path, body)
        #expect(answer.status == 200, "\(path): \(answer.json.text)")
        return answer.json
    }

    func makeRun(_ name: String, experiment: String = "0") throws -> String {
        let made = try api(
            "runs/create",
            ["experiment_id": .string(experiment), "run_name": .string(name), "start_time": .integer(1_700_000_000_000)])
        return try #require(made["run"]?["info"]?["run_id"]?.string)
    }

    func run(named name: String) throws -> RunSummary { try RunStore(workspace).run(named: name) }
}

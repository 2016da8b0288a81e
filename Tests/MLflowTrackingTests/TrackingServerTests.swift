import Databases
import Events
import Experiments
import JSON
import Serving
import TemporaryFolders
import Testing
import Transfers

@testable import MLflowTracking

/// A workspace as clients of MLflow see it, over HTTP. The answers' shapes are those that MLflow 3.17 reads; its own client is tried where it is
/// installed (`python/tests/test_mlflow.py`).
@Suite(.serialized) struct TrackingServerTests {
    private static func metric(_ run: String, _ key: String, _ value: Double, step: Int, time: Int = 1_700_000_000_000)
        -> JSONValue
    {
        [
            "run_id": .string(run), "key": .string(key), "value": .number(value), "step": .integer(step),
            "timestamp": .integer(time),
        ]
    }

    @Test func whatAClientLogsIsAnOrdinaryRunWhenItIsAnswered() throws {
        let tracked = try TrackedWorkspace()
        let experiment = try #require(try tracked.api("experiments/create", ["name": "prices"])["experiment_id"]?.string)
        let run = try tracked.makeRun("first", experiment: experiment)
        #expect(run.count == 32)
        for step in 0..<3 {
            _ = try tracked.api("runs/log-metric", Self.metric(run, "val_loss", 1 / Double(step + 1), step: step))
        }
        _ = try tracked.api("runs/log-parameter", ["run_id": .string(run), "key": "depth", "value": "3"])
        var found = try tracked.run(named: "first")
        #expect(found.record.experiment == "prices" && found.status == .inProgress)
        #expect(found.record.hyperparameters == ["depth": "3"])
        #expect(found.lastMetrics[.validationLoss] == 1.0 / 3.0)
        #expect(found.record.objective.metric == .validationLoss)
        _ = try tracked.api(
            "runs/update", ["run_id": .string(run), "status": "FINISHED", "end_time": .integer(1_700_000_009_000)])
        found = try tracked.run(named: "first")
        #expect(found.status == .completed && found.finishedAt == 1_700_000_009)
        #expect(try RunStore(tracked.workspace).points(run: found.record.id, metric: .validationLoss).map(\.step) == [0, 1, 2])
    }

    @Test func whatIsSaidTwiceIsThereOnceAndTheNewestIsThatOfTheLargestStep() throws {
        let tracked = try TrackedWorkspace()
        let run = try tracked.makeRun("r")
        for (value, step) in [(1.0, 5), (2.0, 3), (1.0, 5)] {
            _ = try tracked.api("runs/log-metric", Self.metric(run, "a", value, step: step))
        }
        let history = try tracked.api("metrics/get-history?run_id=\(run)&metric_key=a")["metrics"]?.array ?? []
        #expect(history.compactMap { $0["step"]?.integer } == [5, 3])
        let metrics = try tracked.api("runs/get?run_id=\(run)&run_uuid=\(run)")["run"]?["data"]?["metrics"]?.array
        #expect(metrics?.first?["value"]?.double == 1 && metrics?.first?["step"]?.integer == 5)
    }

    @Test func numbersThatAreNoneTravelAsWords() throws {
        let tracked = try TrackedWorkspace()
        let run = try tracked.makeRun("r")
        for (key, value) in [("n", Double.nan), ("i", .infinity)] {
            _ = try tracked.api("runs/log-metric", Self.metric(run, key, value, step: 0))
        }
        let back = try tracked.api("runs/get?run_id=\(run)").text
        #expect(back.contains(#""key":"i","value":"Infinity""#) && back.contains(#""key":"n","value":"NaN""#))
    }

    @Test func faultsAreSaidAsMLflowSaysThem() throws {
        let tracked = try TrackedWorkspace()
        let run = try tracked.makeRun("r")
        func fault(_ path: String, _ body: JSONValue? = nil) throws -> String {
            let answer = try tracked.ask("/api/2.0/mlflow/" + path, body)
            return "\(answer.status) \(answer.json["error_code"]?.string ?? "") \(answer.json["message"]?.string ?? "")"
        }
        let none = String(repeating: "61", count: 8) + String(repeating: "0", count: 16)
        #expect(try fault("runs/get?run_id=\(none)") == "404 RESOURCE_DOES_NOT_EXIST Run with id=\(none) not found")
        #expect(
            try fault("experiments/get?experiment_id=77").hasPrefix("404 RESOURCE_DOES_NOT_EXIST No Experiment with id=77 exists")
        )
        #expect(try fault("experiments/create", ["name": "Default"]).hasPrefix("400 RESOURCE_ALREADY_EXISTS"))
        #expect(
            try fault("runs/log-metric", ["run_id": .string(run), "key": "a", "timestamp": 1]).contains(
                "required parameter 'value'"))
        #expect(try fault("runs/log-metric", Self.metric(run, "../a", 1, step: 0)).hasPrefix("400 INVALID_PARAMETER_VALUE"))
        #expect(
            try fault("runs/log-metric", Self.metric(run, "a", 1, step: 0, time: -5)).hasPrefix("400 INVALID_PARAMETER_VALUE"))
        #expect(try fault("runs/delete-tag", ["run_id": .string(run), "key": "no"]).contains("No tag with name: no"))
        #expect(try fault("webhooks/create", ["name": "a"]).hasPrefix("404 ENDPOINT_NOT_FOUND"))
        let many = JSONValue.array((0...1000).map { _ in ["key": "a", "value": 1, "timestamp": 1] })
        #expect(try fault("runs/log-batch", ["run_id": .string(run), "metrics": many]).contains("at most 1000 metrics"))
        let broken = try tracked.raw("/api/2.0/mlflow/runs/create", Array("{".utf8), "POST")
        #expect(broken.status == 400)
    }

    @Test func aParameterIsWrittenOnceAndABatchIsAllOrNothing() throws {
        let tracked = try TrackedWorkspace()
        let run = try tracked.makeRun("r")
        let batch: JSONValue = [
            "run_id": .string(run), "params": [["key": "p", "value": "1"]], "tags": [["key": "t", "value": "x"]],
            "metrics": [["key": "m", "value": 1, "timestamp": 1, "step": 0]],
        ]
        _ = try tracked.api("runs/log-batch", batch)
        _ = try tracked.api("runs/log-parameter", ["run_id": .string(run), "key": "p", "value": "1"])
        let changed: JSONValue = [
            "run_id": .string(run), "params": [["key": "q", "value": "2"], ["key": "p", "value": "2"]],
            "metrics": [["key": "m", "value": 2, "timestamp": 2, "step": 1]],
        ]
        let answer = try tracked.ask("/api/2.0/mlflow/runs/log-batch", changed)
        #expect(answer.status == 400)
        let data = try tracked.api("runs/get?run_id=\(run)")["run"]?["data"]
        #expect(data?["params"]?.array?.compactMap { $0["key"]?.string } == ["p"])
        #expect(data?["metrics"]?.array?.first?["value"]?.double == 1)
    }

    @Test func runsAreFoundByFiltersInPages() throws {
        let tracked = try TrackedWorkspace()
        for index in 0..<5 {
            let run = try tracked.makeRun("run \(index)")
            _ = try tracked.api("runs/log-metric", Self.metric(run, "loss", Double(index), step: 0))
            _ = try tracked.api("runs/set-tag", ["run_id": .string(run), "key": "half", "value": index < 2 ? "low" : "high"])
        }
        func names(_ body: JSONValue) throws -> [String] {
            try tracked.api("runs/search", body)["runs"]?.array?.compactMap { $0["info"]?["run_name"]?.string } ?? []
        }
        #expect(
            try names(["experiment_ids": ["0"], "filter": "metrics.loss >= 1 AND tags.half = 'low'"]) == ["run 1"])
        #expect(
            try names(["experiment_ids": ["0"], "filter": "run_name LIKE 'run%'", "order_by": ["metrics.loss DESC"]])
                == ["run 4", "run 3", "run 2", "run 1", "run 0"])
        let first = try tracked.api("runs/search", ["experiment_ids": ["0"], "max_results": 2, "order_by": ["metrics.loss ASC"]])
        let token = try #require(first["next_page_token"]?.string)
        #expect(
            try names(["experiment_ids": ["0"], "max_results": 2, "order_by": ["metrics.loss ASC"], "page_token": .string(token)])
                == ["run 2", "run 3"])
    }

    @Test func curvesOfSeveralRunsComeWholeOrSampled() throws {
        let tracked = try TrackedWorkspace()
        let runs = [try tracked.makeRun("one"), try tracked.makeRun("two")]
        for (run, count) in zip(runs, [10, 20]) {
            for step in 0..<count { _ = try tracked.api("runs/log-metric", Self.metric(run, "a", 1, step: step)) }
        }
        func steps(_ path: String, _ run: String) throws -> [Int] {
            (try tracked.api(path)["metrics"]?.array ?? []).filter { $0["run_id"]?.string == run }.compactMap {
                $0["step"]?.integer
            }
        }
        let both = "run_ids=\(runs[0])&run_ids=\(runs[1])&metric_key=a"
        #expect(try steps("metrics/get-history-bulk-interval?\(both)&max_results=5", runs[0]) == [0, 2, 4, 6, 9])
        #expect(try steps("metrics/get-history-bulk-interval?\(both)&max_results=5", runs[1]) == [0, 4, 8, 12, 19])
        #expect(try steps("metrics/get-history-bulk-interval?\(both)&start_step=3&end_step=5", runs[1]) == [3, 4, 5])
        #expect(try steps("metrics/get-history-bulk?run_id=\(runs[0])&metric_key=a&max_results=3", runs[0]) == [0, 1, 2])
        let history = "/api/2.0/mlflow/metrics/get-history?run_id=\(runs[0])&metric_key=a&page_token="
        #expect(try tracked.ask(history + "x").status == 400 && tracked.ask(history).status == 200)
        let many = (0..<1000).map { "run_ids=id_\($0)" }.joined(separator: "&")
        let refused = try tracked.ask("/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?\(many)&metric_key=a")
        #expect(refused.status == 400 && refused.json["message"]?.string?.contains("at most 100 run_ids") == true)
    }

    @Test func aNameIsChangedWithTheStatusOrWithoutIt() throws {
        let tracked = try TrackedWorkspace()
        let run = try tracked.makeRun("r")
        _ = try tracked.api("runs/update", ["run_id": .string(run), "status": "FINISHED", "run_name": "done"])
        #expect(try tracked.api("runs/get?run_id=\(run)")["run"]?["info"]?["run_name"]?.string == "done")
        #expect(try tracked.run(named: "done").status == .completed)
    }

    @Test func modelsAreFoundByTheDataThatTheyWereMeasuredOn() throws {
        let tracked = try TrackedWorkspace()
        let run = try tracked.makeRun("r")
        func make() throws -> String {
            try #require(
                try tracked.api("logged-models", ["experiment_id": "0"])["model"]?["info"]?["model_id"]?.string)
        }
        let first = try make(), _ = try make()
        _ = try tracked.api(
            "runs/log-metric",
            [
                "run_id": .string(run), "key": "a", "value": 1, "timestamp": 5, "model_id": .string(first), "dataset_name": "d",
                "dataset_digest": "1",
            ])
        func found(_ digest: String) throws -> [String] {
            try tracked.api(
                "logged-models/search",
                ["experiment_ids": ["0"], "datasets": [["dataset_name": "d", "dataset_digest": .string(digest)]]])["models"]?
                .array?
                .compactMap { $0["info"]?["model_id"]?.string } ?? []
        }
        #expect(try found("1") == [first] && found("2").isEmpty)
        _ = try tracked.api(
            "runs/log-inputs",
            [
                "run_id": .string(run),
                "datasets": [
                    ["tags": [["key": "mlflow.data.context", "value": "training"]], "dataset": ["name": "d", "digest": "1"]]
                ],
            ])
        let datasets = try tracked.api("experiments/search-datasets", ["experiment_ids": ["0"]])["dataset_summaries"]?.array
        #expect(datasets?.map(\.text) == [#"{"experiment_id":"0","name":"d","digest":"1","context":"training"}"#])
        #expect(try tracked.raw("/api/2.0/mlflow/logged-models/\(first)/tags/none", [], "DELETE").status == 404)
    }

    @Test func pagesUploadAndReadFilesOfRunsAndModels() throws {
        let tracked = try TrackedWorkspace()
        let run = try tracked.makeRun("r"), upload = "/ajax-api/2.0/mlflow/upload-artifact?run_uuid=\(run)&path="
        #expect(try tracked.raw(upload + "a/b.txt", Array("text".utf8), "POST").status == 200)
        #expect(try tracked.raw("/get-artifact?run_uuid=\(run)&path=a/b.txt", [], "GET").body == Array("text".utf8))
        for (path, body, message) in [
            (upload + "..%2Fx", "text", "Invalid path"), (upload + "a", "", "Request must specify data."),
            (upload, "text", "Request must specify path."),
        ] {
            let refused = try tracked.raw(path, Array(body.utf8), "POST")
            #expect(refused.status == 400 && String(decoding: refused.body, as: UTF8.self).contains(message), "\(path)")
        }
        #expect(try tracked.raw("/get-artifact?run_id=\(run)&path=..%2F..%2Fdescent.sqlite", [], "GET").status == 400)
        let made = try tracked.api("logged-models", ["experiment_id": "0"])
        let model = try #require(made["model"]?["info"]?["model_id"]?.string)
        let place = "/api/2.0/mlflow-artifacts/artifacts/0/models/\(model)/artifacts/MLmodel"
        #expect(try tracked.raw(place, Array("x: 1".utf8), "PUT").status == 200)
        let files = "/ajax-api/2.0/mlflow/logged-models/\(model)/artifacts/"
        #expect(try tracked.ask(files + "directories").json["files"]?.array?.first?["path"]?.string == "MLmodel")
        #expect(try tracked.raw(files + "files?artifact_file_path=MLmodel", [], "GET").body == Array("x: 1".utf8))
    }

    @Test func artifactsStayInTheirRunsFolder() throws {
        let tracked = try TrackedWorkspace()
        let run = try tracked.makeRun("r"), base = "/api/2.0/mlflow-artifacts/artifacts"
        let put = try tracked.raw("\(base)/0/\(run)/artifacts/a/b.txt", Array("text".utf8), "PUT")
        #expect(put.status == 200)
        #expect(try tracked.raw("\(base)/0/\(run)/artifacts/a/b.txt", [], "GET").body == Array("text".utf8))
        let list = try tracked.ask("\(base)?path=0/\(run)/artifacts/a").json["files"]?.array
        #expect(list?.first?["path"]?.string == "b.txt" && list?.first?["file_size"]?.integer == 4)
        #expect(try tracked.raw("\(base)/0/\(run)/artifacts/none", [], "GET").status == 404)
        for path in ["0/\(run)/artifacts/%2e%2e/x", "0/\(run)/artifacts/../../x", "elsewhere", "0/models/../x/artifacts/y"] {
            #expect((400...404).contains(try tracked.raw("\(base)/\(path)", [1], "PUT").status), "\(path)")
        }
        #expect(try tracked.raw("\(base)/0/\(run)/artifacts/a/b.txt", [], "DELETE").status == 200)
        #expect(try tracked.raw("\(base)/0/\(run)/artifacts/a/b.txt", [], "GET").status == 404)
    }

    @Test func whoIsNotLetInHearsWhatToDo() throws {
        let open = try TrackedWorkspace()
        #expect(try open.raw("/api/2.0/mlflow/experiments/get?experiment_id=0", [], "GET", ["Host: evil.example"]).status == 403)
        let closed = try TrackedWorkspace(credentials: true)
        let token = try ServerCredentials(workspace: closed.workspace.path).token,
            path = "/api/2.0/mlflow/experiments/get?experiment_id=0"
        #expect(try closed.raw(path, [], "GET").status == 401)
        #expect(try closed.raw(path, [], "GET", ["Authorization: Bearer \(token)x"]).status == 401)
        #expect(try closed.raw(path, [], "GET", ["Authorization: Bearer \(token)"]).status == 200)
        let basic = Base64.text(Array("anybody:\(token)".utf8))
        #expect(try closed.raw(path, [], "GET", ["Authorization: Basic \(basic)"]).status == 200)
        #expect(try closed.raw("/health", [], "GET").body == Array("OK".utf8))
    }

    @Test func deletedRunsAreInTheBinAndTakeNothingMore() throws {
        let tracked = try TrackedWorkspace()
        let run = try tracked.makeRun("r")
        _ = try tracked.api("runs/delete", ["run_id": .string(run)])
        #expect(try RunStore(tracked.workspace).runs().isEmpty)
        let refused = try tracked.ask("/api/2.0/mlflow/runs/log-metric", Self.metric(run, "a", 1, step: 0))
        #expect(refused.status == 400 && refused.json["message"]?.string?.contains("must be in the 'active' state") == true)
        _ = try tracked.api("runs/restore", ["run_id": .string(run)])
        _ = try tracked.api("runs/log-metric", Self.metric(run, "a", 1, step: 0))
        #expect(try tracked.run(named: "r").lastMetrics.count == 1)
    }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(elements.map { .init($0.0, $0.1) }) }
}
extension JSONValue: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}
extension JSONValue: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self = .string(value) }
}
extension JSONValue: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int) { self = .integer(value) }
}

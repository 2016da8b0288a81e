import Events
import Experiments
import JSON
import Testing

/// The workspace's models as clients of MLflow's registry see them, over HTTP. The client itself is tried where it is installed
/// (`python/tests/test_mlflow.py`).
@Suite(.serialized) struct RegistryServerTests {
    private static func said(_ json: JSONValue?, _ key: String) -> String? { json?[key]?.string }

    private func registered(_ tracked: TrackedWorkspace, _ name: String = "prices") throws -> JSONValue {
        let run = try tracked.makeRun("first")
        _ = try tracked.api("registered-models/create", ["name": .string(name), "description": "of houses"])
        let made = try tracked.api(
            "model-versions/create",
            [
                "name": .string(name), "source": .string("mlflow-artifacts:/0/\(run)/artifacts/model"), "run_id": .string(run),
                "tags": [["key": "kind", "value": "forest"]],
            ])
        return try #require(made["model_version"])
    }

    @Test func whatAClientRegistersIsAModelOfTheWorkspace() throws {
        let tracked = try TrackedWorkspace()
        let version = try registered(tracked)
        #expect(Self.said(version, "version") == "1" && Self.said(version, "status") == "READY")
        #expect(Self.said(version, "current_stage") == "None")
        let kept = try RunStore(tracked.workspace).models.known("prices:1")
        #expect(kept.source == .mlflow && kept.sourceName == "first" && kept.approval == .pending)
        let group = try tracked.api("registered-models/get?name=prices")["registered_model"]
        #expect(Self.said(group, "description") == "of houses")
        #expect(group?["latest_versions"]?.array?.count == 1)
    }

    @Test func stagesAreDecisions() throws {
        let tracked = try TrackedWorkspace()
        _ = try registered(tracked)
        let moved = try tracked.api(
            "model-versions/transition-stage", ["name": "prices", "version": "1", "stage": "Production"])
        #expect(Self.said(moved["model_version"], "current_stage") == "Production")
        let models = try RunStore(tracked.workspace).models
        #expect(try models.known("prices:1").approval == .approved)
        _ = try models.decide(try models.known("prices:1").id, .rejected, note: "too slow", at: 1)
        let found = try tracked.api("model-versions/get?name=prices&version=1")["model_version"]
        #expect(Self.said(found, "current_stage") == "Archived" && Self.said(found, "description") == "too slow")
        let run = try tracked.makeRun("second")
        for _ in 0..<2 {
            _ = try tracked.api(
                "model-versions/create", ["name": "prices", "source": .string("runs:/\(run)/model"), "run_id": .string(run)])
        }
        _ = try tracked.api("model-versions/transition-stage", ["name": "prices", "version": "2", "stage": "staging"])
        _ = try tracked.api(
            "model-versions/transition-stage",
            ["name": "prices", "version": "3", "stage": "Staging", "archive_existing_versions": .boolean(true)])
        let all = try tracked.api("registered-models/get-latest-versions", ["name": "prices"])["model_versions"]?.array ?? []
        #expect(all.map { Self.said($0, "version") } == ["3", "2"])
        #expect(all.map { Self.said($0, "current_stage") } == ["Staging", "Archived"])
        #expect(
            try tracked.ask(
                "/api/2.0/mlflow/model-versions/transition-stage", ["name": "prices", "version": "3", "stage": "Gone"]
            ).status == 400)
    }

    @Test func aliasesAndTagsAreKept() throws {
        let tracked = try TrackedWorkspace()
        _ = try registered(tracked)
        _ = try tracked.api("registered-models/alias", ["name": "prices", "alias": "champion", "version": "1"])
        _ = try tracked.api("registered-models/set-tag", ["name": "prices", "key": "team", "value": "a"])
        _ = try tracked.api("model-versions/set-tag", ["name": "prices", "version": "1", "key": "checked", "value": "yes"])
        let found = try tracked.api("registered-models/alias?name=prices&alias=champion")["model_version"]
        #expect(Self.said(found, "version") == "1" && found?["aliases"]?.array == ["champion"])
        #expect(found?["tags"]?.array?.count == 2)
        let missing = try tracked.ask("/api/2.0/mlflow/registered-models/alias?name=prices&alias=loser")
        #expect(missing.status == 400 && Self.said(missing.json, "message") == "Registered model alias loser not found.")
        #expect(
            try tracked.ask("/api/2.0/mlflow/registered-models/alias", ["name": "prices", "alias": "v1", "version": "1"]).status
                == 400)
        let deleted = try tracked.ask(
            "/api/2.0/mlflow/registered-models/alias", ["name": "prices", "alias": "champion"], method: "DELETE")
        #expect(deleted.status == 200)
        #expect(try tracked.ask("/api/2.0/mlflow/registered-models/alias?name=prices&alias=champion").status == 400)
    }

    @Test func modelsAndVersionsAreFoundByWhatIsSaidOfThem() throws {
        let tracked = try TrackedWorkspace()
        _ = try registered(tracked)
        _ = try tracked.api("registered-models/create", ["name": "empty one"])
        func names(_ filter: String) throws -> [String?] {
            try tracked.api("registered-models/search?filter=\(filter)")["registered_models"]?.array?.map {
                Self.said($0, "name")
            } ?? []
        }
        #expect(try names("") == ["empty one", "prices"])
        #expect(try names("name%20LIKE%20'pri%25'") == ["prices"])
        #expect(try names("tags.%60mlflow.prompt.is_prompt%60%20!%3D%20'true'").count == 2)
        let page = try tracked.api("registered-models/search?max_results=1")
        #expect(Self.said(page["registered_models"]?.array?.first, "name") == "empty one" && page["next_page_token"] != nil)
        let found = try tracked.api("model-versions/search?filter=name%3D'prices'%20and%20tags.kind%3D'forest'")
        #expect(found["model_versions"]?.array?.count == 1)
        #expect(try tracked.api("model-versions/search?filter=name%3D'other'")["model_versions"]?.array?.isEmpty == true)
    }

    @Test func whatIsDeletedIsGoneAndItsNumberIsNotGivenAgain() throws {
        let tracked = try TrackedWorkspace()
        _ = try registered(tracked)
        _ = try tracked.api("registered-models/rename", ["name": "prices", "new_name": "costs"])
        #expect(try tracked.ask("/api/2.0/mlflow/registered-models/get?name=prices").status == 404)
        #expect(try RunStore(tracked.workspace).models.known("costs:1").version == 1)
        let deleted = try tracked.ask(
            "/api/2.0/mlflow/model-versions/delete", ["name": "costs", "version": "1"], method: "DELETE")
        #expect(deleted.status == 200)
        #expect(try tracked.ask("/api/2.0/mlflow/model-versions/get?name=costs&version=1").status == 404)
        let next = try tracked.api("model-versions/create", ["name": "costs", "source": "s3://models/costs"])
        #expect(Self.said(next["model_version"], "version") == "2")
        #expect(
            Self.said(try tracked.api("model-versions/get-download-uri?name=costs&version=2"), "artifact_uri")
                == "s3://models/costs")
        _ = try tracked.ask("/api/2.0/mlflow/registered-models/delete", ["name": "costs"], method: "DELETE")
        #expect(try tracked.api("registered-models/search")["registered_models"]?.array?.isEmpty == true)
        #expect(try RunStore(tracked.workspace).models.versions().isEmpty)
        #expect(try tracked.ask("/api/2.0/mlflow/registered-models/create", ["name": "a/b"]).status == 400)
        _ = try tracked.api("registered-models/create", ["name": "costs"])
        let again = try tracked.ask("/api/2.0/mlflow/registered-models/create", ["name": "costs"])
        #expect(again.status == 400 && Self.said(again.json, "error_code") == "RESOURCE_ALREADY_EXISTS")
    }
}

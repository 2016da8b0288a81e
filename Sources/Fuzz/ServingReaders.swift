import JSON
import MLflowTracking
import Serving

/// What an endpoint's host reads of its clients, and of what an earlier one left.
enum ServingReaders {
    static var all: [FuzzedReader] {
        [
            FuzzedReader(name: "async-requests") { _ in requests() }, FuzzedReader(name: "input-locations") { _ in locations() },
            FuzzedReader(name: "shadow-states") { _ in states() }, FuzzedReader(name: "mlflow-filters") { _ in filters() },
            FuzzedReader(name: "mlflow-paths") { _ in paths() },
        ]
    }

    private static func requests() -> Subject {
        let text = #"""
            {"id":"a1","inferenceID":"mine","endpoint":"e1","file":"/w/async/input/a.csv","contentType":"text/csv","output":"output/day/a1.out",
            "failure":"failures/a1-error.out","receivedAt":1.7e9,"secondsToLive":60,"secondsToAnswer":900}
            """#
        return Subject(samples: [Sample("request", text: text)]) { sample in
            do throws(JSONError) {
                guard let request = AsyncRequest(json: try JSONValue(parsing: sample.text)) else { return .refused("no request") }
                // What is read never leads out of the queue's folder, and is read again as it is written.
                guard AsyncPath.isBelow(request.output), AsyncPath.isBelow(request.failure) else { return .wrong(request.output) }
                return AsyncRequest(json: try JSONValue(parsing: request.json.text)) == request
                    ? .accepted : .wrong(request.json.text)
            } catch { return .refused(error.message) }
        }
    }

    private static func locations() -> Subject {
        let texts = ["file:///w/async/input/a%20b.csv", "file:///%2e%2e/a%25/%C3%A9"]
        return Subject(samples: texts.map { Sample("location", text: $0) }) { sample in
            do throws(ServiceError) {
                let path = try AsyncPath.path(ofLocation: sample.text)
                guard path.hasPrefix("/"), !path.utf8.contains(0) else { return .wrong(path) }
                return try AsyncPath.path(ofLocation: AsyncPath.location(of: path)) == path ? .accepted : .wrong(path)
            } catch { return .refused(error.message) }
        }
    }

    private static func filters() -> Subject {
        let texts = [
            "metrics.`val/loss` < 1e-3 and params.\"a b\" LIKE 'x%' AND tags.t IS NOT NULL",
            "status IN ('FINISHED', 'KILLED') and datasets.name != 'n'",
        ]
        return Subject(samples: texts.map { Sample("filter", text: $0) }) { sample in
            TrackingProbe.takesFilter(sample.text) ? .accepted : .refused("no filter")
        }
    }

    private static func paths() -> Subject {
        let run = "61626364" + String(repeating: "0", count: 24)
        let texts = ["0/\(run)/artifacts/a/b%20c.txt", "12/models/m-0a/artifacts/model/MLmodel"]
        return Subject(samples: texts.map { Sample("path", text: $0) }) { sample in
            guard let path = TrackingProbe.artifactPath(sample.text, in: "/w") else { return .refused("no path") }
            // What is read never leads out of the workspace.
            let parts = path.split(separator: "/")
            return path.hasPrefix("/w/") && !parts.contains("..") && !path.utf8.contains(0) ? .accepted : .wrong(path)
        }
    }

    private static func states() -> Subject {
        let text = #"""
            {"requests":4,"leftOut":1,"rows":4,"agreed":2,"differences":{"count":2,"zeros":1,"sum":0.5,"max":0.5,"counts":[[-8,1]]},
            "servedLatency":{"counts":[0,1],"sum":1500},"shadowLatency":{"counts":[2],"sum":900},"disagreements":[{"at":1.7e9,"request":"r",
            "row":1,"text":"1,2","served":"a","shadow":"b","difference":0.5}]}
            """#
        return Subject(samples: [Sample("state", text: text)]) { sample in
            do throws(JSONError) {
                guard let state = ShadowComparison(json: try JSONValue(parsing: sample.text)) else { return .refused("no state") }
                return ShadowComparison(json: try JSONValue(parsing: state.json.text)) == state
                    ? .accepted : .wrong(state.json.text)
            } catch { return .refused(error.message) }
        }
    }
}

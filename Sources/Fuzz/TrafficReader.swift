import Events
import JSON

/// What a host tells of its endpoints' requests, and lines of its access log.
enum TrafficReader {
    static var all: FuzzedReader { FuzzedReader(name: "traffic") { _ in subject() } }

    private static var traffic: HostTraffic {
        var counts = RequestCounts()
        (counts.invocations, counts.clientErrors, counts.modelSeconds) = (9, 1, 0.25)
        counts.latencies = [.init(bound: 1e-3, count: 4), .init(bound: 2e-3, count: 5)]
        let variant = VariantTraffic(
            name: "a", modelID: "m1", part: .new, total: counts, lastAt: 1.7e9, stretches: [counts, RequestCounts()])
        let rollout = RolloutStanding(
            strategy: "canary", shares: [0.1, 1], step: 0, isKeepingOld: false, since: 1.7e9, next: 1.8e9, alarms: ["slow"])
        return HostTraffic(
            until: 1.7e9, process: 7, startedAt: 1.6e9, cpuSeconds: 1.5, residentBytes: 1 << 20,
            endpoints: [EndpointTraffic(id: "e1", variants: [variant], rollout: rollout)])
    }

    private static let line =
        #"{"time":"2026-12-01T08:15:30.123Z","status":200,"endpoint":"churn","variant":"a","caller":"token","bytesIn":9,"bytesOut":2,"microseconds":77}"#

    private static func subject() -> Subject {
        Subject(samples: [Sample("told", text: traffic.json.text), Sample("logged", text: line)]) { sample in
            let json: JSONValue
            do throws(JSONError) { json = try JSONValue(parsing: sample.text) } catch { return .refused("\(error)") }
            let request = AccessedRequest(logged: json, of: "churn")
            guard let told = HostTraffic(json: json) else { return request == nil ? .refused("nothing of it") : .accepted }
            if HostTraffic(json: told.json) != told { return .wrong("what was told reads back as something else") }
            // What pages work out of it.
            let all = told.endpoints.map { $0.stretches.reduce(into: RequestCounts()) { $0.add($1) } }
            return all.contains { $0.invocations < 0 } ? .wrong("fewer requests than none") : .accepted
        }
    }
}

import Events
import JSON
import Testing

/// What a host tells of its endpoints' requests, on its way to whoever asked.
@Suite struct HostTrafficTests {
    private func counts(_ invocations: Int, _ latencies: [(Double, Int)] = []) -> RequestCounts {
        var counts = RequestCounts()
        (counts.invocations, counts.clientErrors, counts.serverErrors, counts.modelErrors) = (invocations, 3, 2, 1)
        counts.modelSeconds = 0.125
        counts.latencies = latencies.map { .init(bound: $0.0, count: $0.1) }
        return counts
    }

    @Test func itComesOutAsItWentIn() throws {
        let traffic = HostTraffic(
            until: 1.7e9, process: 7, startedAt: 1.6e9, cpuSeconds: 1.5, residentBytes: 1 << 20,
            endpoints: [
                EndpointTraffic(
                    id: "e1",
                    variants: [
                        VariantTraffic(
                            name: "a", modelID: "m1", part: .current, total: counts(9, [(1e-3, 4), (2e-3, 5)]), lastAt: 1.69e9,
                            stretches: [RequestCounts(), counts(2, [(1e-3, 2)])]),
                        VariantTraffic(name: "b", modelID: "m2", part: .retired, total: RequestCounts()),
                    ],
                    rollout: RolloutStanding(
                        strategy: "linear", shares: [0.5, 1], step: 1, isKeepingOld: true, since: 1.7e9, next: 1.8e9,
                        alarms: ["x"]))
            ])
        #expect(HostTraffic(json: try JSONValue(parsing: traffic.json.text)) == traffic)
    }

    @Test func whatMakesNoSenseIsLeftOut() throws {
        #expect(HostTraffic(json: .object(["until": .number(1)])) == nil)
        let odd = try JSONValue(parsing: #"{"n":-4,"latencies":[0.001,2,"x",3,-1,4,0.002]}"#)
        let read = try #require(RequestCounts(json: odd))
        #expect(read.invocations == 0 && read.latencies == [.init(bound: 0.001, count: 2)])
        let rollout = try JSONValue(parsing: #"{"strategy":"canary","shares":[0.1,1],"step":7,"since":1}"#)
        #expect(RolloutStanding(json: rollout) == nil)
    }

    @Test func sumsKeepEveryBucketAndQuantilesAreOfAll() {
        var sum = counts(10, [(1e-3, 9), (4e-3, 1)])
        sum.add(counts(90, [(1e-3, 81), (2e-3, 9)]))
        #expect(sum.invocations == 100 && sum.errors == 10)
        #expect(sum.latencies.map(\.count) == [90, 9, 1])
        #expect(sum.latency(0.5) == 1e-3 && sum.latency(0.99) == 2e-3 && sum.latency(1) == 4e-3)
        #expect(RequestCounts().latency(0.5) == nil)
    }

    @Test func aLineOfTheAccessLogIsOfItsEndpoint() throws {
        let line = try JSONValue(
            parsing:
                #"{"time":"2026-12-01T08:15:30.123Z","status":200,"endpoint":"churn","variant":"a","bytesIn":9,"bytesOut":2,"microseconds":77}"#
        )
        let request = try #require(AccessedRequest(logged: line, of: "churn"))
        #expect((request.status, request.variant, request.requestBytes, request.microseconds) == (200, "a", 9, 77))
        #expect(AccessedRequest(logged: line, of: "other") == nil)
        #expect(AccessedRequest(logged: .object(["endpoint": .string("churn")]), of: "churn") == nil)
    }
}

import Cells
import Events

@testable import Studio

/// Two endpoints of the sample's studio: one in the middle of a canary, one that nobody asked for an hour.
extension SampleStudio {
    static let endpoint = "e7c1k2mm"

    static var models: [ModelVersion] {
        let request = JobRequest(datasetPath: "data/churn.csv", target: "churned", algorithm: "xgboost")
        func version(_ number: Int, _ approval: ModelApproval, run: String, name: String, value: Double) -> ModelVersion {
            var version = ModelVersion(
                id: "model00\(number)", name: "churn", source: .run, sourceID: run, sourceName: name, request: request,
                createdAt: start - Double(10 - number) * 3600)
            (version.version, version.approval) = (number, approval)
            version.metrics = [MetricName("validation:log_loss"): value, MetricName("validation:accuracy"): 0.87]
            version.hyperparameters = ["eta": "0.1", "max_depth": "6"]
            (version.byteCount, version.dataFingerprint) = (81_234, "00c0ffee00c0ffee")
            if number == 3 { version.note = "after the price change" }
            return version
        }
        return [
            version(3, .pending, run: "kept3", name: "xgb-deep", value: 0.2977),
            version(2, .approved, run: "kept2", name: "xgb-d6", value: 0.3012),
            version(1, .rejected, run: "kept1", name: "logreg", value: 0.3830),
        ]
    }

    static var serving: KnownServing {
        var serving = KnownServing()
        var busy = EndpointRecord(
            id: endpoint, name: "churn", variants: [.init(name: "AllTraffic", model: "churn:2", modelID: "model002")],
            capturePercent: 20, createdAt: start - 7200)
        busy.pending = [.init(name: "AllTraffic", model: "churn:3", modelID: "model003")]
        (busy.status, busy.pendingShare) = (.updating, 0.1)
        var idle = EndpointRecord(
            id: "e0000002", name: "prices",
            variants: [
                .init(name: "old", model: "logreg", modelID: "kept1", weight: 3),
                .init(name: "new", model: "xgb-d6", modelID: "kept2", weight: 1),
            ], createdAt: start - 90_000)
        idle.status = .inService
        serving.endpoints = [busy, idle]
        var errors = AlarmRecord(
            name: "churn-errors", endpoint: "churn", variant: nil, metric: "InvocationModelErrors", statistic: "Sum",
            comparison: "gt", missing: "notBreaching", threshold: 5, period: 10, evaluationPeriods: 1, datapoints: 1)
        errors.enter("OK", at: start - 3000)
        var slow = AlarmRecord(
            name: "churn-slow", endpoint: "churn", variant: nil, metric: "ModelLatency", statistic: "p99", comparison: "gt",
            missing: "notBreaching", threshold: 5000, period: 10, evaluationPeriods: 3, datapoints: 2)
        slow.enter("OK", at: start - 3000)
        serving.alarms = [errors, slow]
        serving.models = models
        (serving.url, serving.isServed) = ("http://127.0.0.1:8080", true)
        return serving
    }

    /// Requests of some stretches, in a wave, with a little noise in how long they took.
    private static func stretches(_ count: Int, seconds: Int, share: Double, from first: Int, errors: Int = 0) -> [RequestCounts]
    {
        (0..<count).map { place in
            var counts = RequestCounts()
            guard place >= first else { return counts }
            let rate = share * (120 + 30 * wave(Double(place) / 9))
            counts.invocations = Int(rate) * seconds
            counts.modelSeconds = Double(counts.invocations) * 0.0004
            let slow = place % 7 == 3 ? 2 : 0
            counts.latencies = [
                .init(bound: 256e-6, count: counts.invocations / 4), .init(bound: 384e-6, count: counts.invocations / 2),
                .init(bound: 512e-6, count: counts.invocations / 5),
            ]
            if slow > 0 { counts.latencies.append(.init(bound: 2048e-6, count: slow)) }
            if place % 11 == 5 { (counts.clientErrors, counts.modelErrors) = (errors, errors) }
            return counts
        }
    }

    static func traffic(_ count: Int, seconds: Int) -> HostTraffic {
        func total(_ number: Int) -> RequestCounts {
            var counts = RequestCounts()
            (counts.invocations, counts.modelSeconds) = (number, Double(number) * 0.0004)
            return counts
        }
        let busy = EndpointTraffic(
            id: endpoint,
            variants: [
                VariantTraffic(
                    name: "AllTraffic", modelID: "model002", part: .current, total: total(912_345), lastAt: start,
                    stretches: stretches(count, seconds: seconds, share: 0.9, from: 0)),
                VariantTraffic(
                    name: "AllTraffic", modelID: "model003", part: .new, total: total(1_204), lastAt: start,
                    stretches: stretches(count, seconds: seconds, share: 0.1, from: count * 2 / 3, errors: 1)),
            ],
            rollout: RolloutStanding(
                strategy: "canary", shares: [0.1, 1], step: 0, isKeepingOld: false, since: start - 40, next: start + 20,
                alarms: ["churn-errors", "churn-slow"]))
        let idle = EndpointTraffic(
            id: "e0000002",
            variants: ["old", "new"].map {
                VariantTraffic(
                    name: $0, modelID: $0 == "old" ? "kept1" : "kept2", part: .current, total: total(20), lastAt: start - 3600,
                    stretches: [RequestCounts](repeating: RequestCounts(), count: count))
            })
        return HostTraffic(
            until: start, process: 4711, startedAt: start - 7300, cpuSeconds: 402.5, residentBytes: 88_000_000,
            endpoints: [busy, idle])
    }

    static func endpointReading(_ count: Int, seconds: Int) -> EndpointReading {
        var before = serving.endpoints[0]
        let shifted = EndpointEvent.trafficShifted(EndpointNews(before))
        (before.pending, before.pendingShare) = ([], 0)
        var made = before
        made.status = .creating
        before.status = .inService
        return EndpointReading(
            traffic: traffic(count, seconds: seconds),
            history: [
                .init(at: start - 7200, event: .statusChanged(EndpointNews(made))),
                .init(at: start - 7199, event: .statusChanged(EndpointNews(before))),
                .init(at: start - 40.1, event: .statusChanged(EndpointNews(serving.endpoints[0]))),
                .init(at: start - 40, event: shifted),
            ],
            requests: [
                AccessedRequest(
                    time: "2026-09-21T14:13:19.250Z", status: 200, variant: "AllTraffic", caller: "token", requestBytes: 182,
                    answerBytes: 11, microseconds: 612),
                AccessedRequest(
                    time: "2026-09-21T14:13:19.241Z", status: 424, variant: "AllTraffic", caller: "…F3KQ", requestBytes: 20,
                    answerBytes: 212, microseconds: 433),
            ])
    }
}

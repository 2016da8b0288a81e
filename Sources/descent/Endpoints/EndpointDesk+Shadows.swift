import CheckedNumbers
import Clocks
import Events
import Experiments
import JSON
import Serving
import Threads

// Models that are shown an endpoint's requests beside. On the desk's thread.
extension EndpointDesk {
    /// Begins to show a model an endpoint's requests, or shows the one that it is shown to another share of them.
    func show(_ shadow: EndpointShadow, of record: EndpointRecord) throws {
        guard let endpoint = live[record.id], record.status == .inService else {
            throw CommandError.failed("\(record.name) is \(record.status.rawValue): a shadow test begins when it is InService")
        }
        var record = record, before = ShadowComparison()
        if let running = record.shadow {
            guard running.model.modelID == shadow.model.modelID else {
                throw CommandError.failed(
                    "\(record.name) has a shadow test of \(running.model.model): `descent endpoint shadow \(record.name) --stop` ends "
                        + "it, `descent endpoint promote \(record.name)` has it answer")
            }
            before = endpoint.shadow?.comparison ?? before
            record.shadow?.percent = shadow.percent
        } else {
            record.shadow = shadow
        }
        let model = try variants([shadow.model])[0].variant
        let test = try ShadowTest(model, percent: shadow.percent, comparison: before)
        replaceShadow(of: endpoint, by: test)
        record.updatedAt = WallClock.now()
        try note(test, of: record.id)
        try keep(record, .shadowChanged(news(record, "")))
    }

    /// Brings a shadow back with its host. An endpoint serves without one that cannot be loaded.
    func bringShadow(of record: inout EndpointRecord, _ endpoint: LiveEndpoint) throws {
        guard let shadow = record.shadow else { return }
        do {
            let before = try endpoints.shadowState(of: record.id).flatMap(ShadowComparison.init(json:))
            let model = try variants([shadow.model])[0].variant
            endpoint.show(to: try ShadowTest(model, percent: shadow.percent, comparison: before ?? ShadowComparison()))
        } catch {
            let event = EndpointEvent.shadowChanged(news(record, "it cannot be loaded: \(CommandError(error).description)"))
            record.shadow = nil
            try keep(record, event)
        }
    }

    func stopShadow(of record: EndpointRecord) throws {
        guard record.shadow != nil, let endpoint = live[record.id] else {
            throw CommandError.failed("\(record.name) has no shadow test: there is nothing to stop")
        }
        try endShadow(of: record, endpoint, "stopped")
    }

    /// Has the shadow answer all requests from the next one on, if it answers stored ones.
    func promoteShadow(of record: EndpointRecord) throws {
        guard let shadow = record.shadow, let endpoint = live[record.id], let test = endpoint.shadow else {
            throw CommandError.failed(
                "\(record.name) is not being updated and has no shadow test: there is nothing to promote")
        }
        var record = record, variant = shadow.model
        variant.name = record.variants.count == 1 ? record.variants[0].name : "AllTraffic"
        let new = LiveVariant(name: variant.name, model: test.variant.model)
        record.checkedRequests = try check([new], on: endpoint.sample.requests)
        endpoint.route(Traffic([(new, 1)]))
        (record.variants, record.reason, record.isRolledBack) = ([variant], "", false)
        try endShadow(of: record, endpoint, "promoted")
        record.shadow = nil
        record.updatedAt = WallClock.now()
        try keep(record, .trafficShifted(EndpointNews(record)))
    }

    private func endShadow(of record: EndpointRecord, _ endpoint: LiveEndpoint, _ outcome: String) throws {
        let test = endpoint.shadow
        replaceShadow(of: endpoint, by: nil)
        if let test { try note(test, of: record.id) }
        let event = EndpointEvent.shadowChanged(news(record, outcome))
        var record = record
        (record.shadow, record.updatedAt) = (nil, WallClock.now())
        try keep(record, event)
    }

    private func news(_ record: EndpointRecord, _ outcome: String) -> EndpointNews {
        var news = EndpointNews(record)
        news.shadow = record.shadow.map { .init($0, outcome: outcome) }
        return news
    }

    func replaceShadow(of endpoint: LiveEndpoint, by test: ShadowTest?) {
        let old = endpoint.shadow
        endpoint.show(to: test)
        old?.close()
    }

    // MARK: - What the workspace keeps

    private func note(_ test: ShadowTest, of id: String) throws {
        let now = test.comparison
        notedShadows[id] = now.requests + now.leftOut
        try endpoints.write(ShadowReport(now, at: WallClock.now()), state: now.json, of: id)
    }

    /// Keeps what changes with each request: how shadows compare, and requests for new versions to be tried on.
    /// - Returns: when to do so again; nil: nothing is served.
    func noteRequests(_ now: Double) throws -> Double? {
        var next: Double?
        for (id, endpoint) in live {
            next = min(next ?? .infinity, now + (endpoint.shadow == nil ? 5 : 1))
            if let test = endpoint.shadow {
                let sum = test.comparison
                if notedShadows[id] != sum.requests + sum.leftOut { try note(test, of: id) }
            }
            let changes = endpoint.sample.changes
            guard notedSamples[id, default: 0] != changes else { continue }
            notedSamples[id] = changes
            try endpoints.write(requests: endpoint.sample.requests.map(\.json), of: id)
        }
        return next
    }
}

extension ShadowReport {
    /// - Parameter time: seconds since 1970.
    init(_ sum: ShadowComparison, at time: Double) {
        self.init()
        (requests, leftOut) = (sum.requests, sum.leftOut)
        (servedErrors, shadowErrors, bothErrors) = (sum.servedErrors, sum.shadowErrors, sum.bothErrors)
        (rows, agreed, incomparable) = (sum.rows, sum.agreed, sum.incomparable)
        func quantile(_ share: Double) -> Double { sum.differences.quantile(share) ?? 0 }
        differences = sum.differences.mean.map {
            Differences(mean: $0, p50: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99), max: sum.differences.max)
        }
        servedLatency = Latency(sum.servedLatency)
        shadowLatency = Latency(sum.shadowLatency)
        disagreements = sum.disagreements.map {
            Disagreement(
                at: $0.at, request: $0.request, row: $0.row, text: $0.text, served: $0.served, shadow: $0.shadow,
                difference: $0.difference)
        }
        updatedAt = time
    }
}

extension ShadowReport.Latency {
    /// Nil where nothing was measured.
    init?(_ histogram: LatencyHistogram) {
        guard let mean = histogram.mean, let p50 = histogram.quantile(0.5), let p90 = histogram.quantile(0.9),
            let p99 = histogram.quantile(0.99)
        else { return nil }
        self.init(mean: mean, p50: p50 * 1e6, p90: p90 * 1e6, p99: p99 * 1e6)
    }
}

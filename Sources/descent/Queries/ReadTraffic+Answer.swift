import Events
import Experiments
import Hosting
import JSON
import Studio

extension ReadTraffic: AnsweredQuery {
    func answer(_ work: QueryWork<HostTraffic?>) throws -> HostTraffic? {
        if work.attachments != nil { return nil }
        return HostLink(work.engine.workspace.path).traffic(stretches: Self.stretches, seconds: Self.seconds, of: nil)
    }
}

extension ReadEndpoint: AnsweredQuery {
    /// Requests that are listed.
    private static let mostRequests = 30

    func answer(_ work: QueryWork<EndpointReading>) throws -> EndpointReading {
        let workspace = work.engine.workspace, link = HostLink(workspace.path)
        return EndpointReading(
            traffic: work.attachments == nil ? link.traffic(stretches: stretches, seconds: seconds, of: endpoint) : nil,
            history: try work.store.endpoints.history(of: endpoint).map { .init(at: $0.at, event: $0.event) },
            requests: AccessLogTail.requests(
                EndpointListener.logPath(workspace), of: name, atMost: Self.mostRequests),
            shadow: try work.store.endpoints.shadowReport(of: endpoint))
    }
}

extension HostLink {
    /// What the workspace's host counts; nil where none answers.
    /// - Parameter endpoint: of this one only, by its id.
    func traffic(stretches: Int, seconds: Int, of endpoint: String?) -> HostTraffic? {
        guard isThere else { return nil }
        let question = JSONValue.object([
            "request": .string("traffic"), "stretches": .integer(stretches), "seconds": .integer(seconds),
            "endpoint": endpoint.map { .string($0) },
        ])
        return ask(question).flatMap(HostTraffic.init(json:))
    }
}

import JSON

/// What happened to an endpoint.
public enum EndpointEvent: EventDomain {
    /// It stands otherwise. Posted once that is kept.
    case statusChanged(EndpointNews)
    /// Its variants have other shares of the requests, from the next request on.
    case trafficShifted(EndpointNews)
    /// A model is shown its requests beside, or that has ended.
    case shadowChanged(EndpointNews)
    /// It is gone. Its last event.
    case deleted(EndpointNews)
}

extension EventName {
    public static let endpointStatusChanged = EventName("endpointStatusChanged")
    public static let endpointTrafficShifted = EventName("endpointTrafficShifted")
    public static let endpointShadowChanged = EventName("endpointShadowChanged")
    public static let endpointDeleted = EventName("endpointDeleted")
}

extension EndpointEvent {
    public var news: EndpointNews {
        switch self {
        case .statusChanged(let news), .trafficShifted(let news), .shadowChanged(let news), .deleted(let news): news
        }
    }

    public var name: EventName {
        switch self {
        case .statusChanged: .endpointStatusChanged
        case .trafficShifted: .endpointTrafficShifted
        case .shadowChanged: .endpointShadowChanged
        case .deleted: .endpointDeleted
        }
    }

    public var members: [JSONValue.Member] { news.json.members ?? [] }

    public init?(name: EventName, json: JSONValue) {
        switch name {
        case .endpointStatusChanged: self.init(EndpointNews(json: json), Self.statusChanged)
        case .endpointTrafficShifted: self.init(EndpointNews(json: json), Self.trafficShifted)
        case .endpointShadowChanged: self.init(EndpointNews(json: json), Self.shadowChanged)
        case .endpointDeleted: self.init(EndpointNews(json: json), Self.deleted)
        default: return nil
        }
    }
}

/// How an endpoint stands now.
public struct EndpointNews: Hashable, Sendable {
    public var endpoint: String
    public var id: String
    public var status: EndpointStatus
    public var reason: String
    /// Each variant's share of the requests, in the endpoint's order.
    public var shares: [Share]
    /// What happened to its shadow; nil: the event is about something else.
    public var shadow: Shadow?

    public struct Shadow: Hashable, Sendable {
        public var model: String
        public var percent: Double
        /// How it ended: what happened, what to do; empty: it runs.
        public var outcome: String

        public init(_ shadow: EndpointShadow, outcome: String = "") {
            (model, percent, self.outcome) = (shadow.model.model, shadow.percent, outcome)
        }
    }

    public struct Share: Hashable, Sendable {
        public var variant: String
        public var model: String
        /// - Range: 0 to 1.
        public var share: Double

        public init(variant: String, model: String, share: Double) {
            (self.variant, self.model, self.share) = (variant, model, share)
        }
    }

    public init(_ record: EndpointRecord) {
        (endpoint, id, status, reason) = (record.name, record.id, record.status, record.reason)
        shares = record.variants.map { Share(variant: $0.name, model: $0.model, share: record.share(of: $0)) }
        shares += record.pending.map { Share(variant: $0.name, model: $0.model, share: record.share(ofPending: $0)) }
    }

    var json: JSONValue {
        .object([
            "endpoint": .string(endpoint), "id": .string(id), "status": .string(status.rawValue),
            "reason": reason.isEmpty ? nil : .string(reason),
            "shares": .array(
                shares.map {
                    .object(["variant": .string($0.variant), "model": .string($0.model), "share": .number($0.share)])
                }),
            "shadow": shadow.map {
                .object([
                    "model": .string($0.model), "percent": .number($0.percent),
                    "outcome": $0.outcome.isEmpty ? nil : .string($0.outcome),
                ])
            },
        ])
    }

    init?(json: JSONValue) {
        guard let endpoint = json["endpoint"]?.string, let id = json["id"]?.string,
            let status = json["status"]?.string.flatMap(EndpointStatus.init)
        else { return nil }
        (self.endpoint, self.id, self.status, reason) = (endpoint, id, status, json["reason"]?.string ?? "")
        shares = (json["shares"]?.array ?? []).compactMap { share in
            guard let variant = share["variant"]?.string, let model = share["model"]?.string, let part = share["share"]?.double
            else { return nil }
            return Share(variant: variant, model: model, share: part)
        }
        if let said = json["shadow"], let model = said["model"]?.string, let percent = said["percent"]?.double {
            var known = Shadow(
                EndpointShadow(model: EndpointVariant(name: "", model: model, modelID: ""), percent: percent, startedAt: 0))
            known.outcome = said["outcome"]?.string ?? ""
            shadow = known
        }
    }
}

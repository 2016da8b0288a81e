import CheckedNumbers
import Events
import Experiments
import JSON

/// Endpoints as lines of text and of JSON.
struct EndpointText {
    let record: EndpointRecord
    let place: ServingPlace?
    /// How its shadow compares, or the last one did.
    var report: ShadowReport?
    /// Where its asynchronous requests and their answers lie; nil: nobody wants to know.
    var asyncFolder: String?

    /// How it stands for whoever would ask it now: without a host nobody answers.
    var status: (status: EndpointStatus, reason: String) {
        if record.status == .inService, place?.isThere != true {
            return (.outOfService, "the workspace has no host: `descent serve --detach` starts one")
        }
        return (record.status, record.reason)
    }

    var url: String? { place.map { $0.url(of: record.name) } }

    /// `churn  InService  2 variants  http://…`
    var line: String {
        var parts = [record.name, status.status.rawValue]
        parts.append(
            record.variants.count == 1
                ? record.variants[0].model
                : record.variants.map { "\($0.name) \(Self.percent(record.share(of: $0)))" }.joined(separator: ", "))
        if let url, status.status == .inService { parts.append(url) }
        if !status.reason.isEmpty { parts.append(status.reason) }
        return parts.joined(separator: "  ")
    }

    func json(kind: String) -> JSONValue {
        let (status, reason) = status
        return .object([
            "kind": .string(kind), "endpoint": .string(record.name), "id": .string(record.id),
            "status": .string(status.rawValue), "reason": reason.isEmpty ? nil : .string(reason),
            "url": url.map { .string($0) },
            "variants": .array(
                record.variants.map {
                    .object([
                        "name": .string($0.name), "model": .string($0.model), "modelID": .string($0.modelID),
                        "weight": .number($0.weight), "share": .number(record.share(of: $0)),
                    ])
                }),
            "pending": record.pending.isEmpty
                ? nil
                : .array(
                    record.pending.map {
                        .object([
                            "name": .string($0.name), "model": .string($0.model), "modelID": .string($0.modelID),
                            "weight": .number($0.weight), "share": .number(record.share(ofPending: $0)),
                        ])
                    }),
            "capturePercent": record.capturePercent.map { .number($0) },
            "captureDestination": record.captureDestination.map { .string($0) }, "shadow": shadow, "async": async,
            "checkedRequests": record.checkedRequests.map { .integer($0) },
            "idleDeleteSeconds": record.idleDeleteSeconds.map { .number($0) }, "createdAt": .number(record.createdAt),
            "updatedAt": .number(record.updatedAt),
        ])
    }

    /// `75 %`
    static func percent(_ share: Double) -> String {
        let tenths = Int(nearestWithin: share * 1000)
        return (tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)") + " %"
    }

    /// What happened, for a person.
    static func words(_ event: EndpointEvent) -> String {
        let news = event.news
        switch event {
        case .statusChanged: return news.status.rawValue + (news.reason.isEmpty ? "" : ": \(news.reason)")
        case .trafficShifted:
            return "traffic: "
                + news.shares.map {
                    "\($0.variant == $0.model ? $0.variant : "\($0.variant) (\($0.model))") \(percent($0.share))"
                }.joined(separator: ", ")
        case .shadowChanged:
            guard let shadow = news.shadow else { return "shadow test" }
            let share = "shadow test of \(shadow.model), \(percent(shadow.percent / 100)) of the requests"
            return share + (shadow.outcome.isEmpty ? "" : ": \(shadow.outcome)")
        case .deleted: return "deleted"
        }
    }
}

import CheckedNumbers
import Clocks
import Events
import Glibc
import JSON
import Serving
import Synchronization
import Training

/// What the host tells others of its endpoints' requests, when they ask. Nothing is written or sent where nobody does.
///
/// The desk's thread says which variants there are; the socket's reads what they have counted. Of variants that nobody asks any more the
/// counts stay for as long as their last requests are counted second by second, and the models go.
final class TrafficWatch: Sendable {
    private struct Watched {
        var name: String
        var modelID: String
        var part: VariantTraffic.Part
        var metrics: VariantMetrics
    }

    private struct State {
        /// By the endpoints' ids.
        var variants: [String: [Watched]] = [:]
        var rollouts: [String: RolloutStanding] = [:]
    }

    private let state = Mutex(State())

    /// Variants of the past that are told of an endpoint.
    private static let mostRetired = 16
    /// Stretches that are told at most, and seconds that one has.
    private static let mostStretches = 600, longestStretch = 60

    // MARK: - The desk's thread

    func note(_ records: [EndpointRecord], _ live: [String: LiveEndpoint], _ rollouts: [String: EndpointRollout]) {
        let now = WallClock.now()
        var found: [String: [Watched]] = [:]
        for record in records {
            guard let endpoint = live[record.id] else { continue }
            found[record.id] = Self.watched(record, endpoint, rollouts[record.id])
        }
        let standings = rollouts.mapValues { RolloutStanding($0) }
        state.withLock { state in
            for (id, current) in found {
                let known = Set(current.map { ObjectIdentifier($0.metrics) })
                let retired = (state.variants[id] ?? []).filter { one in
                    !known.contains(ObjectIdentifier(one.metrics))
                        && now - one.metrics.lastAt < Double(VariantMetrics.keptSeconds)
                }.map { one in
                    var one = one
                    one.part = .retired
                    return one
                }
                found[id] = current + retired.suffix(Self.mostRetired)
            }
            (state.variants, state.rollouts) = (found, standings)
        }
    }

    private static func watched(_ record: EndpointRecord, _ endpoint: LiveEndpoint, _ rollout: EndpointRollout?) -> [Watched] {
        func pairs(_ variants: [EndpointVariant], _ live: [LiveVariant], _ part: VariantTraffic.Part) -> [Watched] {
            variants.compactMap { variant in
                live.first { $0.name == variant.name }.map {
                    Watched(name: variant.name, modelID: variant.modelID, part: part, metrics: $0.metrics)
                }
            }
        }
        guard let rollout else { return pairs(record.variants, endpoint.variants, .current) }
        return pairs(record.variants, rollout.old.map(\.variant), .current)
            + pairs(rollout.update.variants, rollout.new.map(\.variant), .new)
    }

    // MARK: - The socket's thread

    /// - Parameter asked: with `stretches`, how many, and `seconds`, how long each is.
    func answer(_ asked: JSONValue, startedAt: Double) -> JSONValue {
        let number = min(Self.mostStretches, max(0, asked["stretches"]?.integer ?? 0))
        let seconds = min(Self.longestStretch, max(1, asked["seconds"]?.integer ?? 1))
        let (variants, rollouts) = state.withLock { ($0.variants, $0.rollouts) }
        // A second that is not over would look like one with fewer requests.
        let end = Int(roundedDownWithin: WallClock.now()), use = ProcessUse.own
        let only = asked["endpoint"]?.string
        let endpoints = variants.filter { only == nil || $0.key == only }.map { id, all in
            EndpointTraffic(
                id: id,
                variants: all.map { one in
                    let lastAt = one.metrics.lastAt
                    return VariantTraffic(
                        name: one.name, modelID: one.modelID, part: one.part, total: RequestCounts(one.metrics.total),
                        lastAt: lastAt > 0 ? lastAt : nil,
                        stretches: one.metrics.stretches(number, of: seconds, before: end).map { RequestCounts($0) })
                }, rollout: rollouts[id])
        }
        return HostTraffic(
            until: Double(end), process: Int(getpid()), startedAt: startedAt, cpuSeconds: use.processorSeconds,
            residentBytes: use.residentBytes, endpoints: endpoints.sorted { $0.id < $1.id }
        ).json
    }
}

extension RequestCounts {
    init(_ counts: VariantMetrics.Counts) {
        self.init()
        (invocations, clientErrors) = (counts.invocations, counts.clientErrors)
        (serverErrors, modelErrors) = (counts.serverErrors, counts.modelErrors)
        modelSeconds = Double(counts.modelLatency.sum) * 1e-9
        latencies = counts.modelLatency.filled.map { Bucket(bound: $0.bound, count: $0.count) }
    }
}

extension RolloutStanding {
    init(_ rollout: EndpointRollout) {
        let machine = rollout.machine, shares = machine.plan.shares
        var step = shares.count - 1, since = 0.0, isKeepingOld = false
        switch machine.phase {
        case .baking(let place, let start): (step, since) = (place, start)
        case .keepingOld(let start): (since, isKeepingOld) = (start, true)
        case .updated, .rolledBack: break
        }
        self.init(
            strategy: machine.plan.strategy.rawValue, shares: shares, step: step, isKeepingOld: isKeepingOld, since: since,
            next: machine.nextTime, alarms: rollout.update.alarms)
    }
}

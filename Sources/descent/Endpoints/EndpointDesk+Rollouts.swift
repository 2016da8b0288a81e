import Clocks
import Events
import Experiments
import Serving

// Deployments and the alarms that bring old versions back. On the desk's thread.
extension EndpointDesk {
    /// Begins with a deployment.
    /// - Throws: why it does not begin; the endpoint is as it was then.
    func begin(_ update: EndpointUpdate, of record: EndpointRecord) throws {
        guard let endpoint = live[record.id], record.status == .inService || record.status == .updateRollbackFailed else {
            throw CommandError.failed("\(record.name) is \(record.status.rawValue): it can be updated when it is InService")
        }
        let plan = try EndpointRollout.plan(update)
        var watching: [AlarmRecord] = []
        for name in update.alarms {
            let alarm = try store.alarms.alarm(named: name)
            guard alarm.endpoint == record.name else {
                throw CommandError.usage("alarm \(name) is about \(alarm.endpoint), not \(record.name): choose another")
            }
            watching.append(alarm)
        }
        guard record.shadow == nil else {
            throw CommandError.failed(
                "\(record.name) has a shadow test: `descent endpoint shadow \(record.name) --stop` ends it, "
                    + "`descent endpoint promote \(record.name)` has its model answer")
        }
        // Models that cannot be read, or fail on what was answered before, change nothing.
        let new = try variants(update.variants)
        let checked = update.isUnchecked ? nil : try check(new.map(\.variant), on: endpoint.sample.requests)
        let old = record.variants.compactMap { variant in
            endpoint.variants.first { $0.name == variant.name }.map { (variant: $0, weight: variant.weight) }
        }
        let now = WallClock.now(), on = try watching.filter { try state($0, endpoint.variants, now) == .alarm }.map(\.name)
        guard let (machine, actions) = Deployment.begin(plan, now: now, alarms: on) else {
            throw CommandError.failed(
                "alarm \(on.joined(separator: ", ")) is on already: what it says could not be told from what the new version does"
            )
        }
        var changed = record
        (changed.status, changed.reason, changed.updatedAt) = (.updating, "", now)
        (changed.pending, changed.pendingShare, changed.isRolledBack) = (update.variants, 0, nil)
        changed.checkedRequests = checked
        if let seconds = update.idleDeleteSeconds { changed.idleDeleteSeconds = seconds > 0 ? seconds : nil }
        try keep(changed, .statusChanged(EndpointNews(changed)))
        rollouts[record.id] = EndpointRollout(update: update, old: old, new: new, machine: machine, lookedAt: now)
        try carryOut(actions, changed)
    }

    /// Takes the steps that are due.
    /// - Returns: when to look again; nil: nothing is under way.
    func followRollouts() throws -> Double? {
        var next: Double?
        let now = WallClock.now()
        var alarms = try store.alarms.all()
        if !alarms.isEmpty { try measureLevels(alarms, now) }
        let moments = AlarmRule.moments(after: alarms.isEmpty ? nil : lookedAt, until: now)
        lookedAt = alarms.isEmpty ? nil : now
        for moment in moments { for place in alarms.indices { try look(at: &alarms[place], moment) } }
        for id in rollouts.keys.sorted() {
            guard var rollout = rollouts[id], let record = try endpoints.endpoint(id: id) else {
                rollouts[id] = nil
                continue
            }
            let watching = alarms.filter { rollout.update.alarms.contains($0.name) }
            // Of the new version alone, too: while its share is small the old one's good answers would hide its bad ones.
            let seen = AlarmRule.moments(after: rollout.lookedAt, until: now)
            let on = try watching.filter { alarm in
                try seen.contains { moment in
                    try state(alarm, rollout.variants, moment) == .alarm
                        || state(alarm, rollout.new.map(\.variant), moment) == .alarm
                }
            }.map(\.name)
            rollout.lookedAt = now
            let actions = rollout.machine.advance(now: now, alarms: on)
            rollouts[id] = rollout
            try carryOut(actions, record)
            if let due = rollouts[id]?.machine.nextTime { next = min(next ?? due, due) }
        }
        if !alarms.isEmpty, isServing { next = min(next ?? .infinity, now + 0.5) }
        return next
    }

    /// Ends a deployment now: all requests go to the new version, or back to the old one.
    func end(_ record: EndpointRecord, promoting: Bool) throws {
        guard var rollout = rollouts[record.id] else {
            throw CommandError.failed(
                "\(record.name) is not being updated: there is nothing to \(promoting ? "promote" : "roll back")")
        }
        let actions = promoting ? rollout.machine.promote() : rollout.machine.rollBack("it was asked for")
        rollouts[record.id] = rollout
        try carryOut(actions, record)
    }

    private func carryOut(_ actions: [Deployment.Action], _ record: EndpointRecord) throws {
        var record = record
        guard let rollout = rollouts[record.id], let endpoint = live[record.id] else { return }
        for action in actions {
            record.updatedAt = WallClock.now()
            switch action {
            case .shift(let share):
                endpoint.route(rollout.traffic(share))
                endpoint.isReady = true
                record.pendingShare = share
                try keep(record, .trafficShifted(EndpointNews(record)))
            case .retireOld:
                endpoint.route(rollout.traffic(1))
                (record.variants, record.pending, record.pendingShare) = (rollout.update.variants, [], 0)
                (record.status, record.isRolledBack) = (.inService, false)
                rollouts[record.id] = nil
                try keep(record, .statusChanged(EndpointNews(record)))
            case .rollBack(let reason) where rollout.old.isEmpty:
                try stayWithNew(record, rollout, endpoint, reason)
            case .rollBack(let reason):
                endpoint.route(rollout.traffic(0))
                (record.pending, record.pendingShare) = ([], 0)
                (record.status, record.reason, record.isRolledBack) = (.inService, "rolled back: \(reason)", true)
                rollouts[record.id] = nil
                try keep(record, .statusChanged(EndpointNews(record)))
            }
        }
    }

    /// There is no old version that could have the requests back: the new one keeps them, and somebody has to decide.
    private func stayWithNew(
        _ record: EndpointRecord, _ rollout: EndpointRollout, _ endpoint: LiveEndpoint, _ reason: String
    ) throws {
        var record = record
        endpoint.route(rollout.traffic(1))
        (record.variants, record.pending, record.pendingShare) = (rollout.update.variants, [], 0)
        (record.status, record.isRolledBack) = (.updateRollbackFailed, false)
        record.reason =
            "\(reason), and there is no old version to bring back: the new one answers meanwhile, "
            + "`descent endpoint update \(record.name)` deploys another"
        rollouts[record.id] = nil
        try keep(record, .statusChanged(EndpointNews(record)))
    }

    /// How an alarm stands by what some variants do: the one that it is about, or all. Where that one is not among them nothing is known.
    private func state(_ alarm: AlarmRecord, _ variants: [LiveVariant], _ now: Double) throws -> AlarmRule.State {
        let metrics = variants.filter { alarm.variant == nil || $0.name == alarm.variant }.map(\.metrics)
        guard !metrics.isEmpty else { return .insufficientData }
        let rule = try alarm.rule()
        return rule.state(
            of: metrics, levels: levels(rule.metric, of: alarm), now: now,
            before: AlarmRule.State(rawValue: alarm.state) ?? .insufficientData)
    }

    /// Keeps how an alarm stands by what its endpoint does now.
    private func look(at alarm: inout AlarmRecord, _ now: Double) throws {
        guard let (id, endpoint) = live.first(where: { $0.value.name == alarm.endpoint }) else { return }
        let variants = rollouts[id]?.variants ?? endpoint.variants
        let state = try state(alarm, variants, now)
        guard state.rawValue != alarm.state else { return }
        let before = alarm.state
        alarm.enter(state.rawValue, at: now)
        try store.alarms.write(alarm)
        tell(alarm, before: before, variants, now)
    }
}

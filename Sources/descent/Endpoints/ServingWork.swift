import Clocks
import Events
import Experiments
import Hosting
import Serving

/// What the studio asks of endpoints and kept models, carried out as the commands do. It waits for the host, so that what it refuses is
/// told; on a thread of its own.
struct ServingWork {
    private let engine: Engine
    private let client: EndpointClient

    init(_ engine: Engine, _ store: RunStore) {
        self.engine = engine
        client = EndpointClient(engine.workspace, store) { () throws(HostError) in
            try HostLink(engine.workspace.path).start(
                program: Engine.absolute("/proc/self/exe"), environment: ProcessEnvironment.variables)
        }
    }

    func carryOut(_ command: ServingCommand) throws {
        switch command {
        case .create(let name, let model, let capture, let takesUnapproved):
            guard EndpointName.isValid(name) else {
                throw CommandError.usage("an endpoint cannot be called '\(name)': \(EndpointName.form)")
            }
            var generator = SystemRandomNumberGenerator()
            let record = EndpointRecord(
                id: RunID.random(using: &generator).text, name: name, variants: try variants(model, takesUnapproved),
                capturePercent: capture, createdAt: WallClock.now())
            try client.endpoints.register(record)
            try client.wakeHost()
        case .wish(.delete, let id):
            let record = try known(id)
            if HostLink(engine.workspace.path).isThere {
                try client.ask(.delete, of: record)
            } else {
                try client.endpoints.remove(id)
            }
        case .wish(let wish, let id): try client.ask(wish, of: try known(id))
        case .update(let id, let model, let plan, let takesUnapproved):
            let update = EndpointUpdate(
                variants: try variants(model, takesUnapproved), strategy: plan.strategy, step: plan.step, wait: plan.wait,
                terminationWait: plan.terminationWait, alarms: plan.alarms)
            _ = try EndpointRollout.plan(update)
            try client.ask(.update(update), of: try known(id))
        case .shadow(let id, let model, let percent, let takesUnapproved):
            guard percent > 0, percent <= 100, let shown = try variants(model, takesUnapproved).first else {
                throw CommandError.usage("a shadow is shown between 0 and 100 of a hundred requests")
            }
            let shadow = EndpointShadow(model: shown, percent: percent, startedAt: WallClock.now())
            try client.ask(.shadow(shadow), of: try known(id))
        case .register(let name, let run):
            engine.flush()
            _ = try ModelRegistration(engine.workspace).register(name, of: run, note: "")
        case .decide(let version, let approval):
            _ = try client.store.models.decide(version, approval, note: nil, at: WallClock.now())
        case .monitor(let deed, let name): try carryOut(deed, name)
        case .remove(let id):
            guard let version = try client.store.models.versions().first(where: { $0.id == id }) else { return }
            try ModelRegistration(engine.workspace).remove(version)
        }
    }

    private func carryOut(_ deed: ServingCommand.MonitorDeed, _ name: String) throws {
        let monitors = client.store.monitors
        switch deed {
        case .setUp:
            engine.flush()
            for outcome in try MonitorSetup(client).carryOut(name).outcomes {
                engine.bus.post(.notice(.messageLogged(outcome.words)))
            }
        case .run:
            try monitors.lookNow(name)
            try client.wakeHost()
        case .pause, .resume:
            try monitors.rest(name, deed == .pause)
            if deed == .resume { try client.wakeHost() }
        case .delete: try monitors.remove(name, in: engine.workspace)
        case .retrain, .retrainInstead:
            try monitors.askToRetrain(name, isInstead: deed == .retrainInstead)
            try client.wakeHost()
        }
    }

    private func known(_ id: String) throws -> EndpointRecord {
        guard let record = try client.endpoints.endpoint(id: id) else { throw CommandError.failed("the endpoint is gone") }
        return record
    }

    private func variants(_ model: String, _ takesUnapproved: Bool) throws -> [EndpointVariant] {
        engine.flush()
        return try EndpointModels.variants([model], engine.workspace) { version in
            switch version.approval {
            case .approved: return
            case .rejected: throw CommandError.usage("\(version.title) was rejected: approve it first")
            case .pending:
                if !takesUnapproved { throw CommandError.usage("\(version.title) is not approved: approve it first") }
            }
        }
    }
}

import Databases
import Debugging
import Events
import Experiments

extension RunHistory {
    /// What the workspace holds of a run that its rules look at.
    init(of run: RunRecord, in store: RunStore) throws {
        try self.init(of: run, Wish(RuleSelection(of: run).entries.map(\.rule), of: run), in: store)
    }

    init(of run: RunRecord, _ wish: Wish, in store: RunStore) throws {
        self.init(
            curves: try store.metrics(of: run.id).filter(wish.wants).map { metric in
                (metric: metric, points: try store.points(run: run.id, metric: metric))
            },
            events: try store.events(of: run.id),
            tensors: wish.wantsTensors ? try store.tensors.tensors(of: run.id, from: 0) : [])
    }

}

extension EarlierRun {
    /// A run by its name, or what else tells a run.
    init(named name: String, in store: RunStore) {
        self.init(name)
        do throws(StoreError) {
            tensors = try store.tensors.tensors(of: try store.run(named: name).record.id, from: 0)
            if tensors.isEmpty { problem = "\(name) has no tensors recorded" }
        } catch { problem = error.description }
    }
}

extension RecordedRuns {
    /// What the workspace holds, for the debugger's thread.
    /// - Parameter recorder: writes down first what was posted before.
    init(_ workspace: Workspace, recorder: StoreRecorder, bus: EventBus) {
        let own = OwnStore(workspace)
        self.init { run, wish in
            recorder.flush()
            do {
                let store = try own.get()
                guard let record = try store.run(run)?.record else { return nil }
                return try RunHistory(of: record, wish, in: store)
            } catch {
                let why = "what was recorded cannot be read (\(CommandError(error).description)): changed rules look from here on"
                bus.post(.notice(.messageLogged(why)), run: run)
                return nil
            }
        } tensors: { name in
            do throws(StoreError) { return EarlierRun(named: name, in: try own.get()) } catch {
                return EarlierRun(name, problem: error.description)
            }
        }
    }
}

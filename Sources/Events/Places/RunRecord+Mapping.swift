/// Runs and facts of another workspace, by what they are called in this one.
extension RunRecord {
    /// - Parameter id: what a run's id is here.
    public func mapped(_ id: (RunID) -> RunID) -> RunRecord {
        var record = self
        record.id = id(self.id)
        if let fork { record.fork = RunFork(parent: id(fork.parent), step: fork.step, settings: fork.settings) }
        record.reproduces = reproduces.map(id)
        record.baselineOf = baselineOf.map(id)
        record.remedies = remedies.map { AlertReference(run: id($0.run), rule: $0.rule) }
        record.request = request.mapped(id)
        return record
    }
}

extension JobRequest {
    /// - Parameter id: what a run's id is here.
    public func mapped(_ id: (RunID) -> RunID) -> JobRequest {
        var request = self
        request.remedies = remedies.map { AlertReference(run: id($0.run), rule: $0.rule) }
        return request
    }
}

extension StudioEvent {
    /// - Parameters:
    ///   - id: what a run's id is here.
    ///   - record: what else becomes of a record that the event carries.
    public func mapped(_ id: (RunID) -> RunID, record: (RunRecord) -> RunRecord = { $0 }) -> StudioEvent {
        var event = self
        event.run = run.map(id)
        switch kind {
        case .run(.registered(let known)): event.kind = .run(.registered(record(known.mapped(id))))
        case .run(.reproduced(var result)):
            result.original = id(result.original)
            event.kind = .run(.reproduced(result))
        default: break
        }
        return event
    }
}

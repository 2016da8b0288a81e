/// The runs that commands are about.
extension StudioCommand {
    /// The command about the runs that others are called elsewhere.
    /// - Parameter id: what a run's id is there.
    public func mapped(_ id: (RunID) -> RunID) -> StudioCommand {
        switch self {
        case .profileDataset, .startHost, .startTuning, .resumeTuning, .controlTuning, .startAutoML, .resumeAutoML, .stopAutoML,
            .serving:
            self
        case .startJob(let request): .startJob(request.mapped(id))
        case .pauseJob(let run): .pauseJob(id(run))
        case .resumeJob(let run): .resumeJob(id(run))
        case .stopJob(let run): .stopJob(id(run))
        case .continueJob(let run, let settings): .continueJob(id(run), settings)
        case .changeHyperparameters(let run, let settings): .changeHyperparameters(id(run), settings)
        case .changeRules(let run, let edit): .changeRules(id(run), edit)
        case .saveTensors(let run, let pattern): .saveTensors(id(run), pattern: pattern)
        case .forkJob(let run, let place, let settings): .forkJob(id(run), at: place, settings: settings)
        case .reproduceRun(let run): .reproduceRun(id(run))
        case .deleteRun(let run): .deleteRun(id(run))
        case .restoreRun(let run): .restoreRun(id(run))
        case .editRun(let run, let edit): .editRun(id(run), edit)
        case .moveQueued(let run, let move): .moveQueued(id(run), move)
        case .editEntity(let entity, let edit):
            .editEntity(entity.kind == .run ? EntityReference(id(RunID(entity.id))) : entity, edit)
        }
    }

    /// The run it is about; nil for commands that are about none.
    public var run: RunID? {
        switch self {
        case .profileDataset, .startJob, .startHost, .editEntity, .startTuning, .resumeTuning, .controlTuning,
            .startAutoML, .resumeAutoML, .stopAutoML, .serving:
            nil
        case .pauseJob(let run), .resumeJob(let run), .stopJob(let run), .continueJob(let run, _),
            .changeHyperparameters(let run, _), .changeRules(let run, _), .forkJob(let run, _, _), .reproduceRun(let run),
            .deleteRun(let run), .restoreRun(let run), .editRun(let run, _), .moveQueued(let run, _), .saveTensors(let run, _):
            run
        }
    }
}

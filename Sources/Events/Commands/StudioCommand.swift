/// Something the engine is asked to do. Commands go down from the screen or the command line; what came of it comes back as
/// events. A command that cannot be carried out is answered by `commandFailed`.
public enum StudioCommand: Sendable, Hashable {
    /// Reads a data file and describes it.
    ///
    /// `reading` is what is said about reading it, by read option, from now on; nil = what was said before.
    case profileDataset(path: String, reading: [String: String]? = nil)
    case startJob(JobRequest)
    case pauseJob(RunID)
    case resumeJob(RunID)
    /// Continues a run that ended from its newest checkpoint, with other settings: a finished one with more epochs.
    case continueJob(RunID, [String: String])
    /// Stops at the next step, keeps the best model so far.
    case stopJob(RunID)
    /// Sets hyperparameters of a running job from its next step on; answered by `hyperparametersChanged`.
    case changeHyperparameters(RunID, [String: String])
    /// Changes the rules that look at a running job; answered by `rulesChanged`.
    case changeRules(RunID, RuleEdit)
    /// Has tensors of a running job saved whole at its next captured step, by a pattern of their names; what was saved lies in the run's
    /// folder (`WholeTensors`).
    case saveTensors(RunID, pattern: String)
    /// Starts a new run from a checkpoint of another one, with other hyperparameters.
    case forkJob(RunID, at: ForkPlace, settings: [String: String])
    /// Runs a run again from what was captured of it; answered, when it has ended, by `runReproduced`.
    case reproduceRun(RunID)
    /// Moves the run to the bin; its files stay until the bin is emptied.
    case deleteRun(RunID)
    case restoreRun(RunID)
    /// Changes what the user says about a run; answered by `runEdited`.
    case editRun(RunID, RunEdit)
    /// Moves a job that waits for the host in its queue.
    case moveQueued(RunID, QueueMove)
    /// Starts the workspace's host, unless one is there.
    case startHost
    /// Searches hyperparameters, under a name or one that is made; answered by `tuningStarted`.
    case startTuning(TuningRequest, name: String?)
    /// Goes on with a tuning job that was stopped or whose process is gone; answered by `tuningStarted`.
    case resumeTuning(String)
    /// Asks something of a tuning job that runs, in whatever process.
    case controlTuning(String, TuningControl)
    /// Finds the best model of a table, under a name or one that is made; answered by `autoMLStarted`.
    case startAutoML(AutoMLRequest, name: String?)
    /// Goes on with an AutoML job that was stopped or whose process is gone; answered by `autoMLStarted`.
    case resumeAutoML(String)
    /// Stops an AutoML job so that it can be resumed, in whatever process.
    case stopAutoML(String)
    /// Changes what the user says about something other than a run; answered by `entityEdited`.
    case editEntity(EntityReference, EntityEdit)
    /// Does something to an endpoint or a model that is kept; what comes of it is read from the workspace.
    case serving(ServingCommand)

    /// The run whose running job it is about; nil for other commands.
    public var job: RunID? {
        switch self {
        case .pauseJob(let run), .resumeJob(let run), .stopJob(let run), .changeHyperparameters(let run, _),
            .changeRules(let run, _):
            run
        case .profileDataset, .startJob, .continueJob, .forkJob, .reproduceRun, .deleteRun, .restoreRun, .editRun, .editEntity,
            .moveQueued, .startHost, .saveTensors, .startTuning, .resumeTuning, .controlTuning, .startAutoML,
            .resumeAutoML, .stopAutoML, .serving:
            nil
        }
    }
}

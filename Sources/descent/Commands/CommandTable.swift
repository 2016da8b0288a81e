/// Every command there is. Help, parsing and dispatch come from here; a new command is one line.
enum CommandTable {
    static let all: [CommandSpecification] = [
        StudioCommands.studio, StudioCommands.demo, AttachCommand.specification, DataCommands.profile, DataCommands.split,
        DatasetCommands.list,
        DatasetCommands.note, TrainCommand.specification,
        PredictCommand.specification, EvaluateCommand.specification, ExplainCommand.specification, BiasCommand.specification,
        RunListCommands.list, RunListCommands.search,
        RunsCommands.show, OutputCommand.specification, CurvesCommand.specification, CompareCommand.specification,
        ImportanceCommand.specification,
        RunsCommands.resume, SteerCommands.stop, SteerCommands.pause, SteerCommands.steer, ForkCommand.specification,
        RunsCommands.delete, RunsCommands.restore, RunEditCommands.rename, RunEditCommands.tag, RunEditCommands.note,
        RunEditCommands.archive, RunEditCommands.unarchive, ReproduceCommand.specification, CopyCommand.specification,
        ExportCommand.specification,
        TuneCommand.specification, TuningCommands.list, TuningCommands.show, TuningCommands.best, TuningCommands.stop,
        TuningCommands.resume, TuningImportanceCommand.specification, TuningExportCommand.specification,
        TuningSteerCommands.pause, TuningSteerCommands.set, TuningSteerCommands.add,
        AutoMLCommand.specification, AutoMLCommands.list, AutoMLCommands.show, AutoMLCommands.leaderboard, AutoMLCommands.stop,
        AutoMLCommands.resume, AutoMLInsightsCommand.specification, NotebookCommands.plan, NotebookCommands.notebook,
        AutoMLReport.specification,
        ServeCommand.serve, ServeCommand.status, ServeCommand.stop, QueueCommands.list, QueueCommands.move, QueueCommands.hold,
        QueueCommands.release, QueueCommands.cancel,
        DebugCommands.rules, DebugCommands.report, DebugCommands.fix, DebugTensorsCommand.specification,
        DebugProfileCommand.specification,
        ActionCommands.list, ActionCommands.test, ActionCommands.show, ActionCommands.events,
        WatchCommand.specification, ReportCommand.specification, FrameCommand.specification,
        DoctorCommand.specification, CompletionCommand.specification { all },
    ]
}
